/// Decimal numbers; no hexadecimal, no `nan`, no `inf`.
enum NumberText {
    static func parse(_ text: String) throws(FormProblem) -> Double {
        let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        guard isDecimal, let number = Double(text), number.isFinite else {
            throw FormProblem(hint: "write a decimal number, such as `5` or `-0.25`")
        }
        return number
    }

    /// A number as one would write it: whole numbers without a point.
    static func render(_ number: Double) -> String {
        Int64(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

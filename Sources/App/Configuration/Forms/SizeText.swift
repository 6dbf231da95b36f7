/// Sizes as people write them: `500`, `64MiB`, `1GB`.
enum SizeText {
    static let units: [(name: String, bytes: Int)] = [
        ("B", 1), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    private static let hint = "write a whole number of bytes, or one with a unit, such as `64MiB` or `1GB`"

    static func parse(_ text: String) throws(FormProblem) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = String(text.dropFirst(digits.count))
        guard let number = Int(digits) else { throw FormProblem(hint: hint) }
        guard !unit.isEmpty else { return number }
        guard let factor = units.first(where: { $0.name == unit })?.bytes else { throw unknown(unit, digits) }
        let (bytes, isTooGreat) = number.multipliedReportingOverflow(by: factor)
        guard !isTooGreat else { throw FormProblem("it is too great", hint: hint) }
        return bytes
    }

    private static func unknown(_ unit: String, _ digits: Substring) -> FormProblem {
        guard unit.first != ".", unit.first != "," else {
            return FormProblem("only whole numbers are taken", hint: wholeHint("\(digits)\(unit)"))
        }
        guard let prefix = unit.first?.uppercased(), ["K", "M", "G", "T"].contains(prefix) else {
            return FormProblem("the unit `\(unit)` is unknown", hint: hint)
        }
        let binary = "`\(digits)\(prefix)iB` for powers of 1024"
        return FormProblem(
            "the unit `\(unit)` is unknown", hint: "write \(binary), or `\(digits)\(prefix)B` for powers of 1000")
    }

    /// How to write a size with a fraction in whole numbers, where that can be done.
    private static func wholeHint(_ text: String) -> String {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        let point = String(number.map { $0 == "," ? "." : $0 })
        guard let factor = units.first(where: { $0.name == unit })?.bytes, let value = Double(point),
            let bytes = Int(exactly: (value * Double(factor)).rounded(.up)), bytes > 0
        else { return hint }
        return "write `\(render(bytes, binary: unit.contains("i")))` for `\(text)`"
    }

    /// As `render(_:)`, in powers of 1024 or of 1000 only.
    private static func render(_ bytes: Int, binary: Bool) -> String {
        let fitting = units.filter { $0.name.contains("i") == binary && $0.bytes > 1 && bytes % $0.bytes == 0 }
        return fitting.filter { $0.name != "KB" }.max { $0.bytes < $1.bytes }
            .map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)"
    }

    /// The shortest text that `parse` reads as the same size.
    static func render(_ bytes: Int) -> String {
        let fitting = units.filter { $0.bytes > 1 && bytes >= $0.bytes && bytes % $0.bytes == 0 && $0.name != "KB" }
        return fitting.max { $0.bytes < $1.bytes }.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)"
    }
}

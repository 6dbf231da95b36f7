/// What is wrong with a text before its grammar matters: size, encoding, control characters.
struct TextCheck {
    let bytes: [UInt8]
    let file: String

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    var withoutByteOrderMark: [UInt8] {
        bytes.starts(with: Self.byteOrderMark) ? Array(bytes.dropFirst(Self.byteOrderMark.count)) : bytes
    }

    func run(limits: YAMLLimits) throws(YAMLProblem) {
        guard bytes.count <= limits.size else {
            throw YAMLProblem(
                location: TextLocation(file: file), message: "the file has more than \(limits.size) bytes",
                hint: "split it into several smaller files")
        }
        try checkEncoding()
    }

    private func checkEncoding() throws(YAMLProblem) {
        var decoder = UTF8()
        var iterator = withoutByteOrderMark.makeIterator()
        var location = TextLocation(file: file, line: 1, column: 1)
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return
            case .error:
                throw YAMLProblem(
                    location: location, message: "the text is not UTF-8 here", hint: "save the file as UTF-8")
            case .scalarValue("\n"):
                location.line += 1
                location.column = 1
            case .scalarValue(let scalar):
                try check(scalar, at: location)
                location.column += 1
            }
        }
    }

    private func check(_ scalar: Unicode.Scalar, at location: TextLocation) throws(YAMLProblem) {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        guard isControl, !["\t", "\r", "\u{85}"].contains(scalar) else { return }
        throw YAMLProblem(
            location: location, message: "the control character U+\(hexadecimal(scalar)) is not allowed",
            hint: "remove it, or write it as \"\\x\(hexadecimal(scalar).suffix(2))\" in double quotes")
    }

    private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The character at a location of the text without its byte order mark; nil at the end of a line.
    static func character(in bytes: [UInt8], at location: TextLocation) -> Unicode.Scalar? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.indices.contains(location.line - 1) else { return nil }
        return String(decoding: lines[location.line - 1], as: UTF8.self).unicodeScalars.dropFirst(location.column - 1)
            .first
    }
}

import QueryModel

/// Finds in a regular expression what PCRE2 accepts and RE2 does not, so that both agree on what is one.
struct RegularExpressionSyntax {
    private let text: [UInt8]
    private var offset = 0

    /// What is wrong with an expression; nil when nothing is, as far as RE2 and PCRE2 differ.
    static func problem(in expression: ByteString) -> String? {
        guard expression.isValidUTF8 else { return "invalid UTF-8: \(quoted(expression))" }
        var reader = RegularExpressionSyntax(text: expression.bytes)
        return reader.problem().map { "\($0): `\(expression.string)`" }
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func problem() -> String? {
        var isAfterQuantifier = false
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\\"):
                if let problem = escape() { return problem }
                isAfterQuantifier = false
            case UInt8(ascii: "["):
                skipClass()
                isAfterQuantifier = false
            case UInt8(ascii: "("):
                if let problem = group() { return problem }
                isAfterQuantifier = false
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
                if isAfterQuantifier { return "invalid nested repetition operator" }
                isAfterQuantifier = true
                skipLaziness()
            case UInt8(ascii: "{") where isQuantifier():
                if isAfterQuantifier { return "invalid nested repetition operator" }
                while text[offset] != UInt8(ascii: "}") { offset += 1 }
                offset += 1
                isAfterQuantifier = true
                skipLaziness()
            default: isAfterQuantifier = false
            }
        }
        return nil
    }

    private mutating func skipLaziness() {
        if offset < text.count, text[offset] == UInt8(ascii: "?") { offset += 1 }
    }

    /// Whether `{` at the byte before is followed by `n}`, `n,}` or `n,m}`.
    private func isQuantifier() -> Bool {
        guard let close = text[offset...].firstIndex(of: UInt8(ascii: "}")) else { return false }
        let inside = text[offset..<close]
        guard let first = inside.first, (48...57).contains(first) else { return false }
        return inside.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ",") }
            && inside.filter { $0 == UInt8(ascii: ",") }.count <= 1
    }

    private mutating func escape() -> String? {
        guard offset < text.count else { return "trailing backslash at end of expression" }
        let byte = text[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "Q"):
            while offset < text.count, !text[offset...].starts(with: "\\E".utf8) { offset += 1 }
            offset = min(text.count, offset + 2)
            return nil
        case UInt8(ascii: "0"), UInt8(ascii: "1")...UInt8(ascii: "7"):
            // A single digit other than 0 refers to a group; octal numbers have more digits.
            let next = offset < text.count ? text[offset] : 0
            return byte == 48 || (48...55).contains(next) ? nil : "invalid escape sequence"
        default:
            let isWord = (48...57).contains(byte) || (97...122).contains(byte | 0x20)
            let known = "AzbBdDsSwWpPafnrtvx".utf8.contains(byte)
            return isWord && !known ? "invalid escape sequence" : nil
        }
    }

    private mutating func skipClass() {
        if offset < text.count, text[offset] == UInt8(ascii: "^") { offset += 1 }
        var isFirst = true
        while offset < text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: "]"), !isFirst {
                offset += 1
                return
            }
            if byte == UInt8(ascii: "["), text[offset...].starts(with: "[:".utf8) {
                while offset < text.count, text[offset] != UInt8(ascii: "]") { offset += 1 }
            }
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
            isFirst = false
        }
    }

    /// What follows `(`: nothing, flags, or a name.
    private mutating func group() -> String? {
        let rest = text[min(offset, text.count)...]
        if rest.first == UInt8(ascii: "*") { return "missing argument to repetition operator" }
        guard rest.first == UInt8(ascii: "?") else { return nil }
        let inside = rest.dropFirst()
        if inside.starts(with: "P<".utf8) { return nil }
        if inside.first == UInt8(ascii: "<") {
            let second = inside.dropFirst().first
            return second == UInt8(ascii: "=") || second == UInt8(ascii: "!")
                ? "invalid or unsupported Perl syntax" : nil
        }
        let flags = inside.prefix { "imsU-".utf8.contains($0) }
        let end = inside.dropFirst(flags.count).first
        guard end == UInt8(ascii: ":") || (end == UInt8(ascii: ")") && !flags.isEmpty) else {
            return "invalid or unsupported Perl syntax"
        }
        offset += 1 + flags.count
        return nil
    }
}

/// Reads a string literal: in double or single quotes with Go's escapes, or in backquotes as it stands.
struct StringLiteralReader {
    private let text: [UInt8]
    private(set) var offset: Int
    /// What is wrong after `read` returned nil.
    private(set) var reason = "unterminated quoted string"

    /// A reader of the literal whose quote is at `offset`.
    init(text: [UInt8], offset: Int) {
        self.text = text
        self.offset = offset
    }

    /// The content; `offset` is behind the literal then. Nil when it is wrong, and `offset` is where.
    mutating func read() -> [UInt8]? {
        let quote = text[offset]
        offset += 1
        var content: [UInt8] = []
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            if byte == quote { return content }
            if quote == UInt8(ascii: "`") {
                content.append(byte)
            } else if byte == 10 {
                reason = "unterminated quoted string"
                return nil
            } else if byte == UInt8(ascii: "\\") {
                guard escape(quote, into: &content) else { return nil }
            } else {
                content.append(byte)
            }
        }
        if quote == UInt8(ascii: "`") { reason = "unterminated raw string" }
        return nil
    }

    private mutating func escape(_ quote: UInt8, into content: inout [UInt8]) -> Bool {
        guard offset < text.count else {
            reason = "escape sequence not terminated"
            return false
        }
        let byte = text[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "a"): content.append(7)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "n"): content.append(10)
        case UInt8(ascii: "r"): content.append(13)
        case UInt8(ascii: "t"): content.append(9)
        case UInt8(ascii: "v"): content.append(11)
        case UInt8(ascii: "\\"), quote: content.append(byte)
        case UInt8(ascii: "x"):
            guard let value = digits(2, radix: 16) else { return false }
            content.append(UInt8(value))
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            offset -= 1
            guard let value = digits(3, radix: 8) else { return false }
            guard value < 256 else {
                reason = "octal escape value > 255"
                return false
            }
            content.append(UInt8(value))
        case UInt8(ascii: "u"): return character(4, into: &content)
        case UInt8(ascii: "U"): return character(8, into: &content)
        default:
            reason = "unknown escape sequence '\\\(Character(Unicode.Scalar(byte)))'"
            return false
        }
        return true
    }

    private mutating func character(_ count: Int, into content: inout [UInt8]) -> Bool {
        guard let value = digits(count, radix: 16) else { return false }
        guard let scalar = Unicode.Scalar(value) else {
            reason = "escape sequence is an invalid Unicode code point"
            return false
        }
        content += Array(String(Character(scalar)).utf8)
        return true
    }

    private mutating func digits(_ count: Int, radix: UInt32) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard offset < text.count, let digit = Character(Unicode.Scalar(text[offset])).hexDigitValue,
                digit < Int(radix)
            else {
                reason = "illegal character in escape sequence"
                return nil
            }
            // Eight hexadecimal digits fill the 32 bits and no more.
            value = value &* radix &+ UInt32(digit)
            offset += 1
        }
        return value
    }
}

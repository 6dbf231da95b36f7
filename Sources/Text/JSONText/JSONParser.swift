extension JSONValue {
    /// Arrays and objects within each other beyond this are refused, so that hostile text cannot exhaust the stack.
    public static let maximumDepth = 64

    /// Reads exactly one value, strictly by RFC 8259: UTF-8, no comments, no trailing commas, nothing behind it.
    public init(parsing bytes: [UInt8]) throws(JSONTextError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }

    /// As `init(parsing:)` for bytes.
    public init(parsing text: String) throws(JSONTextError) { try self.init(parsing: Array(text.utf8)) }
}

private struct JSONParser {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONTextError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure("the end") }
        return value
    }

    private func failure(_ expected: String) -> JSONTextError { JSONTextError(offset: offset, expected: expected) }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONTextError) -> JSONValue {
        guard depth <= JSONValue.maximumDepth else { throw failure("no more than \(JSONValue.maximumDepth) levels") }
        skipSpace()
        guard let byte = next else { throw failure("a value") }
        switch Character(Unicode.Scalar(byte)) {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        case "-", "0"..."9": return try number()
        default: throw failure("a value")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONTextError) -> JSONValue {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("`\(word)`") }
        offset += word.utf8.count
        return value
    }

    private mutating func array(depth: Int) throws(JSONTextError) -> JSONValue {
        offset += 1
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw failure("`,` or `]`") }
        }
    }

    private mutating func object(depth: Int) throws(JSONTextError) -> JSONValue {
        offset += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name in quotes") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("`:`") }
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("`,` or `}`") }
        }
    }

    private mutating func number() throws(JSONTextError) -> JSONValue {
        let start = offset
        var isWhole = true
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else {
            offset = start
            throw failure("a number that a 64-bit float can hold")
        }
        return .number(number)
    }

    private mutating func digits() throws(JSONTextError) {
        let start = offset
        while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
        if offset == start { throw failure("a digit") }
    }

    private mutating func string() throws(JSONTextError) -> String {
        offset += 1
        var text = ""
        while true {
            let start = offset
            while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { offset += 1 }
            guard let run = String(validating: bytes[start..<offset], as: UTF8.self) else {
                offset = start
                throw failure("UTF-8")
            }
            text += run
            if take("\"") { return text }
            guard take("\\") else { throw failure("the closing quote, or a control character as an escape") }
            text.unicodeScalars.append(try escape())
        }
    }

    private mutating func escape() throws(JSONTextError) -> Unicode.Scalar {
        guard let byte = next else { throw failure("an escape") }
        offset += 1
        switch Character(Unicode.Scalar(byte)) {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicode()
        default:
            offset -= 1
            throw failure("one of the escapes \" \\ / b f n r t u")
        }
    }

    /// Behind `\u`: one unit, or a pair of surrogates.
    private mutating func unicode() throws(JSONTextError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), take("\\"), take("u") else { throw failure("a pair of surrogates") }
        let second = try unit()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("a pair of surrogates") }
        return scalar
    }

    private mutating func unit() throws(JSONTextError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}

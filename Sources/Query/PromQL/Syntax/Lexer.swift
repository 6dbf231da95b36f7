import QueryModel

/// Cuts the text of an expression into tokens. Words mean something else inside of braces, and colons inside of brackets.
struct Lexer {
    let text: [UInt8]
    private(set) var offset = 0
    private var isInBraces = false
    private var bracketDepth = 0
    private var parenthesisDepth = 0
    private var start = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The tokens of a text; the last one is `.end`, or the text is wrong behind it.
    static func tokens(of text: [UInt8]) -> (tokens: [Token], problem: ParseError?) {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        do throws(ParseError) {
            while true {
                let token = try lexer.next()
                tokens.append(token)
                if token.kind == .end { return (tokens, nil) }
            }
        } catch { return (tokens, error) }
    }

    mutating func next() throws(ParseError) -> Token {
        skipSpaceAndComments()
        start = offset
        guard let byte = peek() else { return try end() }
        if isInBraces { return try nextInBraces(byte) }
        switch byte {
        case UInt8(ascii: "("):
            parenthesisDepth += 1
            return token(.leftParenthesis, length: 1)
        case UInt8(ascii: ")"):
            parenthesisDepth -= 1
            guard parenthesisDepth >= 0 else { throw problem("unexpected right parenthesis ')'", length: 1) }
            return token(.rightParenthesis, length: 1)
        case UInt8(ascii: "{"):
            isInBraces = true
            return token(.leftBrace, length: 1)
        case UInt8(ascii: "["):
            bracketDepth += 1
            return token(.leftBracket, length: 1)
        case UInt8(ascii: "]"):
            bracketDepth -= 1
            guard bracketDepth >= 0 else { throw problem("unexpected right bracket ']'", length: 1) }
            return token(.rightBracket, length: 1)
        case UInt8(ascii: ":") where bracketDepth > 0: return token(.colon, length: 1)
        case UInt8(ascii: ","): return token(.comma, length: 1)
        case UInt8(ascii: "@"): return token(.at, length: 1)
        default: break
        }
        if let operation = operation(at: byte) {
            return token(.binary(operation), length: operation.rawValue.utf8.count)
        }
        if isQuote(byte) { return try string(byte) }
        if isDigit(byte) || (byte == UInt8(ascii: ".") && peek(1).map(isDigit) == true) { return try number() }
        if isLetter(byte) || byte == UInt8(ascii: ":") { return word() }
        throw unexpectedCharacter()
    }

    private mutating func nextInBraces(_ byte: UInt8) throws(ParseError) -> Token {
        let second = peek(1)
        switch (byte, second) {
        case (UInt8(ascii: "}"), _):
            isInBraces = false
            return token(.rightBrace, length: 1)
        case (UInt8(ascii: ","), _): return token(.comma, length: 1)
        case (UInt8(ascii: "="), UInt8(ascii: "~")): return token(.matches, length: 2)
        case (UInt8(ascii: "="), _): return token(.assign, length: 1)
        case (UInt8(ascii: "!"), UInt8(ascii: "=")): return token(.binary(.notEqual), length: 2)
        case (UInt8(ascii: "!"), UInt8(ascii: "~")): return token(.matchesNot, length: 2)
        case (UInt8(ascii: "!"), _): throw problem("unexpected character after '!' inside braces", length: 1)
        case (UInt8(ascii: "{"), _): throw problem("unexpected left brace '{'", length: 1)
        default: break
        }
        if isQuote(byte) { return try string(byte) }
        guard isLetter(byte) else { throw unexpectedCharacter(" inside braces") }
        while let next = peek(), isLetter(next) || isDigit(next) { offset += 1 }
        return token(.identifier, length: 0)
    }

    private func end() throws(ParseError) -> Token {
        if isInBraces { throw problem("unexpected end of input inside braces", length: 0) }
        if parenthesisDepth > 0 { throw problem("unclosed left parenthesis", length: 0) }
        if bracketDepth > 0 { throw problem("unclosed left bracket", length: 0) }
        return Token(kind: .end, range: SourceRange(offset, offset), text: .empty)
    }

    private mutating func skipSpaceAndComments() {
        while let byte = peek() {
            if byte == UInt8(ascii: "#") {
                while let next = peek(), next != 10, next != 13 { offset += 1 }
            } else if byte == 32 || (9...10).contains(byte) || byte == 13 {
                offset += 1
            } else {
                return
            }
        }
    }

    // MARK: - Words, operators, strings

    private mutating func word() -> Token {
        while let next = peek(), isLetter(next) || isDigit(next) || next == UInt8(ascii: ":") {
            // In a subquery the colon ends the word, as in `[step:]`.
            if next == UInt8(ascii: ":"), bracketDepth > 0 { break }
            offset += 1
        }
        let text = ByteString(text[start..<offset])
        let isForMetricOnly = text.bytes.contains(UInt8(ascii: ":"))
        let kind = Token.Kind.word(text) ?? (isForMetricOnly ? .metricIdentifier : .identifier)
        var result = token(kind, length: 0)
        if kind == .number { result.number = text.bytes[0] | 0x20 == UInt8(ascii: "i") ? .infinity : SampleValue.nan }
        return result
    }

    private func operation(at byte: UInt8) -> BinaryOperator? {
        let second = peek(1)
        let isFollowedByEqual = second == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "+"): return .add
        case UInt8(ascii: "-"): return .subtract
        case UInt8(ascii: "*"): return .multiply
        case UInt8(ascii: "/"): return .divide
        case UInt8(ascii: "%"): return .modulo
        case UInt8(ascii: "^"): return .power
        case UInt8(ascii: "="): return isFollowedByEqual ? .equal : nil
        case UInt8(ascii: "!"): return isFollowedByEqual ? .notEqual : nil
        case UInt8(ascii: ">"): return isFollowedByEqual ? .greaterOrEqual : .greater
        case UInt8(ascii: "<"): return isFollowedByEqual ? .lessOrEqual : .less
        default: return nil
        }
    }

    private mutating func string(_ quote: UInt8) throws(ParseError) -> Token {
        var reader = StringLiteralReader(text: text, offset: offset)
        guard let content = reader.read() else {
            throw ParseError(
                reader.reason, at: SourceRange(start, max(start, reader.offset)), in: text)
        }
        offset = reader.offset
        var result = token(.string, length: 0)
        result.string = ByteString(content)
        return result
    }

    private mutating func number() throws(ParseError) -> Token {
        let isHexadecimal = peek() == UInt8(ascii: "0") && peek(1).map { $0 | 0x20 } == UInt8(ascii: "x")
        while let next = peek() {
            let isSign = next == UInt8(ascii: "+") || next == UInt8(ascii: "-")
            let isInExponent = isSign && !isHexadecimal && text[offset - 1] | 0x20 == UInt8(ascii: "e")
            guard isLetter(next) || isDigit(next) || next == UInt8(ascii: ".") || isInExponent else { break }
            offset += 1
        }
        let bytes = text[start..<offset]
        if let value = NumberText.value(bytes) {
            var result = token(.number, length: 0)
            result.number = value
            return result
        }
        guard bytes.count > 1, let milliseconds = DurationText.milliseconds(bytes) else {
            throw problem("bad number or duration syntax: \(quoted(ByteString(bytes)))", length: 0)
        }
        var result = token(.duration, length: 0)
        result.number = Double(milliseconds) / 1000
        return result
    }

    // MARK: - Small things

    private func peek(_ distance: Int = 0) -> UInt8? {
        offset + distance < text.count ? text[offset + distance] : nil
    }

    private mutating func token(_ kind: Token.Kind, length: Int) -> Token {
        offset += length
        return Token(kind: kind, range: SourceRange(start, offset), text: ByteString(text[start..<offset]))
    }

    private func problem(_ reason: String, length: Int) -> ParseError {
        ParseError(reason, at: SourceRange(start, min(text.count, offset + length)), in: text)
    }

    private func unexpectedCharacter(_ place: String = "") -> ParseError {
        let scalar = firstScalar(of: text[offset...])?.scalar ?? "\u{FFFD}"
        return problem("unexpected character\(place): '\(scalar)'", length: 1)
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "_")
    }
    private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }
}

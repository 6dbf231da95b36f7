/// Backslashes outside of classes, and the characters that they can stand for in both places.
extension ExpressionReader {
    /// Reads a backslash and what belongs to it. `\Q` and `\E` have been dealt with before.
    mutating func readEscape() throws(NotUnderstood) -> ExpressionShape {
        guard skip("\\"), let byte = peek() else { throw NotUnderstood() }
        if let character = try readEscapedCharacter() { return text(character) }
        position += 1
        switch byte {
        case _ where "bBAZzGK".utf8.contains(byte): return .zeroWidth
        case _ where "dDhHsSvVwWNRX".utf8.contains(byte): return .unknown
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            // \pL or \p{…}
            if peek() == UInt8(ascii: "{") { try skip(through: UInt8(ascii: "}")) } else { position += 1 }
            return .unknown
        case UInt8(ascii: "g"), UInt8(ascii: "k"): return try readReferenceEscape()
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            // With a second digit it depends on the number of groups whether this is octal.
            if let next = peek(), isDigit(next) { throw NotUnderstood() }
            return .unknown
        default: throw NotUnderstood()
        }
    }

    /// Behind `\g` or `\k`.
    private mutating func readReferenceEscape() throws(NotUnderstood) -> ExpressionShape {
        if skip("{") {
            try skip(through: UInt8(ascii: "}"))
        } else if skip("<") {
            try skip(through: UInt8(ascii: ">"))
        } else if skip("'") {
            try skip(through: UInt8(ascii: "'"))
        } else {
            if !skip("+") { _ = skip("-") }
            guard try readNumber() != nil else { throw NotUnderstood() }
        }
        return .unknown
    }

    /// The character that is written behind a backslash, in classes too; nil, with nothing read, when it is not a character.
    mutating func readEscapedCharacter() throws(NotUnderstood) -> UInt8? {
        guard let byte = peek() else { throw NotUnderstood() }
        guard isLetter(byte) || isDigit(byte) else {
            position += 1
            return byte
        }
        let start = position
        position += 1
        switch byte {
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "e"): return 0x1B
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "0"): return try readDigits(base: 8, atMost: 2)
        case UInt8(ascii: "o"):
            guard skip("{") else { throw NotUnderstood() }
            return try readBracedDigits(base: 8)
        case UInt8(ascii: "x"):
            if skip("{") { return try readBracedDigits(base: 16) }
            return try readDigits(base: 16, atMost: 2)
        case UInt8(ascii: "c"):
            guard let control = peek(), 0x20...0x7E ~= control else { throw NotUnderstood() }
            position += 1
            return (isLetter(control) ? control & 0xDF : control) ^ 0x40
        default:
            position = start
            return nil
        }
    }

    /// Digits and the brace behind them.
    private mutating func readBracedDigits(base: Int) throws(NotUnderstood) -> UInt8 {
        let start = position
        let value = try readDigits(base: base, atMost: 8)
        guard position > start, skip("}") else { throw NotUnderstood() }
        return value
    }

    /// The value of the digits that come next; none are zero.
    private mutating func readDigits(base: Int, atMost count: Int) throws(NotUnderstood) -> UInt8 {
        var value = 0
        for _ in 0..<count {
            guard let byte = peek(), let digit = digit(byte), digit < base else { break }
            value = value * base + digit
            guard value <= 0xFF else { throw NotUnderstood() }
            position += 1
        }
        return UInt8(value)
    }

    private func digit(_ byte: UInt8) -> Int? {
        if isDigit(byte) { return Int(byte - UInt8(ascii: "0")) }
        let letter = byte | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "f") ~= letter ? Int(letter - UInt8(ascii: "a")) + 10 : nil
    }
}

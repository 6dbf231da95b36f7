import QueryModel

/// Values of samples: decimal numbers with sign, point and exponent, `NaN`, and infinities.
enum DecimalText {
    /// Powers of ten that a double holds exactly.
    private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

    /// Nil when the text is no number.
    static func value(_ text: ArraySlice<UInt8>) -> Double? {
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        var isExact = true
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        let isSigned = isNegative || rest.first == UInt8(ascii: "+")
        if isSigned { rest.removeFirst() }
        var hasPoint = false
        for byte in rest {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if byte >= 48, byte <= 57 {
                mantissa = mantissa &* 10 &+ UInt64(byte - 48)
                digits += 1
                if hasPoint { fraction += 1 }
            } else {
                isExact = false
                break
            }
        }
        // Both are exact, so their quotient is rounded once.
        if isExact, digits > 0, digits <= 18, fraction <= 22, mantissa < 1 << 53 {
            let value = Double(mantissa) / powers[fraction]
            return isNegative ? -value : value
        }
        guard let value = slowValue(rest), !(isSigned && value.isNaN) else { return nil }
        return isNegative ? -value : value
    }

    private static func slowValue(_ text: ArraySlice<UInt8>) -> Double? {
        let word = String(decoding: text, as: UTF8.self)
        guard let first = text.first, first == UInt8(ascii: ".") || (48...57).contains(first) else {
            switch word.lowercased() {
            case "nan": return SampleValue.nan
            case "inf", "infinity": return .infinity
            default: return nil
            }
        }
        // Swift reads more than these, such as hexadecimal numbers.
        guard text.allSatisfy({ (48...57).contains($0) || "eE+-.".utf8.contains($0) }) else { return nil }
        return Double(word)
    }
}

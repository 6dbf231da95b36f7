extension NumberText {
    /// The shortest decimal digits that mean `value`, and where the point stands before, in or behind them.
    private static func digits(_ value: Double) -> (digits: [UInt8], point: Int) {
        // Swift writes the shortest text that reads back as the same value: "5.0", "1e-07", "1.5e+20".
        let text = Array("\(value.magnitude)".utf8)
        let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
        var exponent = 0
        if mantissa.count < text.count {
            exponent = Int(String(decoding: text[(mantissa.count + 1)...], as: UTF8.self)) ?? 0
        }
        let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
        var digits = whole + mantissa.dropFirst(whole.count + 1)
        var point = whole.count + exponent
        while digits.first == 48, digits.count > 1 {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == 48, digits.count > 1 { digits.removeLast() }
        return (Array(digits), digits.elementsEqual([48]) ? 1 : point)
    }

    private static func special(_ value: Double) -> String? {
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : nil
    }

    /// Without exponent, as Go's `FormatFloat(value, 'f', -1, 64)`.
    public static func plain(_ value: Double) -> String {
        if let special = special(value) { return special }
        let (digits, point) = digits(value)
        var text = value.sign == .minus ? "-" : ""
        if point <= 0 {
            text += "0." + String(repeating: "0", count: -point) + String(decoding: digits, as: UTF8.self)
        } else if point >= digits.count {
            text += String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: point - digits.count)
        } else {
            text += String(decoding: digits[..<point], as: UTF8.self) + "."
            text += String(decoding: digits[point...], as: UTF8.self)
        }
        return text
    }

    /// With an exponent where it is below -4 or above 5, as Go's `%g`.
    static func general(_ value: Double) -> String {
        if let special = special(value) { return special }
        let (digits, point) = digits(value)
        let exponent = point - 1
        guard exponent < -4 || exponent >= 6 else { return plain(value) }
        var text = value.sign == .minus ? "-" : ""
        text += String(decoding: digits[..<1], as: UTF8.self)
        if digits.count > 1 { text += "." + String(decoding: digits[1...], as: UTF8.self) }
        let magnitude = abs(exponent)
        return text + (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + "\(magnitude)"
    }

    /// As OpenMetrics writes it: whole numbers with a point, as in `1.0`.
    static func openMetrics(_ value: Double) -> String {
        let text = general(value)
        guard value.isFinite, !text.utf8.contains(UInt8(ascii: ".")), !text.utf8.contains(UInt8(ascii: "e")) else {
            return text
        }
        return text + ".0"
    }
}

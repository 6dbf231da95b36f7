import QueryModel

/// Numbers as Prometheus reads and writes them.
public enum NumberText {
    /// The value of a number without sign: decimal, hexadecimal (`0x1F`), or octal as in Go (`017`); underscores stand
    /// between digits. Nil when the text is no number.
    static func value(_ text: some Collection<UInt8>) -> Double? {
        guard let plain = withoutUnderscores(Array(text)) else { return nil }
        if plain.count > 1, plain[0] == UInt8(ascii: "0") {
            let second = plain[1] | 0x20
            if second == UInt8(ascii: "x") { return integer(plain.dropFirst(2), radix: 16) }
            if plain.allSatisfy({ (48...55).contains($0) }) { return integer(plain[...], radix: 8) }
        }
        return decimal(plain)
    }

    /// Digits with a point and an exponent, no sign.
    private static func decimal(_ text: [UInt8]) -> Double? {
        guard let first = text.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            text.allSatisfy({ (48...57).contains($0) || "eE+-.".utf8.contains($0) })
        else { return nil }
        // Swift demands a digit before the point and behind it.
        var digits = text
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            let isDigit = { (index: Int) in digits.indices.contains(index) && (48...57).contains(digits[index]) }
            guard isDigit(point - 1) || isDigit(point + 1) else { return nil }
            if !isDigit(point + 1) { digits.insert(48, at: point + 1) }
            if !isDigit(point - 1) { digits.insert(48, at: point) }
        }
        return Double(String(decoding: digits, as: UTF8.self))
    }

    /// The value of a number as Go's `strconv.ParseFloat` reads it: with sign, infinities and NaN in any case.
    public static func signedValue(_ text: some Collection<UInt8>) -> Double? {
        guard let first = text.first else { return nil }
        let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        let rest = isSigned ? text.dropFirst() : text[...]
        let magnitude: Double
        switch String(decoding: rest, as: UTF8.self).lowercased() {
        case "inf", "infinity": magnitude = .infinity
        case "nan" where !isSigned: return SampleValue.nan
        default:
            // A leading zero makes no octal number here.
            guard let value = decimal(Array(rest)) else { return nil }
            magnitude = value
        }
        return first == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    private static func integer(_ digits: ArraySlice<UInt8>, radix: Int) -> Double? {
        Int64(String(decoding: digits, as: UTF8.self), radix: radix).map(Double.init)
    }

    /// Nil where an underscore does not stand between two digits (the `x` of a prefix counts as one).
    private static func withoutUnderscores(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(UInt8(ascii: "_")) else { return text }
        let isHexadecimal = text.count > 1 && text[1] | 0x20 == UInt8(ascii: "x")
        func isDigit(_ index: Int) -> Bool {
            guard text.indices.contains(index) else { return false }
            let byte = text[index]
            return (48...57).contains(byte) || (isHexadecimal && (index == 1 || (97...102).contains(byte | 0x20)))
        }
        for index in text.indices where text[index] == UInt8(ascii: "_") {
            guard isDigit(index - 1), isDigit(index + 1) else { return nil }
        }
        return text.filter { $0 != UInt8(ascii: "_") }
    }
}

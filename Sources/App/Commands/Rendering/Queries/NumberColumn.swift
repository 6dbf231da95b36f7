/// Numbers below each other with their points in one column.
struct NumberColumn {
    private let parts: [(whole: String, fraction: String)]
    private let wholeWidth: Int
    private let fractionWidth: Int

    /// `texts` are numbers as the API writes them; `isShort`: with six digits that matter, or all of the whole part.
    init(_ texts: [String], isShort: Bool) {
        let shown = isShort ? texts.map(Self.shortened) : texts
        parts = shown.map { text in
            let whole = text.prefix { $0 != "." }
            return (String(whole), String(text.dropFirst(whole.count)))
        }
        wholeWidth = parts.map(\.whole.count).max() ?? 0
        fractionWidth = parts.map(\.fraction.count).max() ?? 0
    }

    var width: Int { wholeWidth + fractionWidth }

    /// One number, padded to the width of the column.
    func cell(_ index: Int) -> String {
        let (whole, fraction) = parts[index]
        return String(repeating: " ", count: wholeWidth - whole.count) + whole + fraction
            + String(repeating: " ", count: fractionWidth - fraction.count)
    }

    /// A number with six significant digits; digits before the point are never cut.
    static func shortened(_ text: String) -> String {
        guard text.contains("."), !text.contains("e"), let value = Double(text) else { return text }
        let whole = text.drop { $0 == "-" }.prefix { $0 != "." }
        var digits = 6 - whole.count
        if whole == "0" {
            let zeros = text.drop { $0 != "." }.dropFirst().prefix { $0 == "0" }
            digits = 6 + zeros.count
        }
        digits = max(digits, 3)
        return Decimals.text(value, digits: digits)
    }
}

/// Numbers with a given number of digits behind the point.
enum Decimals {
    /// Zeros at the end are left out.
    static func text(_ value: Double, digits: Int) -> String {
        var text = fixed(value, digits: digits)
        if text.contains(".") {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }

    /// All digits are there.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let number = String(UInt64(scaled))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if digits == 0 { return sign + number }
        let padded = String(repeating: "0", count: max(0, digits + 1 - number.count)) + number
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }
}

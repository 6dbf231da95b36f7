/// Numbers for people.
enum Quantities {
    /// `812 B`, `1.2 KiB`, `34 MiB`: three digits at most from KiB on.
    static func bytes(_ count: UInt64) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var value = Double(count)
        var unit = 0
        // 1023.95 KiB would be shown as 1024 KiB.
        while value >= 1023.5, unit < units.count {
            value /= 1024
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        let text = tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(value.rounded()))"
        return "\(text) \(units[unit - 1])"
    }

    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `1,234,567`.
    static func count(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// The two greatest units: `42 s`, `3 min 5 s`, `2 h 4 min`, `12 d 3 h`.
    static func time(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "?" }
        let whole = Int(max(0, seconds))
        if whole < 10, seconds > 0, seconds < 9.95 {
            let tenths = Int((seconds * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        let parts = [(whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
        let start = parts.firstIndex { $0.0 > 0 } ?? 3
        return parts[start...].prefix(2).filter { $0.0 > 0 || parts[start].0 == 0 }.map { "\($0.0) \($0.1)" }
            .joined(separator: " ")
    }

    /// A value of a metric, whole numbers without a point.
    static func value(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        if number.isNaN { return "NaN" }
        return number.isInfinite ? (number < 0 ? "-Inf" : "+Inf") : "\(number)"
    }
}

extension String {
    /// The lines of a text of several, such as the findings of a library, parted by semicolons; the text itself when it is one.
    var onOneLine: String {
        guard contains(where: \.isNewline) else { return self }
        let lines = split(whereSeparator: \.isNewline).map { line -> String in
            var rest = line.drop { $0.isWhitespace }
            while rest.last?.isWhitespace == true { rest.removeLast() }
            return String(rest)
        }
        return lines.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// The text as it can be shown on one line of a terminal: control characters are written as escapes.
    var printable: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
            return self
        }
        return unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
    }
}

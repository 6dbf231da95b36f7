/// Durations as Prometheus writes them: `1h30m`, `5m`, `0s`, `10s53ms` (common/model/time.go).
public enum DurationText {
    private static let units: [(name: String, milliseconds: Int64, isOnlyForMultiples: Bool)] = [
        ("y", 365 * 86_400_000, true), ("w", 7 * 86_400_000, true), ("d", 86_400_000, false), ("h", 3_600_000, false),
        ("m", 60_000, false), ("s", 1000, false), ("ms", 1, false),
    ]

    /// The milliseconds of a duration without sign; nil when the text is none. Units come in descending order, none twice.
    public static func milliseconds(_ text: some Sequence<UInt8>) -> Int64? {
        var bytes = Array(text)[...]
        if bytes.elementsEqual([UInt8(ascii: "0")]) { return 0 }
        guard !bytes.isEmpty else { return nil }
        var total: Int64 = 0
        var unit = units[...]
        while !bytes.isEmpty {
            let digits = bytes.prefix { (48...57).contains($0) }
            let name = bytes.dropFirst(digits.count).prefix { !(48...57).contains($0) }
            guard let count = Int64(String(decoding: digits, as: UTF8.self)),
                let found = unit.firstIndex(where: { Array($0.name.utf8) == Array(name) })
            else { return nil }
            let (part, overflowed) = count.multipliedReportingOverflow(by: units[found].milliseconds)
            let (sum, overflowedToo) = total.addingReportingOverflow(part)
            // Go's durations count nanoseconds in 64 bits.
            guard !overflowed, !overflowedToo, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            unit = units[(found + 1)...]
            bytes = bytes.dropFirst(digits.count + name.count)
        }
        return total
    }

    /// The shortest text of a duration.
    public static func text(milliseconds: Int64) -> String {
        guard milliseconds != 0 else { return "0s" }
        guard milliseconds > 0 else { return "-" + text(milliseconds: -max(milliseconds, -.max)) }
        var rest = milliseconds
        var result = ""
        for unit in units where rest >= unit.milliseconds {
            if unit.isOnlyForMultiples, rest % unit.milliseconds != 0 { continue }
            result += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return result
    }
}

import CivilTime

/// Times as RFC 3339 has them: `2026-01-02T03:04:05.678Z`, `2026-01-02T03:04:05+01:00`.
enum InstantText {
    /// Milliseconds since 1970; nil when the text is no such time.
    static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T") || reader.take("t"), let hour = reader.digits(2),
            reader.take(":"), let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            (1...12).contains(month), (1...Calendar.days(inMonth: month, of: year)).contains(day), hour < 24,
            minute < 60,
            second < 60, let fraction = reader.fraction(), let offset = reader.zone(), reader.rest.isEmpty
        else { return nil }
        let days = Calendar.dayNumber(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Int64(seconds * 1000 + fraction)
    }

    /// The text of a time in UTC.
    static func text(milliseconds: Int64) -> String {
        let (number, rest) = Calendar.day(ofMilliseconds: milliseconds)
        let (year, month, date) = Calendar.date(ofDay: number)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let fraction = rest % 1000
        let clock = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60))"
        let digits = fraction == 0 ? "" : "." + String("00\(fraction)".suffix(3))
        return "\(String("000\(year)".suffix(4)))-\(two(month))-\(two(date))T\(clock)\(digits)Z"
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Character) -> Bool {
            guard rest.first == character.asciiValue else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            let part = rest.prefix(count)
            guard part.count == count, part.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return part.reduce(0) { $0 * 10 + Int($1 - 48) }
        }

        /// Milliseconds, cut off; 0 where there is no fraction.
        mutating func fraction() -> Int? {
            guard take(".") else { return 0 }
            let part = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(part.count)
            guard !part.isEmpty else { return nil }
            return (part + [48, 48]).prefix(3).reduce(0) { $0 * 10 + Int($1 - 48) }
        }

        /// Seconds east of Greenwich.
        mutating func zone() -> Int? {
            if take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let hours = digits(2), take(":"), let minutes = digits(2), hours < 24,
                minutes < 60
            else { return nil }
            return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
        }
    }
}

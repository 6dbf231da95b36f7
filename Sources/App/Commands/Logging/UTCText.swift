import LogModel

/// Instants as `2026-01-02T03:04:05.678Z`.
enum UTCText {
    static func text(_ time: WallTime) -> String { text(milliseconds: floorDivision(time.nanoseconds, 1_000_000).0) }

    /// Of milliseconds since 1970, all of which have a text.
    static func text(milliseconds: Int64) -> String {
        let (days, milliseconds) = floorDivision(milliseconds, 86_400_000)
        let (year, month, day) = date(daysSince1970: days)
        let clock = [
            digits(milliseconds / 3_600_000, 2), digits(milliseconds / 60_000 % 60, 2),
            digits(milliseconds / 1000 % 60, 2),
        ]
        let fraction = digits(milliseconds % 1000, 3)
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(clock.joined(separator: ":")).\(fraction)Z"
    }

    /// The proleptic Gregorian calendar, in eras of 400 years that begin on the first of March, so that the leap day is last.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let rest = value % divisor
        return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest)
    }

    private static func digits(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

import CivilTime
import LogModel

/// Instants as `2026-01-02T03:04:05.678Z`.
enum UTCText {
    static func text(_ time: WallTime) -> String { text(milliseconds: time.milliseconds) }

    /// Of milliseconds since 1970, all of which have a text.
    static func text(milliseconds: Int64) -> String {
        let (number, milliseconds) = Calendar.day(ofMilliseconds: milliseconds)
        let (year, month, day) = Calendar.date(ofDay: number)
        let clock = [
            digits(milliseconds / 3_600_000, 2), digits(milliseconds / 60_000 % 60, 2),
            digits(milliseconds / 1000 % 60, 2),
        ]
        let fraction = digits(milliseconds % 1000, 3)
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(clock.joined(separator: ":")).\(fraction)Z"
    }

    private static func digits(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

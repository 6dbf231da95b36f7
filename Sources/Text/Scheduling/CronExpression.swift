import CivilTime

/// When something is to be done, as in a line of a crontab: `5 * * * *` is five minutes past each hour.
///
///     minute         0–59              *        all                   @hourly              0 * * * *
///     hour           0–23              5,20     these                 @daily, @midnight    0 0 * * *
///     day of month   1–31              10-15    from 10 to 15         @weekly              0 0 * * 0
///     month          1–12, jan–dec     */15     0, 15, 30, 45         @monthly             0 0 1 * *
///     day of week    0–7, sun–sat      1-31/7   1, 8, 15, 22, 29      @yearly, @annually   0 0 1 1 *
///
/// Names are in capitals or not, and 0 and 7 are Sunday. Where both the day of the month and that of the week are restricted,
/// either is enough; a field that begins with `*` restricts nothing in this sense, so that `*/2` and another field must both
/// hold. All of this is as in Vixie's cron, of which Debian's is one.
public struct CronExpression: Hashable, Sendable {
    /// The expression as it was written.
    public let text: String
    /// A bit for each value.
    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    /// Sunday is 0 alone.
    let weekdays: UInt64
    /// Whether the minute or the hour begins with `*`: it follows the clock on the wall wherever that is set.
    let followsClock: Bool
    /// Whether a day must be right in its month and in its week, and not only in one of them.
    let needsBothDays: Bool

    /// Reads an expression.
    public init(_ text: String) throws(CronExpressionError) {
        self.text = text
        var parser = CronParser(text)
        let fields = try parser.fields()
        minutes = fields[.minute].values
        hours = fields[.hour].values
        days = fields[.day].values
        months = fields[.month].values
        let weekdays = fields[.weekday].values
        self.weekdays = (weekdays | weekdays >> 7) & 0x7F
        followsClock = fields[.minute].beginsWithStar || fields[.hour].beginsWithStar
        needsBothDays = fields[.day].beginsWithStar || fields[.weekday].beginsWithStar
        try checkDays(fields[.day], parser)
    }

    /// Refuses 30 February and the like. Every day that exists is every day of the week in some year.
    private func checkDays(_ field: CronParser.Values, _ parser: CronParser) throws(CronExpressionError) {
        let lengths = (1...12).filter { months & 1 << UInt64($0) != 0 }.map { Calendar.days(inMonth: $0, of: 2000) }
        let longest = lengths.max() ?? 31
        guard needsBothDays, days.trailingZeroBitCount > longest else { return }
        throw parser.error(
            .never, at: field.start, "no month of these has a day \(days.trailingZeroBitCount)",
            hint: "Write a day of the month from 1 to \(longest).")
    }
}

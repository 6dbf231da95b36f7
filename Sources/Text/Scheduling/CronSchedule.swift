public import CivilTime
public import LogModel

/// When an expression is due by the clocks of a zone.
///
/// Where clocks are set forward or back by less than three hours, what is to be done at fixed times is done once: at the change
/// when its time is skipped, and the first time when its time comes twice. An expression whose minute or hour begins with `*` is
/// due whenever the clock shows one of its times, twice in an hour that comes twice. After larger changes the clock alone counts
/// for all. Vixie's cron does the same.
public struct CronSchedule: Hashable, Sendable {
    /// The times.
    public let expression: CronExpression
    /// Whose clocks they are read from.
    public let zone: TimeZoneRules

    /// A larger change of the clocks is a correction.
    static let largestSeasonalChange = 3 * 3600 - 1
    /// No clock shows a later time within what a `WallTime` can hold, with a day to spare for zones.
    private static let lastLocalSecond = 9_223_372_036 + 2 * 86_400

    /// An expression in a zone.
    public init(_ expression: CronExpression, zone: TimeZoneRules) {
        self.expression = expression
        self.zone = zone
    }

    /// The first time behind `instant` when the expression is due; nil when that is behind the year 2262, where `WallTime` ends.
    public func next(after instant: WallTime) -> WallTime? {
        var clock = CivilClock(zone)
        var second = Calendar.floorDivide(Int(instant.nanoseconds), 1_000_000_000) + 1
        while second < Self.lastLocalSecond {
            let period = clock.period(atSecond: second)
            if let due = due(from: second, in: period, &clock) { return WallTime(seconds: due, nanosecond: 0) }
            second = period.end
        }
        return nil
    }

    /// The first second from one on that is due within a period.
    private func due(from second: Int, in period: ZonePeriod, _ clock: inout CivilClock) -> Int? {
        var local = second + period.offset
        if !expression.followsClock, period.start > Int.min {
            let change = clock.period(atSecond: period.start - 1).offset - period.offset
            // What the clock would show at the change if it were not changed.
            let shownBefore = period.start + period.offset + change
            if change > 0, change <= Self.largestSeasonalChange {
                // Set back: what is shown again has been done.
                local = max(local, shownBefore)
            } else if change < 0, -change <= Self.largestSeasonalChange, second == period.start {
                // Set forward: what is never shown is done now.
                if expression.next(from: shownBefore, before: local) != nil { return second }
            }
        }
        let end = period.end < Self.lastLocalSecond ? period.end + period.offset : Self.lastLocalSecond
        return expression.next(from: local, before: end).map { $0 - period.offset }
    }
}

extension CronExpression {
    private static let minutesPerDay = 1440

    /// The first time from `start` on and before `end`, in seconds from 1970-01-01 00:00 on the same clock.
    ///
    /// It goes by days of matching months, and by hours and minutes only within one day.
    func next(from start: Int, before end: Int) -> Int? {
        let minute = Calendar.floorDivide(start + 59, 60)
        let day = Calendar.floorDivide(minute, Self.minutesPerDay)
        let next =
            if isDue(onDay: day), let minute = self.minute(from: minute - day * Self.minutesPerDay) {
                (day * Self.minutesPerDay + minute) * 60
            } else {
                firstSecond(fromDay: day + 1, before: end)
            }
        return next.flatMap { $0 < end ? $0 : nil }
    }

    private func firstSecond(fromDay first: Int, before end: Int) -> Int? {
        guard let minute = minute(from: 0) else { return nil }
        return day(from: first, before: end).map { ($0 * Self.minutesPerDay + minute) * 60 }
    }

    /// The first minute of a day from one on.
    private func minute(from start: Int) -> Int? {
        let (startHour, startMinute) = start.quotientAndRemainder(dividingBy: 60)
        if hours & 1 << UInt64(startHour) != 0, let minute = Self.first(in: minutes, from: startMinute) {
            return startHour * 60 + minute
        }
        return Self.first(in: hours, from: startHour + 1).map { $0 * 60 + minutes.trailingZeroBitCount }
    }

    private func isDue(onDay number: Int) -> Bool {
        let (year, month, day) = Calendar.date(ofDay: number)
        return days(ofMonth: month, in: year) & 1 << UInt64(day) != 0
    }

    /// The first day from one on that is due, in days from 1970-01-01; nil when it does not begin before `end`.
    private func day(from first: Int, before end: Int) -> Int? {
        var (year, month, day) = Calendar.date(ofDay: first)
        while Calendar.dayNumber(year: year, month: month, day: 1) * Calendar.secondsPerDay < end {
            if let day = Self.first(in: days(ofMonth: month, in: year), from: day) {
                return Calendar.dayNumber(year: year, month: month, day: day)
            }
            day = 1
            if let later = Self.first(in: months, from: month + 1) {
                month = later
            } else {
                year += 1
                month = months.trailingZeroBitCount
            }
        }
        return nil
    }

    /// The days of a month that are due, a bit for each; none in a month that is not.
    private func days(ofMonth month: Int, in year: Int) -> UInt64 {
        guard months & 1 << UInt64(month) != 0 else { return 0 }
        let existing = (UInt64(2) << UInt64(Calendar.days(inMonth: month, of: year))) - 2
        let firstWeekday = UInt64(Calendar.weekday(ofDay: Calendar.dayNumber(year: year, month: month, day: 1)))
        let firstWeek = (weekdays >> firstWeekday | weekdays << (7 - firstWeekday)) & 0x7F
        // Five weeks from the first day on, which is bit 1.
        let byWeek = firstWeek &* 0x1020_4081 << 1
        return (needsBothDays ? days & byWeek : days | byWeek) & existing
    }

    /// The lowest bit from one on.
    private static func first(in bits: UInt64, from index: Int) -> Int? {
        let rest = bits >> UInt64(index)
        return rest == 0 ? nil : index + rest.trailingZeroBitCount
    }
}

/// What a calendar and a clock on the wall show: a date and a time of day, without saying where.
public struct CivilDateTime: Hashable, Sendable {
    /// As in ISO 8601: the year before 1 is 0.
    public let year: Int
    /// 1–12.
    public let month: Int
    /// 1–31.
    public let day: Int
    /// 0–23.
    public let hour: Int
    /// 0–59.
    public let minute: Int
    /// 0–59, or 60 in a leap second, which is taken as the second after it.
    public let second: Int
    /// 0–999,999,999.
    public let nanosecond: Int

    /// Nil when there is no such date or time: 30 February, 24:00. Years are 1 to 9999.
    public init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0
    ) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Calendar.days(inMonth: month, of: year), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), (0...999_999_999).contains(nanosecond)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.nanosecond = nanosecond
    }

    /// What is `localSeconds` after 1970-01-01 00:00 on the same clock.
    init(localSeconds: Int, nanosecond: Int) {
        let number = Calendar.floorDivide(localSeconds, Calendar.secondsPerDay)
        let secondOfDay = localSeconds - number * Calendar.secondsPerDay
        (year, month, day) = Calendar.date(ofDay: number)
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        self.nanosecond = nanosecond
    }

    /// Seconds from 1970-01-01 00:00 on the same clock.
    var localSeconds: Int {
        Calendar.dayNumber(year: year, month: month, day: day) * Calendar.secondsPerDay + hour * 3600 + minute * 60
            + second
    }

    /// 1 on the first of January.
    public var dayOfYear: Int {
        Calendar.dayNumber(year: year, month: month, day: day) - Calendar.dayNumber(year: year, month: 1, day: 1) + 1
    }

    /// 0 for Sunday to 6 for Saturday.
    public var weekday: Int { Calendar.weekday(ofDay: Calendar.dayNumber(year: year, month: month, day: day)) }

    /// The week of ISO 8601 and the year that it belongs to: weeks begin on Mondays, and the first one has the year's first
    /// Thursday, so that the days around New Year may belong to a week of the year before or after.
    public var week: (year: Int, number: Int) {
        let day = Calendar.dayNumber(year: year, month: month, day: day)
        let thursday = day - (Calendar.weekday(ofDay: day) + 6) % 7 + 3
        let year = Calendar.date(ofDay: thursday).year
        return (year, (thursday - Calendar.dayNumber(year: year, month: 1, day: 1)) / 7 + 1)
    }
}

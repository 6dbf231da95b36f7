import CivilTime

/// A time in UTC taken apart, by the Gregorian calendar at all times.
struct CalendarDate {
    let year: Int
    let month: Int
    let day: Int
    /// 1 on the first of January.
    let dayOfYear: Int
    /// 0 for Sunday.
    let weekday: Int
    let hour: Int
    let minute: Int

    /// The time so many seconds after 1970, fractions dropped.
    init(seconds: Double) {
        // What fits no integer is the smallest one, as on amd64. Go counts from a year far away, and wraps around; only
        // such values show it.
        let whole = Int(exactly: seconds.rounded(.towardZero)) ?? .min
        let sinceYearFarAway = UInt(bitPattern: whole &+ 9_223_372_028_715_321_600)
        let dayNumber = Int(sinceYearFarAway / 86_400) - 106_751_991_073_094
        let secondOfDay = Int(sinceYearFarAway % 86_400)
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        (year, month, day) = Calendar.date(ofDay: dayNumber)
        dayOfYear = dayNumber - Calendar.dayNumber(year: year, month: 1, day: 1) + 1
        weekday = Calendar.weekday(ofDay: dayNumber)
    }

    var daysInMonth: Int { Calendar.days(inMonth: month, of: year) }
}

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
        // 1970-01-01 was a Thursday.
        weekday = (dayNumber + 4) - Self.floorDivide(dayNumber + 4, 7) * 7

        // Years from March on, so that a leap day is the last of its year; eras of 400 years.
        let shifted = dayNumber + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayFromMarch + 2) / 153
        day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isBeforeMarch = month <= 2
        // 306 days lie between the first of March and the first of January.
        dayOfYear = isBeforeMarch ? dayFromMarch - 305 : dayFromMarch + 60 + (Self.isLeap(year) ? 1 : 0)
    }

    var daysInMonth: Int {
        if month == 2 { return Self.isLeap(year) ? 29 : 28 }
        return 30 + ((month + month / 8) & 1)
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        dividend >= 0 ? dividend / divisor : (dividend + 1) / divisor - 1
    }
}

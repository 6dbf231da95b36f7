/// Arithmetic of the Gregorian calendar, which is taken as in force at all times: ISO 8601 and POSIX do the same.
public enum Calendar {
    package static let secondsPerDay = 86_400

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// How many days a month has; `month` is 1–12.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        // Long months are the odd ones up to July and the even ones from August on.
        return 30 + ((month + month / 8) & 1)
    }

    /// Days from 1970-01-01 to a date. `month` is 1–12; `day` may lie outside of its month and counts on from there.
    ///
    /// Years are counted from March, so that a leap day is the last of its year and the lengths of the months before it
    /// follow one line: 153 days in five months.
    public static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let monthFromMarch = month <= 2 ? month + 9 : month - 3
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date that is `number` days from 1970-01-01.
    public static func date(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// 0 for Sunday; 1970-01-01 was a Thursday.
    public static func weekday(ofDay number: Int) -> Int {
        let shifted = (number + 4) % 7
        return shifted < 0 ? shifted + 7 : shifted
    }

    /// Division that rounds down, for a positive divisor.
    package static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        dividend >= 0 ? dividend / divisor : (dividend + 1) / divisor - 1
    }

    /// The day from 1970-01-01 on that an instant lies in, and the milliseconds since that day began.
    public static func day(ofMilliseconds milliseconds: Int64) -> (number: Int, rest: Int) {
        let (day, rest) = Int(milliseconds).quotientAndRemainder(dividingBy: secondsPerDay * 1000)
        return rest < 0 ? (day - 1, rest + secondsPerDay * 1000) : (day, rest)
    }
}

import CivilTime
import LogModel
import Scheduling
import Testing

struct CronExpressionTests {
    /// The first times behind noon of Thursday, 1 January 2026, in UTC.
    @Test(arguments: [
        ("5 * * * *", ["2026-01-01T12:05", "2026-01-01T13:05"]),
        ("* * * * *", ["2026-01-01T12:01", "2026-01-01T12:02"]),
        ("*/15 * * * *", ["2026-01-01T12:15", "2026-01-01T12:30", "2026-01-01T12:45", "2026-01-01T13:00"]),
        ("10-50/20 11-12 * * *", ["2026-01-01T12:10", "2026-01-01T12:30", "2026-01-01T12:50", "2026-01-02T11:10"]),
        ("05,5,0 12 * * *", ["2026-01-01T12:05", "2026-01-02T12:00", "2026-01-02T12:05"]),
        ("0 0 * * 7", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("0 0 * * SUN", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("0 0 * * */7", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("0 0 * * fri-Sun", ["2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00", "2026-01-09T00:00"]),
        ("0 0 * * sun-mon,6", ["2026-01-03T00:00", "2026-01-04T00:00", "2026-01-05T00:00", "2026-01-10T00:00"]),
        ("0 0 1 Feb-apr/2,DEC *", ["2026-02-01T00:00", "2026-04-01T00:00", "2026-12-01T00:00", "2027-02-01T00:00"]),
        ("\t 0   0 31 * *  ", ["2026-01-31T00:00", "2026-03-31T00:00", "2026-05-31T00:00"]),
        ("0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("@hourly", ["2026-01-01T13:00", "2026-01-01T14:00"]),
        ("@daily", ["2026-01-02T00:00", "2026-01-03T00:00"]),
        ("@midnight", ["2026-01-02T00:00", "2026-01-03T00:00"]),
        (" @Weekly ", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("@monthly", ["2026-02-01T00:00", "2026-03-01T00:00"]),
        ("@yearly", ["2027-01-01T00:00", "2028-01-01T00:00"]),
        ("@annually", ["2027-01-01T00:00", "2028-01-01T00:00"]),
        // Both restricted: either day.
        ("0 0 15 * mon", ["2026-01-05T00:00", "2026-01-12T00:00", "2026-01-15T00:00", "2026-01-19T00:00"]),
        ("0 0 1-31 * mon", ["2026-01-02T00:00", "2026-01-03T00:00"]),
        // 30 February is a Monday now and then, as far as the first of two days goes.
        ("0 0 30 2 mon", ["2026-02-02T00:00", "2026-02-09T00:00"]),
        // One begins with a star: both days.
        ("0 0 */2 * mon", ["2026-01-05T00:00", "2026-01-19T00:00", "2026-02-09T00:00"]),
        ("0 0 13 * */5", ["2026-02-13T00:00", "2026-03-13T00:00", "2026-09-13T00:00"]),
        ("0 0 *,13 * mon", ["2026-01-05T00:00", "2026-01-12T00:00"]),
        // The star is not the first: either day, which is every day.
        ("0 0 13,* * mon", ["2026-01-02T00:00", "2026-01-03T00:00"]),
        // 29 February as a Sunday, which comes every 28 years, and not in 2100.
        ("0 0 29 2 */7", ["2032-02-29T00:00", "2060-02-29T00:00", "2088-02-29T00:00", "2128-02-29T00:00"]),
    ])
    func nextTimes(_ expression: String, _ expected: [String]) throws {
        let schedule = CronSchedule(try CronExpression(expression), zone: .utc)
        var time = try utc("2026-01-01T12:00")
        for expected in expected {
            time = try #require(schedule.next(after: time))
            #expect(text(time) == expected)
        }
    }

    /// A time that is due is not due behind itself, and whatever is less than a second before it is before it.
    @Test
    func nextIsAlwaysLater() throws {
        let schedule = CronSchedule(try CronExpression("30 12 * * *"), zone: .utc)
        let due = try utc("2026-01-01T12:30")
        #expect(schedule.next(after: WallTime(nanoseconds: due.nanoseconds - 1)) == due)
        #expect(schedule.next(after: due) == (try utc("2026-01-02T12:30")))
        #expect(schedule.next(after: WallTime(nanoseconds: due.nanoseconds + 1)) == (try utc("2026-01-02T12:30")))
    }

    @Test
    func theEndsOfAllTime() throws {
        let schedule = CronSchedule(try CronExpression("0 0 1 1 *"), zone: .utc)
        #expect(schedule.next(after: WallTime(nanoseconds: .min)).map(text) == "1678-01-01T00:00")
        #expect(schedule.next(after: try utc("2261-06-01T00:00")).map(text) == "2262-01-01T00:00")
        #expect(schedule.next(after: try utc("2262-01-01T00:00")) == nil)
        #expect(schedule.next(after: WallTime(nanoseconds: .max)) == nil)
        #expect(
            try CronSchedule(CronExpression("* * * * *"), zone: .utc).next(after: WallTime(nanoseconds: .max)) == nil)
    }

    @Test(arguments: [
        Mistake("", "cron_fields", 1, "the minute is missing", "such as `5 * * * *`"),
        Mistake("5 * * *", "cron_fields", 8, "the day of the week is missing", "such as `5 * * * *`"),
        Mistake("5 * * * * root", "cron_fields", 11, "there are 6 fields, not five", "without seconds, a year"),
        Mistake("60 * * * *", "cron_range", 1, "the minute is 60", "Write a number from 0 to 59."),
        Mistake("5 5 0 * *", "cron_range", 5, "the day of the month is 0", "Write a number from 1 to 31."),
        Mistake("5 5 * * 0-8", "cron_range", 11, "the day of the week is 8", "Write a number from 0 to 7."),
        Mistake(
            "99999999999999999999 * * * *", "cron_range", 1, "the minute is 99999999999999999999",
            "Write a number from 0 to 59."),
        Mistake("0 22-2 * * *", "cron_range", 3, "the range 22-2 goes backwards", "Write 22-23,0-2."),
        Mistake("0 23-0 * * *", "cron_range", 3, "the range 23-0 goes backwards", "Write 23,0."),
        Mistake("0 0 * * fri-mon", "cron_range", 9, "the range fri-mon goes backwards", "Write 5-6,0-1."),
        Mistake("0 0 * * 7-2", "cron_range", 9, "the range 7-2 goes backwards", "Write 0-2."),
        Mistake("0 0 * dec-feb *", "cron_range", 7, "the range dec-feb goes backwards", "Write 12,1-2."),
        Mistake("*/0 * * * *", "cron_range", 3, "the step of the minute is 0", "counting begins anew with each hour"),
        Mistake("*/90 * * * *", "cron_range", 3, "the step of the minute is 90", "Write a number from 1 to 59"),
        Mistake("5/15 * * * *", "cron_syntax", 2, "a step needs a range or `*` before it", "Write 5-59/15 for"),
        Mistake("*/ * * * *", "cron_syntax", 3, "a step of the minute is missing behind `/`", "from 1 to 59"),
        Mistake("1,,2 * * * *", "cron_syntax", 3, "a value of the minute is missing", "Write numbers from 0 to 59,"),
        Mistake("1- * * * *", "cron_syntax", 3, "a value of the minute is missing", "Write numbers"),
        Mistake("1-5-7 * * * *", "cron_syntax", 4, "`-` does not belong into the minute", "Write numbers"),
        Mistake("0 0 L * *", "cron_syntax", 5, "`L` is no value of the day of the month", "from 1 to 31"),
        Mistake("0 0 * January *", "cron_syntax", 7, "`January` is no value of the month", "Write jan."),
        Mistake("0 0 * * xyz", "cron_syntax", 9, "`xyz` is no value of the day of the week", "sun mon tue"),
        Mistake("0 0 ? * *", "cron_syntax", 5, "`?` does not belong into the day of the month", "Write * for all."),
        Mistake("0 0 * * 5#2", "cron_syntax", 10, "`#` does not belong into the day of the week", "from 0 to 7"),
        Mistake("0 0 * * mon2", "cron_syntax", 12, "`2` does not belong into the day of the week", "from 0 to 7"),
        Mistake("-1 * * * *", "cron_syntax", 1, "`-` does not belong into the minute", "from 0 to 59"),
        Mistake("0 0 ä0 * *", "cron_syntax", 5, "`ä` is no value of the day of the month", "from 1 to 31"),
        Mistake("0 0 * ä *", "cron_syntax", 7, "`ä` is no value of the month", "jan feb"),
        Mistake("@reboot", "cron_fields", 1, "there is no word `@reboot`", "A start is no time"),
        Mistake("@often", "cron_fields", 1, "there is no word `@often`", "Write one of @hourly @daily"),
        Mistake("@daily root", "cron_fields", 8, "something stands behind `@daily`", "Write `@daily` alone."),
        Mistake("CRON_TZ=UTC 5 * * * *", "cron_fields", 1, "a zone is no part of the fields", "beside the expression"),
        Mistake("0 0 30 2 *", "cron_never", 5, "no month of these has a day 30", "from 1 to 29."),
        Mistake("0 0 31 4,6,9,11 *", "cron_never", 5, "no month of these has a day 31", "from 1 to 30."),
        Mistake("0 0 30-31 feb */2", "cron_never", 5, "no month of these has a day 30", "from 1 to 29."),
    ])
    func mistakes(_ mistake: Mistake) throws {
        let error = try #require(#expect(throws: CronExpressionError.self) { try CronExpression(mistake.text) })
        #expect(error.code == mistake.code)
        #expect(error.character == mistake.character)
        #expect(
            error.offset == mistake.text.unicodeScalars.prefix(mistake.character - 1).reduce(0) { $0 + UTF8.width($1) })
        #expect(error.reason == mistake.reason)
        #expect(error.hint?.contains(mistake.hint) == true, "\(error)")
        #expect(error.message == "The cron expression is wrong at character \(mistake.character): \(mistake.reason).")
        #expect(error.healing == .byOperator)
    }

    struct Mistake: CustomTestStringConvertible {
        var text: String
        var code: String
        var character: Int
        var reason: String
        var hint: String
        var testDescription: String { text }

        init(_ text: String, _ code: String, _ character: Int, _ reason: String, _ hint: String) {
            (self.text, self.code, self.character, self.reason, self.hint) = (text, code, character, reason, hint)
        }
    }
}

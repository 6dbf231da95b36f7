import CivilTime
import LogModel
import Scheduling
import TestSupport
import Testing

/// What becomes of times that clocks skip and repeat.
@Suite(.enabled(if: SystemZones.isInstalled, SystemZones.advice))
struct CronScheduleTests {
    /// All times of a stretch, in UTC.
    private func times(_ expression: String, _ zone: String, _ start: String, _ end: String) throws -> [String] {
        let schedule = CronSchedule(try CronExpression(expression), zone: try SystemZones.rules(zone))
        let end = try utc(end)
        return Array(
            sequence(first: try utc(start)) { schedule.next(after: $0) }.dropFirst().prefix { $0 <= end }.map(text))
    }

    @Test(arguments: [
        // Berlin skips 02:00 to 03:00 at 01:00 UTC: at the change, once, and with what is due then anyway.
        ("30 2 * * *", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]),
        ("0,30 2,3 29 3 *", ["2026-03-29T01:00", "2026-03-29T01:30"]),
        ("0 2 29 * *", ["2026-03-29T01:00"]), ("0 3 29 * *", ["2026-03-29T01:00"]),
        ("59 1 29 * *", ["2026-03-29T00:59"]),
        ("59 2 29 * *", ["2026-03-29T01:00"]),
        // By the clock as it is.
        (
            "30 * 29 * *",
            (0..<22).map { "2026-03-\($0 == 0 ? "28T23" : $0 < 11 ? "29T0\($0 - 1)" : "29T\($0 - 1)"):30" } + [
                "2026-03-29T21:30"
            ]
        ),
        ("*/30 2 29 * *", []),
        (
            "0 */2 29 * *",
            ["2026-03-28T23:00"]
                + [2, 4, 6, 8, 10, 12, 14, 16, 18, 20].map { "2026-03-29T\($0 < 10 ? "0" : "")\($0):00" }
        ),
    ])
    func skippedTimes(_ expression: String, _ expected: [String]) throws {
        #expect(
            try times(expression, "Europe/Berlin", "2026-03-28T00:00", "2026-03-30T12:00") == expected)
    }

    @Test(arguments: [
        // Berlin shows 02:00 to 03:00 twice, the second time from 01:00 UTC on.
        ("30 2 * * *", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("0 2 * * *", ["2026-10-25T00:00", "2026-10-26T01:00"]), ("0 3 25 * *", ["2026-10-25T02:00"]),
        ("59 1-3 25 * *", ["2026-10-24T23:59", "2026-10-25T00:59", "2026-10-25T02:59"]),
        ("*/30 2 25 * *", ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]),
        (
            "30 */2 25 10 */7",
            ["2026-10-24T22:30", "2026-10-25T00:30", "2026-10-25T01:30"]
                + (1...10).map { "2026-10-25T\($0 * 2 + 1 < 10 ? "0" : "")\($0 * 2 + 1):30" }
        ),
        // A list with a star that is not first is one of fixed times.
        ("45 2,* 26 10 *", ["2026-10-25T23:45"] + (0..<23).map { "2026-10-26T\($0 < 10 ? "0" : "")\($0):45" }),
    ])
    func repeatedTimes(_ expression: String, _ expected: [String]) throws {
        let found = try times(expression, "Europe/Berlin", "2026-10-24T12:00", "2026-10-27T00:30")
        #expect(found == expected)
    }

    @Test(arguments: [
        // Half an hour: 02:00 to 02:30 is skipped, and 01:30 to 02:00 comes twice.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04T12:00", ["2026-10-03T15:30"]),
        (
            "*/15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04T12:00",
            ["2026-10-03T15:30", "2026-10-03T15:45"]
        ),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00", "2026-04-05T12:00", ["2026-04-04T14:45"]),
        (
            "45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00", "2026-04-04T16:30",
            ["2026-04-04T14:45", "2026-04-04T15:15", "2026-04-04T16:15"]
        ),
        (
            "30 2 * * *", "America/New_York", "2026-03-08T00:00", "2026-03-09T12:00",
            ["2026-03-08T07:00", "2026-03-09T06:30"]
        ),
        (
            "30 1 * * *", "America/New_York", "2026-11-01T00:00", "2026-11-02T12:00",
            ["2026-11-01T05:30", "2026-11-02T06:30"]
        ),
        (
            "0 0 * * *", "Asia/Kathmandu", "2026-01-01T00:00", "2026-01-02T23:00",
            ["2026-01-01T18:15", "2026-01-02T18:15"]
        ),
        // Midnight is skipped: the day begins at 01:00.
        (
            "@daily", "America/Sao_Paulo", "2018-11-03T12:00", "2018-11-05T12:00",
            ["2018-11-04T03:00", "2018-11-05T02:00"]
        ),
        // Samoa had no 30 December 2011: that is a correction, and nothing is made up for.
        ("0 12 30 * *", "Pacific/Apia", "2011-12-28T00:00", "2012-01-02T00:00", []),
        (
            "0 12 * * *", "Pacific/Apia", "2011-12-29T12:00", "2012-01-01T00:00",
            ["2011-12-29T22:00", "2011-12-30T22:00", "2011-12-31T22:00"]
        ),
    ])
    func zones(_ expression: String, _ zone: String, _ start: String, _ end: String, _ expected: [String]) throws {
        #expect(try times(expression, zone, start, end) == expected)
    }

    /// When Debian's cron 3.0pl1-162 was seen to run such lines while its clock was made to pass these hours. It ran
    /// `0,30 2 * * *` twice in the minute of the change, though; here a time is due once.
    @Test(arguments: [
        ("30 2 * * *", ["00:30"]), ("0 2 * * *", ["00:00"]), ("59 2 * * *", ["00:59"]), ("0 3 * * *", ["02:00"]),
        ("30 * * * *", ["00:30", "01:30"]), ("*/30 2 * * *", ["00:00", "00:30", "01:00", "01:30"]),
        ("15 */2 * * *", ["00:15", "01:15"]), ("45 2,* * * *", ["00:45"]), ("@hourly", ["00:00", "01:00", "02:00"]),
        ("10 3 */2 * mon", []), ("10 3 */2 * sun", ["02:10"]), ("10 3 24 * sun", ["02:10"]), ("10 3 24 * */7", []),
        ("10 3 13,* * mon", ["02:10"]), ("10 3 *,13 * mon", []), ("10 3 * * 5-7", ["02:10"]),
        ("10 3 * * */7", ["02:10"]),
    ])
    func debiansCronWasSeenToDoTheSame(_ expression: String, _ expected: [String]) throws {
        let found = try times(expression, "Europe/Berlin", "2026-10-24T23:57", "2026-10-25T02:12")
        #expect(found == expected.map { "2026-10-25T\($0)" })
    }

    /// Weeks around changes of the clocks, and some far from them, as a cron has it that looks at its lines every minute.
    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "Asia/Gaza",
        "Antarctica/Troll", "Pacific/Apia", "UTC",
    ])
    func aCronThatLooksEveryMinuteSaysTheSame(_ name: String) throws {
        let zone = try SystemZones.rules(name)
        var random = SeededRandom(seed: UInt64(name.utf8.count))
        var clock = CivilClock(zone)
        var runs = 0
        for _ in 0..<80 {
            var instant = WallTime(
                nanoseconds: Int64.random(in: 800_000_000...2_500_000_000, using: &random) / 60 * 60_000_000_000)
            let change = clock.period(at: instant).end
            if change < 3_000_000_000, Int.random(in: 0..<4, using: &random) > 0 {
                let before = Int64.random(in: 240...3000, using: &random) * 60
                instant = WallTime(nanoseconds: (Int64(change) / 60 * 60 - before) * 1_000_000_000)
            }
            let end = WallTime(nanoseconds: instant.nanoseconds + 3 * 86_400_000_000_000)
            let reference = CronReference(using: &random)
            // A day that never comes is refused.
            guard let expression = try? CronExpression(reference.text) else { continue }
            let schedule = CronSchedule(expression, zone: zone)
            let expected = reference.runs(after: instant, through: end, zone)
            let found = Array(
                sequence(first: instant) { schedule.next(after: $0) }.dropFirst().prefix { $0 <= end })
            let isSame = found == expected
            let different = Set(found).symmetricDifference(expected).min().map(text)
            #expect(isSame, "\(reference.text) in \(name) after \(text(instant)) at \(different ?? "")")
            runs += expected.count
        }
        #expect(runs > 500)
    }

    /// The search goes by months, not by minutes: 29 February as a Sunday behind 2088 is forty years away.
    @Test
    func rareTimesAreFoundInAnyZone() throws {
        for name in ["Europe/Berlin", "Australia/Lord_Howe", "UTC"] {
            let schedule = CronSchedule(try CronExpression("0 12 29 2 */7"), zone: try SystemZones.rules(name))
            var clock = CivilClock(schedule.zone)
            let found = try #require(schedule.next(after: utc("2088-03-01T00:00")))
            let civil = clock.civil(at: found)
            #expect((civil.year, civil.month, civil.day, civil.hour) == (2128, 2, 29, 12))
        }
    }
}

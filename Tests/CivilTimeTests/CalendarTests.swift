import CivilTime
import LogModel
import Testing

struct CalendarTests {
    @Test(arguments: [
        (1970, 1, 1, 1, 4), (2000, 2, 29, 60, 2), (2025, 11, 23, 327, 0), (1900, 12, 31, 365, 1),
        (2024, 12, 31, 366, 2),
        (2026, 1, 1, 1, 4),
    ])
    func dayOfYearAndWeekday(_ year: Int, _ month: Int, _ day: Int, _ dayOfYear: Int, _ weekday: Int) throws {
        let date = try #require(CivilDateTime(year: year, month: month, day: day))
        #expect(date.dayOfYear == dayOfYear)
        #expect(date.weekday == weekday)
    }

    @Test
    func everyDayComesAfterTheOneBefore() throws {
        let clock = TestClock(.utc)
        var instant = try utc("1899-12-31T00:00:00")
        for year in 1900...2200 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let date = CivilDateTime(year: year, month: month, day: day) else { continue }
                    let next = try #require(clock.instant(of: date))
                    try #require(next.nanoseconds - instant.nanoseconds == 86_400_000_000_000, "\(date)")
                    instant = next
                }
            }
        }
        #expect(try instant == utc("2200-12-31T00:00:00"))
    }

    @Test
    func datesAndTimesThatThereAreNot() {
        #expect(CivilDateTime(year: 2025, month: 2, day: 29) == nil)
        #expect(CivilDateTime(year: 1900, month: 2, day: 29) == nil)
        #expect(CivilDateTime(year: 2000, month: 2, day: 29) != nil)
        #expect(CivilDateTime(year: 2025, month: 4, day: 31) == nil)
        #expect(CivilDateTime(year: 2025, month: 13, day: 1) == nil)
        #expect(CivilDateTime(year: 2025, month: 0, day: 1) == nil)
        #expect(CivilDateTime(year: 2025, month: 1, day: 0) == nil)
        #expect(CivilDateTime(year: 2025, month: 1, day: 1, hour: 24) == nil)
        #expect(CivilDateTime(year: 2025, month: 1, day: 1, minute: 60) == nil)
        #expect(CivilDateTime(year: 2025, month: 1, day: 1, second: 61) == nil)
        #expect(CivilDateTime(year: 2025, month: 1, day: 1, nanosecond: 1_000_000_000) == nil)
    }
}

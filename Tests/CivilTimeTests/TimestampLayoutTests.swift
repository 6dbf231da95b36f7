import CivilTime
import LogModel
import Testing

struct TimestampLayoutTests {
    @Test(arguments: [
        ("%Y-%m-%d %H:%M:%S", "2025-11-23 10:00:01", "2025-11-23T10:00:01", 0),
        ("%Y-%m-%d %H:%M:%S,%L", "2025-11-23 10:00:01,123", "2025-11-23T10:00:01.123", 3),
        ("%F %T.%f", "2025-11-23 10:00:01.1", "2025-11-23T10:00:01.1", 1),
        ("%F %T.%f", "2025-11-23 10:00:01.123456789", "2025-11-23T10:00:01.123456789", 9),
        ("%d/%b/%Y:%H:%M:%S %z", "23/Nov/2025:10:00:01 +0100", "2025-11-23T09:00:01", 0),
        ("[%d/%B/%Y %T]", "[23/NOVEMBER/2025 10:00:01]", "2025-11-23T10:00:01", 0),
        ("%A, %d %b %Y %T %Z", "Sunday, 23 nov 2025 10:00:01 GMT", "2025-11-23T10:00:01", 0),
        ("%a %b %e %T %Y", "Sun Nov 23 10:00:01 2025", "2025-11-23T10:00:01", 0),
        ("%a %b %e %T %Y", "Sun Nov  2 10:00:01 2025", "2025-11-02T10:00:01", 0),
        ("%b%e %Y %R", "Nov 2 2025 10:00", "2025-11-02T10:00:00", 0),
        ("%D %I:%M:%S %p", "11/23/25 12:00:01 am", "2025-11-23T00:00:01", 0),
        ("%D %I:%M:%S%p", "11/23/25 12:00:01PM", "2025-11-23T12:00:01", 0),
        ("%p%I %F", "PM11 2025-11-23", "2025-11-23T23:00:00", 0),
        ("%y%m%d %H%M%S", "081109 203615", "2008-11-09T20:36:15", 0),
        ("%y%m%d %H%M%S", "691109 203615", "1969-11-09T20:36:15", 0),
        ("%Y%m%d%H%M%S", "20251123100001", "2025-11-23T10:00:01", 0),
        ("%Y.%j %H", "2025.327 10", "2025-11-23T10:00:00", 0),
        ("%Y %j %H", "2024 366 10", "2024-12-31T10:00:00", 0),
        ("%s", "1763892001", "2025-11-23T10:00:01", 0),
        ("(%s)", "(1763892001.25)", "2025-11-23T10:00:01.25", 2),
        ("%s:", "-1.5:", "1969-12-31T23:59:58.5", 1),
        ("%FT%T%z", "2025-11-23T10:00:01Z", "2025-11-23T10:00:01", 0),
        ("%FT%T%z", "2025-11-23T10:00:01-05:30", "2025-11-23T15:30:01", 0),
        ("%FT%T%z", "2025-11-23T10:00:01+01", "2025-11-23T09:00:01", 0),
        ("%FT%T%z", "1880-11-23T10:00:01+00:53:28", "1880-11-23T09:06:33", 0),
        ("%F  %T", "2025-11-23 \t 10:00:01", "2025-11-23T10:00:01", 0),
        ("100%% %F %T", "100% 2025-11-23 10:00:01", "2025-11-23T10:00:01", 0),
        ("Zeit: ä%F um %T", "Zeit: ä2025-11-23 um 10:00:01", "2025-11-23T10:00:01", 0),
        ("%e.%m.%Y %H Uhr", "3.1.2025 7 Uhr", "2025-01-03T07:00:00", 0),
        // A leap second is the second after it.
        ("%F %T", "2016-12-31 23:59:60", "2017-01-01T00:00:00", 0),
        ("%F %T.%f", "2016-12-31 23:59:60.5", "2017-01-01T00:00:00.5", 1),
    ])
    func layouts(_ text: String, _ line: String, _ expected: String, _ digits: Int) throws {
        let layout = try TimestampLayout(text)
        let found = try #require(layout.timestamp(line))
        #expect(try found.instant == instant(expected))
        #expect(found.fractionDigits == digits)
        #expect(found.range == 0..<line.utf8.count)
        // Wherever it stands, and whatever comes behind.
        let within = try #require(layout.timestamp("ab\(line) 12", at: 2))
        #expect(within.instant == found.instant)
        #expect(within.range == 2..<line.utf8.count + 2)
        // What is cut short is no time, or one of what is left.
        for count in 0..<line.utf8.count {
            let cut = layout.timestamp(String(decoding: line.utf8.prefix(count), as: UTF8.self))
            #expect(cut.map { $0.range.upperBound <= count } ?? true)
        }
        #expect(layout.timestamp(line, at: line.utf8.count) == nil)
        #expect(layout.timestamp(line, at: line.utf8.count + 1) == nil)
        #expect(layout.timestamp(line, at: -1) == nil)
    }

    @Test(arguments: [
        ("%F %T", "2025-02-30 10:00:00"), ("%F %T", "2025-02-29 10:00:00"), ("%F %T", "2025-13-01 10:00:00"),
        ("%F %T", "2025-00-01 10:00:00"), ("%F %T", "2025-01-00 10:00:00"), ("%F %T", "2025-11-23 24:00:00"),
        ("%F %T", "2025-11-23 25:00:00"), ("%F %T", "2025-11-23 10:60:00"), ("%F %T", "2025-11-23 10:00:61"),
        ("%F %T", "0000-11-23 10:00:00"), ("%F %T", "1676-11-23 10:00:00"), ("%F %T", "2263-11-23 10:00:00"),
        ("%F %T", "25-11-23 10:00:00"), ("%F %T", "2025-11-23T10:00:00"), ("%F %T", "2025-11-23 10:00:000"),
        ("%F %I:%M %p", "2025-11-23 13:00 PM"), ("%F %I:%M %p", "2025-11-23 0:00 AM"),
        ("%F %I:%M %p", "2025-11-23 1:00 XM"), ("%F %T,%L", "2025-11-23 10:00:00,12"),
        ("%F %T,%L", "2025-11-23 10:00:00,1234"), ("%F %T.%f", "2025-11-23 10:00:00."),
        ("%F %T.%f", "2025-11-23 10:00:00.1234567890"), ("%Y-%j %H", "2025-366 10"), ("%Y-%j %H", "2025-000 10"),
        ("%b %d %Y %R", "Nix 23 2025 10:00"), ("%a %F %R", "Mon 2025-11-23 10:00"),
        ("%F %T %Z", "2025-11-23 10:00:00 CET"),
        ("%F %T %Z", "2025-11-23 10:00:00 UTCX"), ("%F %T %Z", "2025-11-23 10:00:00 "),
        ("%F %T%z", "2025-11-23 10:00:00"),
        ("%F %T%z", "2025-11-23 10:00:00+1"), ("%F %T%z", "2025-11-23 10:00:00+01:60"),
        ("%F %T%z", "2025-11-23 10:00:00+99:00"), ("%s", "1763892001123"), ("%s", "x"), ("%s", "99999999999"),
        ("%s", "1763892001.1234567890"), ("%b %e %R", "Feb 30 10:00"), ("x%Rx", "x10:00X"),
    ])
    func whatIsNoTime(_ text: String, _ line: String) throws {
        #expect(try TimestampLayout(text).timestamp(line) == nil)
    }

    @Test(arguments: [
        ("%F %Q", 3, "there is no directive `%Q`", "Write %% for a percent sign, or one of"),
        ("%F %T.%N", 6, "there is no directive `%N`", "Write %f"),
        ("%-d", 0, "there is no directive `%-`", "Leave `-` away"),
        ("%3f", 0, "there is no directive `%3`", "%L for exactly three"),
        ("%k:%M", 0, "there is no directive `%k`", "Write %H"),
        ("%c", 0, "there is no directive `%c`", "%a %b %e %H:%M:%S %Y"),
        ("%r", 0, "there is no directive `%r`", "%I:%M:%S %p"),
        ("%Y ä%", 5, "`%` is the last character", "Write %%"),
        ("%F %T %m", 6, "`%m` says the month, which `%F` says already", "Leave one"),
        ("%m %F %T", 3, "`%F` says the month, which `%m` says already", "Leave one"),
        ("%Y-%m-%j %H", 3, "`%m` says what `%j` says already", "or %j"),
        ("%s.%f", 3, "`%f` says what `%s` says already", "takes a fraction too"),
        ("%p %s %Y", 0, "`%p` says what `%s` says already", "Leave it away"),
        ("%F %I:%M", 3, "`%I` is one of twelve hours, and the half of the day is missing", "Write %p"),
        ("%F %H:%M %p", 9, "`%p` means nothing beside `%H`, the hour of the whole day", "Write %I"),
        ("%Y-%m-%d", 8, "the hour is missing", "Write %H, or %s"), ("", 0, "the hour is missing", "Write %H, or %s"),
        ("%F %H:%S", 6, "`%S` needs the minute too", "Write %M."),
        ("%F %R.%f", 6, "`%f` needs the second too", "Write %S."),
        ("%b %T", 0, "`%b` needs the day of the month too", "Write %d."),
        ("%Y %d %T", 3, "`%d` needs the month too", "Write %m"),
        ("%Y %T", 0, "there is a year without a date in it", "%m and %d"),
    ])
    func mistakes(_ text: String, _ offset: Int, _ reason: String, _ hint: String) throws {
        let error = try #require(#expect(throws: TimestampLayoutError.self) { try TimestampLayout(text) })
        #expect(error.reason == reason)
        #expect(error.offset == offset)
        #expect(error.hint?.contains(hint) == true, "\(error.hint ?? "")")
        #expect(error.message == "The layout is wrong at character \(error.character): \(reason).")
    }

    @Test
    func aMistakeIsCountedInBytesAndInCharacters() throws {
        let error = try #require(
            #expect(throws: TimestampLayoutError.self) { try TimestampLayout("%H Uhr, Jänner %Q") })
        #expect(error.offset == 16)
        #expect(error.character == 16)
        #expect(error.code == "layout_directive_unknown")
    }

    @Test(arguments: [
        // The year of the reference, and the years around it at its ends.
        ("Nov 23 10:00:00", "2025-11-23T10:00:05", "2025-11-23T10:00:00"),
        ("Nov 23 10:00:00", "2025-11-22T10:00:00", "2025-11-23T10:00:00"),
        ("Nov 23 10:00:00", "2025-11-22T09:59:59", "2024-11-23T10:00:00"),
        ("Dec 31 23:59:59", "2026-01-01T00:00:01", "2025-12-31T23:59:59"),
        ("Jan  1 00:00:00", "2025-12-31T23:59:58", "2026-01-01T00:00:00"),
        ("Jan  2 00:00:00", "2025-12-31T23:59:58", "2025-01-02T00:00:00"),
        ("Feb 29 10:00:00", "2025-11-23T10:00:05", "2024-02-29T10:00:00"),
        ("Feb 29 10:00:00", "2107-11-23T10:00:05", "2104-02-29T10:00:00"),
    ])
    func aMissingYear(_ line: String, _ reference: String, _ expected: String) throws {
        let found = try #require(try TimestampLayout("%b %e %T").timestamp(line, reference: instant(reference)))
        #expect(try found.instant == instant(expected))
        #expect(found.assumed == [.year, .zone])
    }

    @Test
    func aWeekdayTellsTheYear() throws {
        let layout = try TimestampLayout("%a %b %e %T")
        let reference = try instant("2025-12-01T00:00:00")
        #expect(
            try layout.timestamp("Sun Nov 23 10:00:00", reference: reference)?.instant == instant("2025-11-23T10:00:00")
        )
        #expect(
            try layout.timestamp("Sat Nov 23 10:00:00", reference: reference)?.instant == instant("2024-11-23T10:00:00")
        )
        #expect(
            try layout.timestamp("Mon Nov 23 10:00:00", reference: reference)?.instant == instant("2020-11-23T10:00:00")
        )
        #expect(try TimestampLayout("%a %b %e %T %Y").timestamp("Mon Nov 23 10:00:00 2025") == nil)
        #expect(layout.timestamp("Sun Feb 29 10:00:00", reference: reference) == nil)
    }

    @Test(arguments: [
        ("10:00:00", "2025-11-23T10:00:05", "2025-11-23T10:00:00"),
        ("23:59:59", "2025-11-23T00:00:01", "2025-11-22T23:59:59"),
        ("00:00:01", "2025-11-23T23:59:59", "2025-11-24T00:00:01"),
        ("11:00:00", "2025-11-23T10:00:00", "2025-11-23T11:00:00"),
        ("11:00:01", "2025-11-23T10:00:00", "2025-11-22T11:00:01"),
    ])
    func aMissingDate(_ line: String, _ reference: String, _ expected: String) throws {
        let found = try #require(try TimestampLayout("%T").timestamp(line, reference: instant(reference)))
        #expect(try found.instant == instant(expected))
        #expect(found.assumed == [.date, .zone])
        let day = try #require(try TimestampLayout("%a %T").timestamp("Wed 10:00:00", reference: instant(reference)))
        #expect(try day.instant == instant("2025-11-19T10:00:00"))
    }

    /// The day of a time without a date is that in its own zone.
    @Test
    func aMissingDateInAnotherZone() throws {
        let layout = try TimestampLayout("%T %z")
        let reference = try instant("2025-11-23T23:30:00")
        #expect(try layout.timestamp("01:15:00 +0200", reference: reference)?.instant == instant("2025-11-23T23:15:00"))
        #expect(layout.timestamp("01:15:00 +0200", reference: reference)?.assumed == .date)
    }

    @Test(.enabled(if: SystemZones.isInstalled, SystemZones.advice))
    func zonesByName() throws {
        let berlin = try SystemZones.rules("Europe/Berlin")
        let layout = try TimestampLayout("%F %T %Z")
        func found(_ line: String) -> WallTime? { layout.timestamp(line, zone: berlin)?.instant }
        #expect(try found("2026-07-01 12:00:00 CEST") == instant("2026-07-01T10:00:00"))
        #expect(try found("2026-01-01 12:00:00 CET") == instant("2026-01-01T11:00:00"))
        #expect(try found("2026-07-01 12:00:00 UTC") == instant("2026-07-01T12:00:00"))
        // The hour that clocks show twice.
        #expect(try found("2026-10-25 02:30:00 CEST") == instant("2026-10-25T00:30:00"))
        #expect(try found("2026-10-25 02:30:00 CET") == instant("2026-10-25T01:30:00"))
        // A name that is not in force says what it says.
        #expect(try found("2026-07-01 12:00:00 CET") == instant("2026-07-01T11:00:00"))
        #expect(found("2026-07-01 12:00:00 EST") == nil)
        // One name for different offsets: Moscow's clocks were an hour ahead from 2011 to 2014.
        let moscow = try SystemZones.rules("Europe/Moscow")
        let then = layout.timestamp("2012-07-01 12:00:00 MSK", zone: moscow)
        #expect(try then?.instant == instant("2012-07-01T08:00:00"))
        #expect(
            try layout.timestamp("2016-07-01 12:00:00 MSK", zone: moscow)?.instant == instant("2016-07-01T09:00:00"))
    }

    @Test(.enabled(if: SystemZones.isInstalled, SystemZones.advice))
    func theClockGivesTheZoneThatIsMissing() throws {
        let berlin = try SystemZones.rules("Europe/Berlin")
        let layout = try TimestampLayout("%F %T")
        let found = try #require(layout.timestamp("2026-07-01 12:00:00", zone: berlin))
        #expect(try found.instant == instant("2026-07-01T10:00:00"))
        #expect(found.assumed == .zone)
        #expect(try layout.timestamp("2026-03-29 02:30:00", zone: berlin)?.instant == instant("2026-03-29T01:30:00"))
        #expect(try layout.timestamp("2026-10-25 02:30:00", zone: berlin)?.instant == instant("2026-10-25T00:30:00"))
    }
}

import CivilTime
import LogModel
import TestSupport
import Testing

struct NameLayoutTests {
    @Test(arguments: [
        ("app.log-%Y%m%d_%H%M%S", "app.log-20250103_170809", NameResolution.second, "2025-01-03T17:08:09"),
        ("%F_%H.%M", "2025-01-03_17.08", .minute, "2025-01-03T17:08:00"),
        ("%FT%T", "2025-01-03T17:08:09", .second, "2025-01-03T17:08:09"),
        ("%F %R", "2025-01-03 17:08", .minute, "2025-01-03T17:08:00"),
        ("%y%m%d%H", "25010317", .hour, "2025-01-03T17:00:00"),
        ("%F-%I%p", "2025-01-03-05PM", .hour, "2025-01-03T17:00:00"),
        ("%F-%H-%I", "2025-01-03-17-05", .hour, "2025-01-03T17:00:00"),
        ("log.%d-%b-%Y", "log.03-Jan-2025", .day, "2025-01-03T00:00:00"),
        ("%Y%j", "2025003", .day, "2025-01-03T00:00:00"),
        ("%Y-%m-%d-W%V", "2025-01-03-W01", .day, "2025-01-03T00:00:00"),
        ("%G-W%V-%u", "2025-W01-5", .day, "2025-01-03T00:00:00"),
        ("%G%V%w", "2025015", .day, "2025-01-03T00:00:00"), ("%G-W%V", "2025-W01", .week, "2024-12-30T00:00:00"),
        ("%Y-%m", "2025-01", .month, "2025-01-01T00:00:00"), ("%y.%b", "25.Jan", .month, "2025-01-01T00:00:00"),
        ("ä%%%Y", "ä%2025", .year, "2025-01-01T00:00:00"), ("x.%s", "x.1735924089", .second, "2025-01-03T17:08:09"),
        ("%s-%d", "1735924089-03", .second, "2025-01-03T17:08:09"),
        ("%F-%H%M%z", "2025-01-03-1708+0000", .minute, "2025-01-03T17:08:00"),
    ])
    func names(_ text: String, _ name: String, _ resolution: NameResolution, _ time: String) throws {
        let layout = try NameLayout(text)
        #expect(layout.text == text)
        #expect(layout.zone == .utc)
        #expect(layout.resolution == resolution)
        #expect(layout.name(at: try instant("2025-01-03T17:08:09.999")) == name)
        #expect(layout.time(of: name) == (try utc(time)))
    }

    @Test(arguments: [
        ("app.log-%Y%m%d", "app.log-20250103x"), ("app.log-%Y%m%d", "app.log-2025013"),
        ("app.log-%Y%m%d", "App.log-20250103"),
        ("app.log-%Y%m%d", "app.log-20250230"), ("app.log-%Y%m%d", "app.log-20251301"),
        ("app.log-%Y%m%d", "app.log-20250003"),
        ("app.log-%Y%m%d", "app.log-20250100"), ("app.log-%Y%m%d", "app.log-"), ("app.log-%Y%m%d", ""),
        ("app.log-%Y%m%d", "app.log-２025010"), ("%F-%H%M%S", "2025-01-03-240000"), ("%F-%H%M%S", "2025-01-03-236000"),
        ("%F-%H%M%S", "2025-01-03-235960"), ("%F-%I%p", "2025-01-03-00AM"), ("%F-%I%p", "2025-01-03-05pm"),
        ("%F-%I%p", "2025-01-03-13PM"), ("%d-%b-%Y", "03-JAN-2025"), ("%s", "01735924089"), ("%s", "-0"),
        ("%s", "99999999999"),
        ("%Y%m%d", "16000101"), ("%Y%m%d", "00000101"), ("%Y%j", "2025366"), ("%Y%j", "2025000"), ("%G%V", "202553"),
        ("%G%V", "202500"),
        ("%G%V%u", "2025010"), ("%G%V%w", "2025017"), ("%F-%u", "2025-01-03-4"), ("%F-%H%M%z", "2025-01-03-1708+01:00"),
        ("%F-%H%M%z", "2025-01-03-1708+0100"), ("%F-%H%M%z", "2025-01-03-1708Z"),
    ])
    func namesOfOthers(_ layout: String, _ name: String) throws {
        #expect(try NameLayout(layout).time(of: name) == nil)
    }

    /// A file whose name is that of another in capitals, or has an ending, is another file.
    @Test
    func whatALayoutGivesHasOneSpelling() throws {
        let layout = try NameLayout(NameLayout.escaped("100%.log") + "-%Y%m%d")
        #expect(layout.name(at: try utc("2025-01-03T00:00:00")) == "100%.log-20250103")
        #expect(layout.time(of: "100%.log-20250103") == (try utc("2025-01-03T00:00:00")))
        #expect(layout.time(of: "100%.log-20250103.gz") == nil)
        #expect(layout.time(of: "100%%.log-20250103") == nil)
    }

    @Test(arguments: [
        Mistake("a/%F", "layout_forbidden", 2, "a name has no `/`", "Write a hyphen"),
        Mistake("ä%F\0", "layout_forbidden", 4, "a name has no NUL", "Leave it away."),
        Mistake(
            String(repeating: "x", count: 246) + "%F", "layout_forbidden", 1, "names would have up to 256 bytes",
            "at most 255"),
        Mistake("app.log", "layout_incomplete", 1, "names without a year come again", "Write a whole date"),
        Mistake("ä-%H%M", "layout_incomplete", 3, "names without a year come again", "Write a whole date"),
        Mistake(
            "%m-%d", "layout_incomplete", 1, "`%m` does not make a date together with the other directives", "%Y%m%d"),
        Mistake(
            "%Y-%d", "layout_incomplete", 4, "`%d` does not make a date together with the other directives", "%Y%m%d"),
        Mistake(
            "%Y-W%V", "layout_incomplete", 5, "`%V` does not make a date together with the other directives", "%G-W%V"),
        Mistake(
            "%G-W%V-%m", "layout_incomplete", 8, "`%m` does not make a date together with the other directives",
            "%G-W%V"),
        Mistake(
            "%Y-%m-%u", "layout_incomplete", 7, "`%u` does not make a date together with the other directives", "%Y-%j"),
        Mistake("%Y-%m-%H", "layout_incomplete", 7, "`%H` is a time of day, and the day is missing", "%Y%m%d"),
        Mistake("%F-%S", "layout_incomplete", 4, "`%S` does not tell a time by itself", "Write %H too."),
        Mistake("%F-%H%S", "layout_incomplete", 6, "`%S` does not tell a time by itself", "Write %M too."),
        Mistake("%F-%p", "layout_incomplete", 4, "`%p` does not tell a time by itself", "Write %H too."),
        Mistake("%F-%I%M", "layout_incomplete", 4, "`%I` does not tell a time by itself", "%p for AM or PM too"),
        Mistake("%F-%H%z", "layout_incomplete", 6, "`%z` does not tell a time by itself", "Write %M too."),
        Mistake("%s%d", "layout_conflict", 1, "nothing tells the end of `%s` from the digits behind it", "hyphen"),
        Mistake("%s1", "layout_conflict", 1, "nothing tells the end of `%s` from the digits behind it", "hyphen"),
        Mistake("%H%M%z%F", "layout_conflict", 5, "nothing tells the end of `%z` from the digits behind it", "hyphen"),
        Mistake("%F-%U", "layout_directive_unknown", 4, "there is no directive `%U`", "Write %G-W%V"),
        Mistake("%D", "layout_directive_unknown", 1, "there is no directive `%D`", "Write %F"),
        Mistake("%F%f", "layout_directive_unknown", 3, "there is no directive `%f`", "a second is not divided"),
        Mistake("%-d", "layout_directive_unknown", 1, "there is no directive `%-`", "Leave it away"),
        Mistake("%3d", "layout_directive_unknown", 1, "there is no directive `%3`", "Leave it away"),
        Mistake(
            "%Y%", "layout_directive_unknown", 3, "`%` is the last character",
            "Write %% for a percent sign, or one of %Y"),
    ])
    func mistakes(_ mistake: Mistake) throws {
        let error = try #require(#expect(throws: TimestampLayoutError.self) { try NameLayout(mistake.text) })
        #expect(error.code == mistake.code)
        #expect(error.character == mistake.character)
        #expect(error.offset == String(mistake.text.unicodeScalars.prefix(mistake.character - 1)).utf8.count)
        #expect(error.reason == mistake.reason)
        #expect(error.hint?.contains(mistake.hint) == true, "\(error)")
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

    /// Whatever a layout writes is read as the beginning of its stretch of time.
    @Test(arguments: [
        "app.log-%Y%m%d_%H%M%S", "%F-%T", "%y%j%H%M", "%I%p-%d%b%Y", "%G-%V-%w_%H", "%Y%m%d", "%G%V%u", "%G-W%V",
        "%b%Y", "%Y", "%s",
        "%Y%m%d%H%M%z", "%F-%s-%z",
    ])
    func whatIsWrittenIsRead(_ text: String) throws {
        let layout = try NameLayout(text)
        var random = SeededRandom(seed: 11)
        for _ in 0..<3000 {
            // 1969 to 2068, as far as two digits of a year tell.
            let instant = WallTime(
                nanoseconds: .random(in: -31_536_000_000_000_000...3_124_223_999_999_999_999, using: &random))
            let start = try beginning(of: instant, layout.resolution, .utc)
            #expect(layout.time(of: layout.name(at: instant)) == start, "\(layout.name(at: instant))")
        }
    }

    /// Also where clocks skip midnight or a part of an hour; where they repeat a time, the first one of two is found.
    @Test(
        .enabled(if: SystemZones.isInstalled, SystemZones.advice),
        arguments: ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"])
    func namesInZones(_ name: String) throws {
        let zone = try SystemZones.rules(name)
        let layouts = try ["%F_%H%M%S", "%F_%H", "%Y%j", "%G%V", "%Y%m"].map { try NameLayout($0, zone: zone) }
        let exact = try ["%F_%H%M%S%z", "%s"].map { try NameLayout($0, zone: zone) }
        var clock = CivilClock(zone)
        var random = SeededRandom(seed: 12)
        for _ in 0..<2000 {
            var instant = WallTime(nanoseconds: .random(in: 0...2_000_000_000, using: &random) * 1_000_000_000)
            let change = clock.period(at: instant).end
            if change < 2_000_000_000, Bool.random(using: &random) {
                instant = WallTime(
                    nanoseconds: (Int64(change) + .random(in: -8000...8000, using: &random)) * 1_000_000_000)
            }
            for layout in layouts {
                let start = try beginning(of: instant, layout.resolution, zone)
                #expect(layout.time(of: layout.name(at: instant)) == start, "\(layout.name(at: instant)) in \(name)")
            }
            for layout in exact {
                #expect(layout.time(of: layout.name(at: instant)) == instant, "\(layout.name(at: instant)) in \(name)")
            }
        }
    }

    private func beginning(of instant: WallTime, _ resolution: NameResolution, _ zone: TimeZoneRules) throws
        -> WallTime
    {
        var clock = CivilClock(zone)
        let civil = clock.civil(at: instant)
        var day = civil.day
        if resolution == .week { day -= (civil.weekday + 6) % 7 }
        if resolution > .week { day = 1 }
        let month = resolution == .year ? 1 : civil.month
        // Days before the first of the month lie in the month before.
        let date = Calendar.date(ofDay: Calendar.dayNumber(year: civil.year, month: month, day: day))
        let start = CivilDateTime(
            year: date.year, month: date.month, day: date.day, hour: resolution <= .hour ? civil.hour : 0,
            minute: resolution <= .minute ? civil.minute : 0, second: resolution == .second ? civil.second : 0)
        let first = clock.instant(of: try #require(start))
        return try #require(first)
    }
}

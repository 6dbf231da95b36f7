import CivilTime
import LogModel
import TestSupport
import Testing

struct TimeFormatTests {
    private func text(_ format: String, at time: String, _ zone: TimeZoneRules = .utc) throws -> String {
        var clock = CivilClock(zone)
        return try TimeFormat(format).text(at: instant(time), clock: &clock)
    }

    @Test(arguments: [
        ("app-%Y-%m-%d.log", "app-2025-01-03.log"), ("%H%M%S", "070809"), ("%y%j", "25003"),
        ("%d-%b-%Y", "03-Jan-2025"),
        ("%s", "1735888089"), ("%z", "+0000"), ("100%%", "100%"), ("", ""), ("ä%Yß", "ä2025ß"), ("%%Y", "%Y"),
        ("%F %T %R", "2025-01-03 07:08:09 07:08"), ("%G-W%V-%u %w", "2025-W01-5 5"), ("%I %p", "07 AM"),
    ])
    func formats(_ format: String, _ expected: String) throws {
        #expect(try text(format, at: "2025-01-03T07:08:09.999") == expected)
    }

    @Test
    func zonesAndTheTimeBefore1970() throws {
        let west = try #require(TimeZoneRules(fixedOffset: -34_200))
        #expect(try text("%Y-%m-%dT%H:%M:%S%z", at: "2025-01-03T07:08:09", west) == "2025-01-02T21:38:09-0930")
        let odd = try #require(TimeZoneRules(fixedOffset: -2670))
        #expect(try text("%H:%M:%S%z", at: "2025-01-03T07:08:09", odd) == "06:23:39-004430")
        #expect(try text("%Y %s", at: "1969-12-31T23:59:58.5") == "1969 -2")
    }

    @Test(arguments: [("%Q", 0, 1, "there is no directive `%Q`"), ("ä-%", 3, 3, "`%` is the last character")])
    func mistakes(_ format: String, _ offset: Int, _ character: Int, _ reason: String) throws {
        let error = try #require(#expect(throws: TimestampLayoutError.self) { try TimeFormat(format) })
        #expect(error.offset == offset && error.character == character)
        #expect(error.reason == reason)
        #expect(error.hint?.hasPrefix("Write %%") == true)
    }

    /// What is written is read again, in any zone, and compared with Python's own.
    @Test(.enabled(if: PythonReference.isInstalled && SystemZones.isInstalled, PythonReference.advice))
    func pythonWritesTheSame() throws {
        let format = try TimeFormat("%Y-%m-%dT%H:%M:%S%z %j %y %b %% %G %V %u %w %I %p")
        let layout = try TimestampLayout("%FT%T%z")
        var random = SeededRandom(seed: 5)
        let bounds = Int64(-2_208_988_800)...Int64(7_289_568_000)
        var input = ""
        var expected: [(zone: String, time: WallTime)] = []
        for zone in SystemZones.various {
            for _ in 0..<100 {
                let second = Int64.random(in: bounds, using: &random)
                expected.append((zone, WallTime(nanoseconds: second * 1_000_000_000)))
                input += "\(zone) \(second)\n"
            }
        }
        let program = """
            from sys import stdin; import datetime, zoneinfo
            for line in stdin:
                zone, second = line.split()
                time = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=int(second))
                print(time.astimezone(zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S%z %j %y %b %% %G %V %u %w %I %p"))
            """
        let lines = try PythonReference.lines(of: program, input: input)
        try #require(lines.count == expected.count)
        for (line, (zone, time)) in zip(lines, expected) {
            var clock = CivilClock(try SystemZones.rules(zone))
            let text = format.text(at: time, clock: &clock)
            #expect(text == line, "\(zone)")
            #expect(layout.timestamp(text)?.instant == time, "\(zone)")
        }
    }
}

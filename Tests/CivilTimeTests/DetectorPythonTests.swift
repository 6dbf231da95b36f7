import CivilTime
import LogModel
import Testing

@Suite(.enabled(if: PythonReference.isInstalled && SystemZones.isInstalled, PythonReference.advice))
struct DetectorPythonTests {
    /// What stands before a time, how it is written with Python's directives, and what stands behind it.
    static let formats = [
        "^%Y-%m-%d %H:%M:%S,%L^ INFO root: started", "job ^%Y-%m-%dT%H:%M:%S.%f%z^ x", "^%Y-%m-%d %H:%M:%S %z^ x",
        "[^%d/%b/%Y:%H:%M:%S %z^] x", "^%Y/%m/%d %H:%M:%S.%f^ main.go:12: x", "^%a %b %e %H:%M:%S %Y^ x",
        "[^%a %b %d %H:%M:%S.%f %Y^] x", "<34>^%b %e %H:%M:%S^ host x", "^%b %d, %Y %I:%M:%S %p^ x",
        "^%a, %d %b %Y %H:%M:%S %z^", "1:M ^%d %b %Y %H:%M:%S.%L^ * x", "^%d-%b-%Y %H:%M:%S.%L^ INFO",
        "^I%m%d %H:%M:%S.%f^    1 x]",
        "^%m-%d %H:%M:%S.%L^  123  456 W Tag: x", "^%E.%f^ x", "^%E^", "^%E%L^ x", "^%E%f^\tx",
    ]

    /// Prints the index of a format, a zone, the nanoseconds after 1970 of a time and of a reference, and the line.
    static let program = """
        from sys import argv; import datetime, random, zoneinfo
        random.seed(13)
        UTC, EPOCH = datetime.timezone.utc, datetime.datetime(1970, 1, 1)
        formats, zones = argv[1].split("|"), argv[2].split("|")
        def microseconds(time):
            return (time.astimezone(UTC).replace(tzinfo=None) - EPOCH) // datetime.timedelta(microseconds=1)
        for _ in range(int(argv[3])):
            index, name = random.randrange(len(formats)), random.choice(zones)
            layout, zone = formats[index], zoneinfo.ZoneInfo(name)
            seconds = random.randrange(1000000000, 4102444800) if "%E" in layout else random.randrange(40000000, 7258000000)
            time = (EPOCH.replace(tzinfo=UTC) + datetime.timedelta(seconds=seconds, microseconds=random.randrange(10**6))).astimezone(zone)
            if "%f" not in layout:
                time = time.replace(microsecond=time.microsecond // 1000 * 1000 if "%L" in layout else 0)
            text = layout.replace("%L", "%03d" % (time.microsecond // 1000)).replace("%E", str(microseconds(time) // 10**6))
            text = time.strftime(text)
            if "%z" not in layout and "%E" not in layout: time = time.replace(fold=0)
            # A year less than what a missing year may be off, and a day.
            reference = microseconds(time) + random.randrange(-86000, 300 * 86400) * 10**6
            print(index, name, microseconds(time) * 1000, reference * 1000, text, sep="|")
        """

    @Test
    func whatPythonWritesIsRecognised() throws {
        var clocks: [Substring: CivilClock] = [:]
        let arguments = [Self.formats.joined(separator: "|"), SystemZones.various.joined(separator: "|"), "10000"]
        var detectors = Self.formats.map { _ in TimestampDetector() }
        var compared = 0
        for line in try PythonReference.lines(of: Self.program, arguments) {
            let parts = line.split(separator: "|", maxSplits: 4)
            let index = try #require(Int(parts[0]))
            let reference = WallTime(nanoseconds: try #require(Int64(parts[3])))
            let pieces = parts[4].split(separator: "^", omittingEmptySubsequences: false)
            var clock = try clocks[parts[1]] ?? CivilClock(SystemZones.rules(String(parts[1])))
            let found = detectors[index].timestamp(
                in: Array(pieces.joined().utf8).span, clock: &clock, reference: reference)
            clocks[parts[1]] = clock
            #expect(found?.instant.nanoseconds == Int64(parts[2]), "\(line)")
            #expect(found?.range.lowerBound == pieces[0].utf8.count, "\(line)")
            #expect(found?.range.count == pieces[1].utf8.count, "\(line)")
            compared += 1
        }
        #expect(compared == 10_000)
    }
}

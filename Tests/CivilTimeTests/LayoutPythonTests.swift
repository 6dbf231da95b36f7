import CivilTime
import LogModel
import Testing

@Suite(.enabled(if: PythonReference.isInstalled && SystemZones.isInstalled, PythonReference.advice))
struct LayoutPythonTests {
    static let layouts = [
        "%Y-%m-%d %H:%M:%S", "%F %T,%L", "%FT%T.%f%z", "%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %T %Z",
        "%A %B %e %R:%S %Y",
        "%a %b %e %T %Y", "%y%m%d %H%M%S.%f", "%D %I:%M:%S.%f %p", "%Y %j %T", "%I.%M.%S%p %d-%b-%y", "%Y%m%d%H%M%S%L",
        "[%T] %m/%d/%Y", "%F %T %Z", "%Z %F %T.%f",
    ]

    /// Prints the index of a layout, a zone, the nanoseconds after 1970, and the text that Python makes of it.
    static let program = """
        from sys import argv; import datetime, random, zoneinfo
        random.seed(11)
        UTC, EPOCH = datetime.timezone.utc, datetime.datetime(1970, 1, 1)
        layouts, zones = argv[1].split("|"), argv[2].split("|")
        def microseconds(time):
            return (time.astimezone(UTC).replace(tzinfo=None) - EPOCH) // datetime.timedelta(microseconds=1)
        for _ in range(int(argv[3])):
            index, name = random.randrange(len(layouts)), random.choice(zones)
            layout, zone = layouts[index], zoneinfo.ZoneInfo(name)
            # Two digits are a year of 1969 to 2068.
            short = "%y" in layout or "%D" in layout
            first, last = (-31000000, 3092600000) if short else (-2208988800, 7289568000)
            time = EPOCH.replace(tzinfo=UTC) + datetime.timedelta(seconds=random.randrange(first, last), microseconds=random.randrange(10**6))
            time = time.astimezone(zone)
            if "%f" not in layout:
                time = time.replace(microsecond=time.microsecond // 1000 * 1000 if "%L" in layout else 0)
            text = time.strftime(layout.replace("%L", "%03d" % (time.microsecond // 1000)))
            if "%z" not in layout and "%Z" not in layout: time = time.replace(fold=0)
            print(index, name, microseconds(time) * 1000, text, sep="|")
        """

    @Test
    func whatPythonWritesIsRead() throws {
        let layouts = try Self.layouts.map { try TimestampLayout($0) }
        var clocks: [Substring: CivilClock] = [:]
        let arguments = [Self.layouts.joined(separator: "|"), SystemZones.various.joined(separator: "|"), "8000"]
        var compared = 0
        for line in try PythonReference.lines(of: Self.program, arguments) {
            let parts = line.split(separator: "|", maxSplits: 3)
            let layout = try layouts[#require(Int(parts[0]))]
            var clock = try clocks[parts[1]] ?? CivilClock(SystemZones.rules(String(parts[1])))
            let found = layout.timestamp(
                in: Array(parts[3].utf8).span, at: 0, clock: &clock, reference: .unixEpoch)
            clocks[parts[1]] = clock
            #expect(found?.instant.nanoseconds == Int64(parts[2]), "\(line) as \(layout.text)")
            #expect(found?.range == 0..<parts[3].utf8.count, "\(line) as \(layout.text)")
            compared += 1
        }
        #expect(compared == 8000)
    }
}

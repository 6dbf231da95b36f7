import CivilTime
import LogModel
import Testing

@Suite(.enabled(if: PythonReference.isInstalled && SystemZones.isInstalled, PythonReference.advice))
struct ZonePythonTests {
    /// Prints zone, seconds after 1970, seconds on the clock, offset, daylight, abbreviation for random instants, and zone,
    /// seconds on the clock, the first and the second instant (`-` in a gap) for times around changes.
    static let program = """
        from sys import argv; import datetime, random, zoneinfo
        random.seed(7)
        UTC, EPOCH = datetime.timezone.utc, datetime.datetime(1970, 1, 1)
        START, END = -2208988800, 7289568000
        def local(zone, second):
            return (EPOCH + datetime.timedelta(seconds=second)).replace(tzinfo=UTC).astimezone(zone)
        def clock(time):
            return int((time.replace(tzinfo=None) - EPOCH).total_seconds())
        def instant(zone, shown, fold):
            time = (EPOCH + datetime.timedelta(seconds=shown)).replace(tzinfo=zone, fold=fold)
            return int((time.astimezone(UTC).replace(tzinfo=None) - EPOCH).total_seconds())
        def offset(zone, second):
            return local(zone, second).utcoffset()
        def changes(zone, year):
            start = int((datetime.datetime(year, 1, 1) - EPOCH).total_seconds())
            for day in range(start, start + 366 * 86400, 86400):
                low, high = day, day + 86400
                if offset(zone, low) == offset(zone, high): continue
                while high - low > 1:
                    middle = (low + high) // 2
                    if offset(zone, low) == offset(zone, middle): low = middle
                    else: high = middle
                yield high
        for name in argv[1:]:
            zone = zoneinfo.ZoneInfo(name)
            for _ in range(300):
                second = random.randrange(START, END)
                time = local(zone, second)
                print("at", name, second, clock(time), int(time.utcoffset().total_seconds()), int(bool(time.dst())), time.tzname())
            for year in random.sample(range(1902, 2199), 12) + [2007, 2011, 2025, 2026, 2037, 2038]:
                for change in changes(zone, year):
                    for _ in range(6):
                        shown = clock(local(zone, change)) + random.randrange(-9000, 9000)
                        first, second = instant(zone, shown, 0), instant(zone, shown, 1)
                        isGap = clock(local(zone, first)) != shown
                        print("of", name, shown, first, "-" if isGap else second)
        """

    @Test
    func zonesAreAsInPython() throws {
        var clocks: [Substring: TestClock] = [:]
        var compared = (instants: 0, locals: 0, repeats: 0, gaps: 0)
        for line in try PythonReference.lines(of: Self.program, SystemZones.various) {
            let words = line.split(separator: " ")
            let clock = try clocks[words[1]] ?? TestClock(SystemZones.rules(String(words[1])))
            clocks[words[1]] = clock
            if words[0] == "at" {
                let period = clock.period(at: WallTime(nanoseconds: try seconds(words[2])))
                #expect(period.offset == Int(words[4]), "\(line)")
                #expect(period.abbreviation == words[6], "\(line)")
                let civil = clock.civil(at: WallTime(nanoseconds: try seconds(words[2])))
                #expect(try TestClock(.utc).instant(of: civil)?.nanoseconds == seconds(words[3]), "\(line)")
                compared.instants += 1
            } else {
                let civil = TestClock(.utc).civil(at: WallTime(nanoseconds: try seconds(words[2])))
                #expect(try clock.instant(of: civil)?.nanoseconds == seconds(words[3]), "\(line)")
                compared.locals += 1
                if words[4] == "-" {
                    compared.gaps += 1
                } else {
                    #expect(
                        try clock.instant(of: civil, repeated: .second)?.nanoseconds == seconds(words[4]), "\(line)")
                    if words[3] != words[4] { compared.repeats += 1 }
                }
            }
        }
        #expect(compared.instants == 300 * SystemZones.various.count)
        #expect(compared.locals > 1000 && compared.repeats > 100 && compared.gaps > 100, "\(compared)")
    }

    private func seconds(_ word: Substring) throws -> Int64 { try #require(Int64(word)) * 1_000_000_000 }
}

import CivilTime
import FuzzDriver
import LogModel

/// Zones: files as `tzfile` has them, and rules as in POSIX's `TZ`. What is understood tells every time.
@main enum FuzzZones {
    private static let instants = [
        Int64.min, -1, 0, 951_782_400, 1_711_846_799, 1_763_892_000, 4_102_444_800, Int64.max,
    ]
    .map { seconds in
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return WallTime(nanoseconds: isOver ? seconds : product)
    }

    static func main() {
        fuzz { input in
            if let rules = try? TimeZoneRules(tzif: Array(input), name: "file") { checkClock(rules, input) }
            if let rules = TimeZoneRules(posix: String(decoding: input, as: UTF8.self)) { checkClock(rules, input) }
            if let rules = TimeZoneRules(fixed: String(decoding: input, as: UTF8.self)) { checkClock(rules, input) }
        }
    }

    private static func checkClock(_ rules: TimeZoneRules, _ input: UnsafeRawBufferPointer) {
        var clock = CivilClock(rules)
        var offset = 0
        for instant in instants {
            checkTime(instant, &clock)
            // Times around the changes that the input names.
            guard offset + 8 <= input.count else { continue }
            let number = Int64(bigEndian: input.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            checkTime(WallTime(nanoseconds: number), &clock)
            offset += 8
        }
    }

    private static func checkTime(_ instant: WallTime, _ clock: inout CivilClock) {
        let period = clock.period(at: instant)
        let second = Int(instant.nanoseconds / 1_000_000_000) - (instant.nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
        check(period.start <= second && second < period.end, "an instant lies in its period")
        let civil = clock.civil(at: instant)
        // A damaged file may name changes that follow each other within hours, so that what the clock shows need not be found again.
        _ = clock.instant(of: civil)
        _ = clock.instant(of: civil, repeated: .second)
    }
}

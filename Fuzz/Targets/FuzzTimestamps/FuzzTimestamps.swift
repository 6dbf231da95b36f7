import CivilTime
import FuzzDriver
import LogModel

/// Times in lines, by layouts and found by themselves, and zone files. The first byte picks which.
@main enum FuzzTimestamps {
    private static let reference = WallTime(nanoseconds: 1_763_892_000_000_000_000)
    private static let layouts = [
        "%Y-%m-%d %H:%M:%S,%L", "%b %e %H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%s", "%j %T %f", "%I:%M %p %A %Z",
    ].compactMap { try? TimestampLayout($0) }

    static func main() {
        fuzz { input in
            guard let first = input.first else { return }
            let bytes = Array(input.dropFirst())
            var clock = CivilClock(.utc)
            switch first % 4 {
            case 0: checkDetector(bytes, &clock)
            case 1:
                let layout = layouts[Int(first / 4) % layouts.count]
                checkRange(layout.timestamp(in: bytes.span, at: 0, clock: &clock, reference: reference), bytes)
            case 2: _ = try? TimestampLayout(String(decoding: bytes, as: UTF8.self))
            default:
                guard let rules = try? TimeZoneRules(tzif: bytes, name: "fuzz") else { return }
                var local = CivilClock(rules)
                checkDetector(Array("2025-03-30 02:30:00,5 x".utf8), &local)
            }
        }
    }

    /// The second time the detector knows the format, and says the same.
    private static func checkDetector(_ bytes: [UInt8], _ clock: inout CivilClock) {
        var detector = TimestampDetector()
        let found = detector.timestamp(in: bytes.span, clock: &clock, reference: reference)
        checkRange(found, bytes)
        let again = detector.timestamp(in: bytes.span, clock: &clock, reference: reference)
        check(found == nil || again == found, "\(found as Any) becomes \(again as Any)")
        var other = TimestampDetector()
        checkRange(other.timestamp(ofValue: bytes.span, clock: &clock, reference: reference), bytes)
    }

    private static func checkRange(_ found: Timestamp?, _ bytes: [UInt8]) {
        guard let found else { return }
        check(found.range.lowerBound >= 0 && found.range.upperBound <= bytes.count, "\(found.range)")
        check((0...9).contains(found.fractionDigits), "\(found.fractionDigits) digits")
    }
}

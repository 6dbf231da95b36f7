import CivilTime
import LogModel
import Testing

/// A crontab's line and a cron that wakes up every minute and looks whether it is due, as the manual of Vixie's cron tells it.
struct CronReference {
    /// The values of each field, and whether it begins with `*`.
    struct Field {
        var text: String
        var values: Set<Int>
        var hasStar: Bool { text.hasPrefix("*") }
    }

    /// Minute, hour, day of the month, month, day of the week.
    var fields: [Field]

    var text: String { fields.map(\.text).joined(separator: " ") }

    private static let bounds = [0...59, 0...23, 1...31, 1...12, 0...7]
    private static let names: [[String]] = [
        [], [], [], ["JAN", "feb", "Mar", "apr", "mAy", "jun", "jul", "AUG", "sep", "oct", "nov", "dec"],
        ["sun", "Mon", "tue", "WED", "thu", "fri", "saT"],
    ]

    /// A line that is due now and then.
    init(using random: inout some RandomNumberGenerator) {
        fields = Self.bounds.indices.map { Self.field($0, using: &random) }
    }

    private static func field(_ index: Int, using random: inout some RandomNumberGenerator) -> Field {
        if index > 1, Bool.random(using: &random) { return Field(text: "*", values: Set(bounds[index])) }
        var field = Field(text: "", values: [])
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let item = item(index, using: &random)
            field.text += (field.text.isEmpty ? "" : ",") + item.text
            field.values.formUnion(item.values)
        }
        return field
    }

    private static func item(
        _ index: Int, using random: inout some RandomNumberGenerator
    ) -> (text: String, values: [Int]) {
        let all = bounds[index]
        let (first, second) = (Int.random(in: all, using: &random), Int.random(in: all, using: &random))
        let range = min(first, second)...max(first, second)
        let step = Int.random(in: 1...all.upperBound, using: &random)
        func name(_ value: Int) -> String {
            let place = value - all.lowerBound
            return names[index].indices.contains(place) && Bool.random(using: &random)
                ? names[index][place] : "\(value)"
        }
        return switch Int.random(in: 0..<8, using: &random) {
        case 0: ("*", Array(all))
        case 1: ("*/\(step)", Array(stride(from: all.lowerBound, through: all.upperBound, by: step)))
        case 2: ("\(name(range.lowerBound))-\(name(range.upperBound))", Array(range))
        case 3:
            (
                "\(name(range.lowerBound))-\(name(range.upperBound))/\(step)",
                Array(stride(from: range.lowerBound, through: range.upperBound, by: step))
            )
        default: (name(first), [first])
        }
    }

    /// Whether the line names what a clock shows.
    private func names(_ time: CivilDateTime) -> Bool {
        let isDay = fields[2].values.contains(time.day)
        let isWeekday = fields[4].values.contains(time.weekday) || time.weekday == 0 && fields[4].values.contains(7)
        let isRight = fields[2].hasStar || fields[4].hasStar ? isDay && isWeekday : isDay || isWeekday
        return isRight && fields[0].values.contains(time.minute) && fields[1].values.contains(time.hour)
            && fields[3].values.contains(time.month)
    }

    /// When it runs behind `start` and up to `end`. The clocks are not changed in the three hours before `start`.
    func runs(after start: WallTime, through end: WallTime, _ zone: TimeZoneRules) -> [WallTime] {
        var clock = CivilClock(zone)
        let isWild = fields[0].hasStar || fields[1].hasStar
        let minute: Int64 = 60_000_000_000
        // What clocks show, as an instant of UTC. Fixed times have been seen to up to `seen`.
        func shown(_ instant: WallTime) -> WallTime {
            WallTime(nanoseconds: instant.nanoseconds + Int64(clock.period(at: instant).offset) * 1_000_000_000)
        }
        var utc = CivilClock(.utc)
        var seen = shown(start)
        var runs: [WallTime] = []
        for nanoseconds in stride(from: start.nanoseconds + minute, through: end.nanoseconds, by: Int64.Stride(minute))
        {
            let instant = WallTime(nanoseconds: nanoseconds)
            let now = shown(instant)
            let jump = (now.nanoseconds - seen.nanoseconds) / minute
            if isWild || jump > 180 || jump < -178 {
                if names(utc.civil(at: now)) { runs.append(instant) }
                seen = now
            } else {
                // Back: nothing until the clock shows what it has not shown. Forward: what it does not show, too.
                var isDue = false
                while seen < now {
                    seen = WallTime(nanoseconds: seen.nanoseconds + minute)
                    isDue = isDue || names(utc.civil(at: seen))
                }
                if isDue { runs.append(instant) }
            }
        }
        return runs
    }
}

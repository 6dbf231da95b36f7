import CivilTime
import FuzzDriver
import LogModel
import Scheduling

/// Cron expressions and layouts of names. The first byte picks which, and the zone; the next eight are an instant.
@main enum FuzzSchedules {
    private static let zones =
        ["CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "EST5EDT,M3.2.0,M11.1.0"]
        .compactMap { TimeZoneRules(posix: $0) } + [.utc]

    static func main() {
        fuzz { input in
            guard input.count >= 9, let first = input.first else { return }
            let instant = WallTime(nanoseconds: input.loadUnaligned(fromByteOffset: 1, as: Int64.self))
            let text = String(decoding: input.dropFirst(9), as: UTF8.self)
            let zone = zones[Int(first / 2) % zones.count]
            if first % 2 == 0 {
                checkExpression(text, instant, zone)
            } else {
                checkLayout(text, instant, zone)
            }
        }
    }

    private static func checkExpression(_ text: String, _ instant: WallTime, _ zone: TimeZoneRules) {
        do throws(CronExpressionError) {
            let schedule = CronSchedule(try CronExpression(text), zone: zone)
            guard let next = schedule.next(after: instant) else {
                // 29 February on one day of the week is up to forty years away.
                check(instant.nanoseconds > 7_900_000_000_000_000_000, "an expression is due in every forty years")
                return
            }
            check(next > instant, "\(next) is behind \(instant)")
            check(next.nanoseconds % 1_000_000_000 == 0, "\(next) is a whole second")
            // Nothing is due between the two, and what comes then is later.
            check(schedule.next(after: WallTime(nanoseconds: next.nanoseconds - 1)) == next, "\(next) is due")
            let middle = WallTime(nanoseconds: instant.nanoseconds / 2 + next.nanoseconds / 2)
            if middle >= instant, middle < next { check(schedule.next(after: middle) == next, "\(next) is next") }
            if let later = schedule.next(after: next) { check(later > next, "\(later) is behind \(next)") }
        } catch {
            checkPlace(error.offset, error.character, text)
        }
    }

    private static func checkLayout(_ text: String, _ instant: WallTime, _ zone: TimeZoneRules) {
        do throws(TimestampLayoutError) {
            let layout = try NameLayout(text, zone: zone)
            _ = layout.time(of: text)
            let name = layout.name(at: instant)
            check(name.utf8.count <= NameLayout.longestName, "\(name) is short enough")
            // Two digits of a year are of 1969 to 2068.
            guard (0..<3_124_137_600_000_000_000).contains(instant.nanoseconds) else { return }
            guard let time = layout.time(of: name) else { fatalError("\(name) is not read") }
            check(time <= instant, "\(name) begins before \(instant)")
            check(layout.name(at: time) == name, "\(name) is \(time)")
        } catch {
            checkPlace(error.offset, error.character, text)
        }
    }

    private static func checkPlace(_ offset: Int, _ character: Int, _ text: String) {
        let before = text.unicodeScalars.prefix(character - 1)
        check(before.count == character - 1, "character \(character) is within the text or behind it")
        check(offset == before.reduce(0) { $0 + UTF8.width($1) }, "\(offset) is the place of character \(character)")
    }
}

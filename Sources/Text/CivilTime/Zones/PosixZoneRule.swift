/// A zone as in POSIX's `TZ`, such as `CET-1CEST,M3.5.0,M10.5.0/3`, with what version 3 of RFC 9636 adds: hours of a change
/// from -167 to 167.
struct PosixZoneRule {
    /// Daylight-saving time and when it begins and ends each year.
    struct Daylight {
        var time: ZoneLocalTime
        var start: ChangeOfYear
        var end: ChangeOfYear
    }

    /// A day of every year and the local second of that day, counted by the clocks before the change.
    struct ChangeOfYear {
        var day: DayOfYear
        var second: Int
    }

    enum DayOfYear {
        /// `J1` to `J365`: 29 February is never counted.
        case withoutLeapDay(Int)
        /// 0 to 365: 29 February is counted.
        case withLeapDay(Int)
        /// `Mmonth.week.weekday`, where week 5 is the last one.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// A change of the clocks in seconds after 1970.
    struct Change {
        var second: Int
        var isToDaylight: Bool
    }

    var standard: ZoneLocalTime
    var daylight: Daylight?

    /// The changes of all years that a `WallTime` can name, ascending; none without daylight-saving time.
    var changes: [Change] {
        guard let daylight else { return [] }
        var changes: [Change] = []
        for year in 1677...2262 {
            let start = Change(
                second: daylight.start.localSecond(in: year) - standard.offset, isToDaylight: true)
            let end = Change(
                second: daylight.end.localSecond(in: year) - daylight.time.offset, isToDaylight: false)
            for change in start.second < end.second ? [start, end] : [end, start] {
                // Daylight-saving time all the year: it ends when that of the next year begins, which is no change at all.
                if let last = changes.last, last.second >= change.second {
                    guard change.isToDaylight else { continue }
                    changes.removeLast()
                }
                if changes.last?.isToDaylight != change.isToDaylight { changes.append(change) }
            }
        }
        return changes
    }
}

extension PosixZoneRule.ChangeOfYear {
    /// Seconds from 1970-01-01 00:00 on the clocks before the change.
    func localSecond(in year: Int) -> Int {
        let firstDay = Calendar.dayNumber(year: year, month: 1, day: 1)
        let number =
            switch day {
            case .withoutLeapDay(let day): firstDay + day - (day < 60 || !Calendar.isLeap(year) ? 1 : 0)
            case .withLeapDay(let day): firstDay + day
            case .weekday(let month, let week, let weekday):
                Self.dayNumber(year: year, month: month, week: week, weekday: weekday)
            }
        return number * Calendar.secondsPerDay + second
    }

    private static func dayNumber(year: Int, month: Int, week: Int, weekday: Int) -> Int {
        let first = Calendar.dayNumber(year: year, month: month, day: 1)
        let inFirstWeek = (weekday - Calendar.weekday(ofDay: first) + 7) % 7
        let inWeek = inFirstWeek + (week - 1) * 7
        return first + (inWeek < Calendar.days(inMonth: month, of: year) ? inWeek : inWeek - 7)
    }
}

extension PosixZoneRule {
    /// Nil when the text is no such rule.
    init?(_ text: [UInt8]) {
        var parser = PosixZoneParser(text: text)
        guard let rule = parser.rule() else { return nil }
        self = rule
    }
}

private struct PosixZoneParser {
    let text: [UInt8]
    private var offset = 0

    init(text: [UInt8]) { self.text = text }

    mutating func rule() -> PosixZoneRule? {
        guard let standardName = name(), let west = duration(hours: 24) else { return nil }
        let standard = ZoneLocalTime(offset: -west, isDaylightSaving: false, abbreviation: standardName)
        if offset == text.count { return PosixZoneRule(standard: standard) }
        guard let daylightName = name() else { return nil }
        var daylightOffset = standard.offset + 3600
        if next != UInt8(ascii: ",") {
            guard let west = duration(hours: 24) else { return nil }
            daylightOffset = -west
        }
        guard let start = change(), let end = change(), offset == text.count else { return nil }
        let time = ZoneLocalTime(offset: daylightOffset, isDaylightSaving: true, abbreviation: daylightName)
        return PosixZoneRule(
            standard: standard, daylight: PosixZoneRule.Daylight(time: time, start: start, end: end))
    }

    private var next: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character.asciiValue else { return false }
        offset += 1
        return true
    }

    /// Letters, or anything but `>` between `<` and `>`; three bytes at least.
    private mutating func name() -> ZoneAbbreviation? {
        let isQuoted = take("<")
        let start = offset
        while let byte = next, isQuoted ? byte != UInt8(ascii: ">") : ByteReader.isLetter(byte) { offset += 1 }
        let name = text[start..<offset]
        guard name.count >= 3, !isQuoted || take(">") else { return nil }
        return ZoneAbbreviation(name)
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let start = offset
        var number = 0
        while let byte = next, let digit = ByteReader.digit(byte), offset - start < 3 {
            number = number * 10 + digit
            offset += 1
        }
        return offset > start && range.contains(number) ? number : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private mutating func duration(hours: Int) -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(0...hours) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,day[/time]`; the time is 02:00 when none is given.
    private mutating func change() -> PosixZoneRule.ChangeOfYear? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return PosixZoneRule.ChangeOfYear(day: day, second: 7200) }
        return duration(hours: 167).map { PosixZoneRule.ChangeOfYear(day: day, second: $0) }
    }

    private mutating func day() -> PosixZoneRule.DayOfYear? {
        if take("J") { return number(1...365).map { .withoutLeapDay($0) } }
        guard take("M") else { return number(0...365).map { .withLeapDay($0) } }
        guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}

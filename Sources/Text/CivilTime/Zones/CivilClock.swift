public import LogModel

/// The clock on the wall of a zone: civil time from instants and back.
///
/// It remembers the period of the last answer, so that all lines between two changes of the clocks cost no search. Its owner
/// is one thread.
public struct CivilClock: Sendable {
    /// Which of two instants is meant by a local time that happens twice, when clocks are set back.
    public enum Repeated: Sendable {
        case first
        case second
    }

    /// The zone's rules.
    public let rules: TimeZoneRules
    private var last: ZonePeriod
    /// The year of the last answer, and its days from 1970-01-01.
    private var lastYear = (number: 1970, days: 0..<365)

    /// A clock of that zone.
    public init(_ rules: TimeZoneRules) {
        self.rules = rules
        last = rules.period(at: 0)
    }

    /// The period that an instant lies in.
    public mutating func period(at instant: WallTime) -> ZonePeriod {
        period(atSecond: Calendar.floorDivide(Int(instant.nanoseconds), 1_000_000_000))
    }

    /// What the clock shows at an instant.
    public mutating func civil(at instant: WallTime) -> CivilDateTime {
        let seconds = Calendar.floorDivide(Int(instant.nanoseconds), 1_000_000_000)
        let offset = period(atSecond: seconds).offset
        return CivilDateTime(
            localSeconds: seconds + offset,
            // In the first second of the range the product alone would be out of it; the difference never is.
            nanosecond: Int(instant.nanoseconds) &- seconds &* 1_000_000_000)
    }

    /// The instant when the clock shows `civil`; nil outside of what a `WallTime` can hold, 1677 to 2262.
    ///
    /// A time that the clock skips when it is set forward is read as if it had not been set: 02:30 is half an hour after the
    /// change.
    public mutating func instant(of civil: CivilDateTime, repeated: Repeated = .first) -> WallTime? {
        WallTime(
            seconds: seconds(ofLocal: civil.localSeconds, repeated: repeated), nanosecond: civil.nanosecond)
    }

    /// The period that `second` after 1970 lies in.
    @inline(__always)
    package mutating func period(atSecond second: Int) -> ZonePeriod {
        if second < last.start || second >= last.end { last = rules.period(at: second) }
        return last
    }

    /// The year of the day that is so many days from 1970-01-01.
    @inline(__always)
    mutating func year(ofDay day: Int) -> Int {
        if !lastYear.days.contains(day) {
            let year = Calendar.date(ofDay: day).year
            let start = Calendar.dayNumber(year: year, month: 1, day: 1)
            lastYear = (year, start..<start + (Calendar.isLeap(year) ? 366 : 365))
        }
        return lastYear.number
    }

    /// Seconds after 1970 of a time on this clock.
    @inline(__always)
    mutating func seconds(ofLocal localSecond: Int, repeated: Repeated = .first) -> Int {
        if repeated == .second { return localSecond - rules.laterPeriod(atLocal: localSecond).offset }
        if !last.localSeconds.contains(localSecond) { last = rules.period(atLocal: localSecond) }
        return localSecond - last.offset
    }

    /// Seconds after 1970 of a time that is called by an abbreviation of this zone, such as `CEST`, which also tells the two
    /// apart that clocks show twice. Where it is not in force then, it is what it was called by last; nil when the zone has no
    /// such time.
    mutating func seconds(ofLocal localSecond: Int, abbreviation: ZoneAbbreviation) -> Int? {
        let usual = seconds(ofLocal: localSecond)
        if last.type.abbreviation == abbreviation { return usual }
        var seconds: Int?
        for type in rules.types where type.abbreviation == abbreviation {
            let candidate = localSecond - type.offset
            if rules.period(at: candidate).type == type { return candidate }
            seconds = candidate
        }
        return seconds
    }

    /// Whether the zone calls a time by this abbreviation.
    @inline(__always)
    func knows(_ abbreviation: ZoneAbbreviation) -> Bool {
        rules.abbreviations & abbreviation.mask != 0 && rules.types.contains { $0.abbreviation == abbreviation }
    }
}

extension WallTime {
    /// Nil outside of the range.
    @inline(__always)
    package init?(seconds: Int, nanosecond: Int) {
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, alsoOverflows) = product.addingReportingOverflow(nanosecond)
        guard !overflows, !alsoOverflows else { return nil }
        self.init(nanoseconds: Int64(sum))
    }
}

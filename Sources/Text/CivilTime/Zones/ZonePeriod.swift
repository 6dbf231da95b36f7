/// A stretch of time between two changes of a zone's clocks.
public struct ZonePeriod: Hashable, Sendable {
    /// Seconds after 1970 of the first second; the lowest number when there was no change before.
    public let start: Int
    /// Seconds after 1970 behind the last second; the highest number when no change comes.
    public let end: Int
    /// The local seconds that are taken as within this period when nothing else is said: those between two changes, those
    /// that the change at its end skips, and those that it repeats, the first time.
    let localSeconds: Range<Int>
    let type: ZoneLocalTime

    /// How many seconds the clocks are ahead of UTC: 3600 for `+01:00`.
    public var offset: Int { type.offset }
    /// Whether this is daylight-saving time.
    public var isDaylightSaving: Bool { type.isDaylightSaving }
    /// The short name, such as `CEST`, of which eight bytes are kept.
    public var abbreviation: String { type.abbreviation.text }
}

/// What clocks in a zone show at some time.
struct ZoneLocalTime: Hashable, Sendable {
    /// Seconds ahead of UTC.
    var offset: Int
    var isDaylightSaving: Bool
    var abbreviation: ZoneAbbreviation

    /// RFC 9636 knows no offsets of more than 26 hours.
    static let offsets = -26 * 3600...26 * 3600
}

public import LogModel

/// Recognises the time of a line however it is written, where that cannot be mistaken; see `TimestampFormat`.
///
/// One for each stream: it remembers where the last time stood and looks there first, so that the lines of a steady log cost no
/// search. On a line with two times it therefore takes the one that stands where the line before had its own. Otherwise the
/// first one counts that begins within the first 64 bytes.
///
/// What is ambiguous is no time: days and months as numbers without the year before them, years before 1970 or after 2199. And a
/// line has none whose first time there is not, as on 30 February, or contradicts its weekday, or has a zone's abbreviation that
/// the zone in use does not have.
public struct TimestampDetector: Hashable, Sendable {
    /// Times that begin further back are not looked for.
    public static let searchedBytes = 64

    /// How the last time was written; nil before the first.
    public private(set) var format: TimestampFormat?
    private var lastStart = 0

    /// A detector that has not seen a line yet.
    public init() {}

    /// The time of a line; nil when it has none.
    ///
    /// `clock` is that of the zone of times that name none, and `reference` when the line was written at the latest.
    public mutating func timestamp(
        in line: Span<UInt8>, clock: inout CivilClock, reference: WallTime
    ) -> Timestamp? {
        if lastStart < line.count {
            switch attempt(line, at: lastStart, &clock, reference) {
            case .found(let timestamp): return timestamp
            case .refused: return nil
            case .nothing: break
            }
        }
        for start in 0..<min(line.count, Self.searchedBytes) where start != lastStart {
            switch attempt(line, at: start, &clock, reference) {
            case .found(let timestamp): return timestamp
            case .refused: return nil
            case .nothing: break
            }
        }
        return nil
    }

    /// The time that a value is, such as that of a field of JSON; nil when it is none, or something else stands beside it.
    public mutating func timestamp(
        ofValue value: Span<UInt8>, clock: inout CivilClock, reference: WallTime
    ) -> Timestamp? {
        var reader = ByteReader()
        _ = reader.spaces(value)
        guard reader.position < value.count else { return nil }
        var scan = TimestampScan(at: reader.position, isBeginning: true)
        guard let format = scan.format(value, clock) else { return nil }
        reader = scan.reader
        _ = reader.spaces(value)
        guard reader.position == value.count,
            let timestamp = scan.timestamp(clock: &clock, reference: reference)
        else { return nil }
        self.format = format
        return timestamp
    }

    private enum Attempt {
        case found(Timestamp)
        /// There is one, and what it says cannot be.
        case refused
        case nothing
    }

    @inline(__always)
    private mutating func attempt(
        _ line: Span<UInt8>, at start: Int, _ clock: inout CivilClock, _ reference: WallTime
    ) -> Attempt {
        guard TimestampScan.mayBegin(with: line[start]), start == 0 || TimestampScan.mayPrecede(line[start - 1]) else {
            return .nothing
        }
        // As Nagios writes: [1700000000].
        let isBeginning = start == 0 || start == 1 && line[0] == UInt8(ascii: "[")
        var scan = TimestampScan(at: start, isBeginning: isBeginning)
        guard let format = scan.format(line, clock) else { return scan.hasForeignZone ? .refused : .nothing }
        guard let timestamp = scan.timestamp(clock: &clock, reference: reference) else { return .refused }
        self.format = format
        lastStart = start
        return .found(timestamp)
    }
}

import CivilTime
import LogModel

/// The time of the nearest line before a batch that says one.
struct PrecedingTime: Hashable {
    var instant: WallTime
    /// How many lines stand between it and the batch.
    var distance: Int
}

/// When the lines of a batch were written, for those that somebody asks for; the others are not looked at, but for one at the
/// end of the batch as a rule.
///
/// A line that says no time has that of the nearest of the 100 lines before it that says one, across batches, or else that of
/// its arrival. So it does not depend on where batches end, unless nothing near it says a time.
struct LineClock {
    /// How many lines before a line may say its time.
    static let reach = 100

    private var reader: TimestampReader
    private var preceding: PrecedingTime?
    private var arrival = WallTime.unixEpoch
    /// All lines up to here are known that are near enough to say the time of a later one; -1 for none.
    private var lastSearched = -1
    /// The newest line among them that says a time.
    private var newest: (line: Int, instant: WallTime)?
    /// The line that was asked for last, with the answer.
    private var lastAnswer: (line: Int, instant: WallTime)?
    /// How many lines of the batch were asked for and say no time, and which was the last one.
    private(set) var unreadable = (count: 0, last: 0)

    init(_ reader: TimestampReader) { self.reader = reader }

    /// Begins a batch: what is known of the lines before it, and when it arrived.
    mutating func begin(after preceding: PrecedingTime?, arrival: WallTime) {
        (self.preceding, self.arrival) = (preceding, arrival)
        (lastSearched, newest, lastAnswer) = (-1, nil, nil)
        unreadable = (0, 0)
    }

    /// When a line was written; lines are asked for in their order.
    mutating func time(of line: Int, in batch: LineBatch) -> WallTime {
        if let lastAnswer, lastAnswer.line == line { return lastAnswer.instant }
        let instant = find(line, batch)
        lastAnswer = (line, instant)
        return instant
    }

    private mutating func find(_ line: Int, _ batch: LineBatch) -> WallTime {
        if let own = reader.timestamp(of: line, in: batch, reference: arrival)?.instant {
            (newest, lastSearched) = ((line, own), line)
            return own
        }
        unreadable = (unreadable.count + 1, line)
        searchBack(from: line - 1, for: line, batch)
        lastSearched = line
        return nearest(before: line)?.instant ?? arrival
    }

    /// What is known of the lines before the next batch.
    mutating func end(_ batch: LineBatch) -> PrecedingTime? {
        searchBack(from: batch.lineCount - 1, for: batch.lineCount, batch)
        return nearest(before: batch.lineCount)
    }

    /// Looks for a time in the lines that may say that of `line`, the nearest first.
    private mutating func searchBack(from first: Int, for line: Int, _ batch: LineBatch) {
        var candidate = first
        while candidate > lastSearched, line - candidate <= Self.reach {
            if let found = reader.timestamp(of: candidate, in: batch, reference: arrival) {
                newest = (candidate, found.instant)
                return
            }
            candidate -= 1
        }
    }

    private func nearest(before line: Int) -> PrecedingTime? {
        if let newest {
            return line - newest.line <= Self.reach
                ? PrecedingTime(instant: newest.instant, distance: line - newest.line - 1) : nil
        }
        guard let preceding, preceding.distance + line + 1 <= Self.reach else { return nil }
        return PrecedingTime(instant: preceding.instant, distance: preceding.distance + line)
    }
}

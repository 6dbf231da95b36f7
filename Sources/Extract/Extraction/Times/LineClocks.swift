import LineFormats
import LogModel

/// The clocks of all sources whose lines are asked for their time.
struct LineClocks {
    /// By source; nil for one that is not asked. The last one is for sources that are not configured.
    private var clocks: [LineClock?]
    /// The clock of the current batch.
    private var current = 0

    /// `asking`: whether anybody asks for the time of lines, by source, and at the end for sources that are not configured.
    init(
        sources: [SourceName], asking: [Bool], timestamps: [SourceName: TimestampSettings],
        fields: [SourceName: FieldFormat]
    ) throws(FieldPathError) {
        clocks = []
        for (index, isAsked) in asking.enumerated() {
            guard isAsked else {
                clocks.append(nil)
                continue
            }
            let source = index < sources.count ? sources[index] : nil
            let reader = try TimestampReader(
                source.flatMap { timestamps[$0] } ?? TimestampSettings(),
                fields: source.flatMap { fields[$0] } ?? .none)
            clocks.append(LineClock(reader))
        }
    }

    /// Whether lines of the current batch may be asked for.
    var areRunning: Bool { clocks[current] != nil }

    /// Begins a batch.
    mutating func begin(_ batch: LineBatch, after preceding: PrecedingTime?, arrival: WallTime) {
        current = batch.source < clocks.count - 1 ? batch.source : clocks.count - 1
        clocks[current]?.begin(after: preceding, arrival: arrival)
    }

    /// When a line of the current batch was written; lines are asked for in their order.
    mutating func time(of line: Int, in batch: LineBatch) -> WallTime {
        guard let time = clocks[current]?.time(of: line, in: batch) else {
            preconditionFailure("BUG: a source whose lines have no clock is asked for their time")
        }
        return time
    }

    /// Ends the current batch: what is known of the lines before the next one, and how many lines that were asked for say no
    /// time.
    mutating func end(_ batch: LineBatch) -> (preceding: PrecedingTime?, unreadable: (count: Int, last: Int)) {
        let preceding = clocks[current]?.end(batch)
        return (preceding, clocks[current]?.unreadable ?? (0, 0))
    }
}

import FileAccess
import LogModel

/// Closed segments: what late writers still add to them, and when they are complete.
extension StreamTracker {
    func watchClosedSegments(now: MonotonicTime) throws(FileAccessError) {
        for tracked in segments where tracked.segment.state == .closed && tracked.displacement == nil {
            guard let file = tracked.file else { continue }
            if isLastOfItsFile(tracked) {
                let grown = try file.status().size
                if grown > tracked.fileEnd {
                    tracked.lastGrowth = now
                    try takeLateBytes(of: tracked, file: file, size: grown, now: now)
                    return
                }
                guard try isComplete(tracked, file: file, now: now) else { continue }
            }
            tracked.segment.state = .complete
            isDirty = true
        }
    }

    private func isComplete(_ tracked: TrackedSegment, file: SegmentFile, now: MonotonicTime) throws(FileAccessError) -> Bool {
        switch file.file.writers() {
        case .present: return false
        case .unknown: return now.since(tracked.lastGrowth) >= Self.quietTime
        case .absent:
            // A writer may have written and closed between the two questions.
            return try file.status().size == tracked.fileEnd
        }
    }

    /// Whether no later segment continues in the same file.
    func isLastOfItsFile(_ tracked: TrackedSegment) -> Bool {
        guard let last = segments.last(where: { $0.file === tracked.file && $0.file != nil }) else { return true }
        return last === tracked
    }

    /// Bytes that a writer added to a file after a newer one had been begun: they become a segment of their own, behind what
    /// the furthest consumer has read of the newest file, which goes on behind them. Nothing that was read moves.
    private func takeLateBytes(of tracked: TrackedSegment, file: SegmentFile, size: UInt64, now: MonotonicTime)
        throws(FileAccessError)
    {
        guard let live = segments.last, live !== tracked else {
            tracked.segment.length = size - tracked.segment.base
            isDirty = true
            return
        }
        // Whole lines only, as long as the writer may be in the middle of one.
        let lower = tracked.fileEnd
        let bytes = try file.bytes(at: lower, count: Int(min(size - lower, 1 << 20)))
        guard let newline = bytes.lastIndex(of: 0x0A) else { return }
        let length = UInt64(newline + 1)
        // Bytes that follow directly, before anybody read behind the segment, simply belong to it.
        if let next = segmentAfter(tracked), furthestOffset <= next.segment.start {
            tracked.segment.length += length
            var start = tracked.segment.end
            for later in segments.drop(while: { $0 !== tracked }).dropFirst() {
                later.segment.start = start
                start = later.segment.end
            }
            isDirty = true
            return
        }
        let split = max(live.segment.start, min(live.segment.end, furthestOffset))
        let continuation = Segment(
            start: split + length, length: live.segment.end - split, base: live.fileOffset(split), path: live.segment.path,
            codec: live.segment.codec, identity: live.segment.identity, head: live.segment.head, state: live.segment.state)
        live.segment.length = split - live.segment.start
        live.segment.state = .complete
        var late = tracked.segment
        late.start = split
        late.length = length
        late.base = lower
        append(late, file: file, now: now)
        append(continuation, file: live.file, now: now)
        segments.last?.lastGrowth = live.lastGrowth
    }

    private func segmentAfter(_ tracked: TrackedSegment) -> TrackedSegment? {
        guard let index = segments.firstIndex(where: { $0 === tracked }), index + 1 < segments.count else { return nil }
        return segments[index + 1]
    }

    /// How far the furthest consumer has read.
    var furthestOffset: UInt64 { cursors().map(\.offset).max() ?? 0 }
}

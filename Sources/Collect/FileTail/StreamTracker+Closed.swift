import FileAccess
import LogModel

/// Closed segments: what late writers still add to them, and when they are complete.
extension StreamTracker {
    func watchClosedSegments(now: MonotonicTime) throws(FileAccessError) {
        // The list changes when bytes are taken.
        for _ in 0..<16 {
            var hasTaken = false
            for tracked in segments where tracked.state == .closed && tracked.generation.file != nil && !hasTaken {
                if lastSegment(of: tracked.generation) !== tracked {
                    tracked.state = .complete
                    isDirty = true
                } else {
                    hasTaken = try watch(tracked, now: now)
                }
            }
            if !hasTaken { return }
        }
    }

    /// Looks at one closed file; true when bytes were taken from it.
    private func watch(_ tracked: TrackedSegment, now: MonotonicTime) throws(FileAccessError) -> Bool {
        let generation = tracked.generation
        guard let file = generation.file else { return false }
        let size = try file.content().length
        var isOver = file.codec == .gzip
        if !isOver, now >= generation.nextProbe {
            generation.nextProbe = now.advanced(by: Self.probeInterval)
            let writers = file.file.writers()
            generation.isLeftAlone = writers != .present
            // A writer may have written and closed between the two questions.
            let sizeNow = try file.content().length
            isOver = writers == .absent && sizeNow == size
        }
        guard size > tracked.fileEnd else {
            guard isOver else { return false }
            tracked.state = .complete
            isDirty = true
            return false
        }
        if size != generation.seenLength {
            generation.seenLength = size
            generation.lastGrowth = now
        }
        let isAll =
            isOver || generation.isQuiet(for: Self.writerPatience, now: now)
            || generation.isLeftAlone && generation.isQuiet(for: Self.quietTime, now: now)
        return try takeLateBytes(of: tracked, file: file, size: size, isAll: isAll)
    }

    /// Bytes that a writer added to a file after a newer one had been begun: they become a segment of their own, behind what
    /// the furthest consumer has read of the newest file, which goes on behind them. Nothing that was read moves.
    ///
    /// Whole lines only, unless `isAll`, as long as the writer may be in the middle of one.
    private func takeLateBytes(of tracked: TrackedSegment, file: SegmentFile, size: UInt64, isAll: Bool)
        throws(FileAccessError) -> Bool
    {
        guard try growHead(of: tracked.generation) else {
            displace(tracked.generation, reason: .truncated)
            needsReconcile = true
            return true
        }
        let lower = tracked.fileEnd
        let next = segmentAfter(tracked)
        // Bytes that follow directly, before anybody read behind the segment, simply belong to it.
        if next == nil || cursors().allSatisfy({ $0.offset <= next?.start ?? .max }) {
            tracked.length = size - tracked.base
            var start = tracked.end
            for later in segments.drop(while: { $0 !== tracked }).dropFirst() {
                later.start = start
                start = later.end
            }
            isDirty = true
            try noteTail(of: tracked.generation, before: tracked.fileEnd)
            return true
        }
        guard let length = try takeable(file, lower..<size, isAll: isAll) else { return false }
        let late = TrackedSegment(start: 0, length: length, base: lower, state: .closed, of: tracked.generation)
        guard insert([late]) else { return false }
        tracked.state = .complete
        try noteTail(of: tracked.generation, before: late.fileEnd)
        return true
    }

    /// How many of a file's bytes in a range can be taken now; nil when none.
    private func takeable(_ file: SegmentFile, _ range: Range<UInt64>, isAll: Bool) throws(FileAccessError) -> UInt64? {
        let count = Int(min(range.upperBound - range.lowerBound, 1 << 20))
        if isAll { return UInt64(count) }
        let bytes = try file.bytes(at: range.lowerBound, count: count)
        if let behind = lineEnd.last(in: bytes, at: range.lowerBound) { return UInt64(behind) }
        // A line that is longer than this is cut anyway.
        return bytes.count == 1 << 20 ? UInt64(count) : nil
    }

    private func segmentAfter(_ tracked: TrackedSegment) -> TrackedSegment? {
        guard let index = segments.firstIndex(where: { $0 === tracked }), index + 1 < segments.count else { return nil }
        return segments[index + 1]
    }
}

import FileAccess
import LogModel

/// What a power cut took.
extension StreamTracker {
    /// After a reboot: what was seen of the files and was not yet on disk may be gone, or written over.
    func settlePowerCut() throws(FileAccessError) {
        for generation in generations {
            guard let file = generation.file, let tracked = lastSegment(of: generation),
                file.codec == .plain || tracked.state == .open
            else { continue }
            let size = try file.content().length
            if size < tracked.fileEnd {
                try shorten(generation, to: size)
            } else if try !agreesWithCursors(file, length: size, generation) {
                try continueAfterPowerCut(tracked, file: file, size: size)
            }
        }
    }

    /// After a reboot the file's unsynced tail is gone, and its writer has already written on, past the place that was read:
    /// where the new bytes begin cannot be known any more. Reading goes on behind the place, with the next line, because
    /// reading the file anew would count everything twice.
    private func continueAfterPowerCut(_ tracked: TrackedSegment, file: SegmentFile, size: UInt64)
        throws(FileAccessError)
    {
        let split = max(tracked.start, min(tracked.end, furthestOffset))
        let place = tracked.fileOffset(split)
        let bytes = try file.bytes(at: place, count: Int(min(size > place ? size - place : 0, 1 << 20)))
        let base = place + UInt64(lineEnd.first(in: bytes) ?? bytes.count)
        events.append(.openEnd(offset: split, reason: .regressed, path: tracked.generation.path))
        judged = judged.filter { $0.value.generation !== tracked.generation }
        let rest = TrackedSegment(
            start: split, length: size > base ? size - base : 0, base: base,
            state: tracked.state == .open ? .open : .closed, of: tracked.generation)
        tracked.generation.tail = try file.anchor(before: size)
        if tracked === segments.last {
            tracked.length = split - tracked.start
            segments.append(rest)
        } else {
            cut(tracked, at: split, reason: .regressed)
            if !insert([rest]) { needsReconcile = true }
        }
        tracked.state = .complete
        isDirty = true
    }

    /// After a power cut what is left of a file is a true prefix of what was seen: takes out what it has lost at its end. New bytes
    /// behind it are new.
    private func shorten(_ generation: Generation, to size: UInt64) throws(FileAccessError) {
        guard let file = generation.file else { return }
        let isOpen = lastSegment(of: generation)?.state == .open
        for tracked in segments.reversed() where tracked.generation === generation && tracked.state != .gone {
            guard size < tracked.fileEnd else { break }
            // What was a copy of it is none of what it will become.
            judged = judged.filter { $0.value.generation !== generation }
            let kept = tracked.start + (size > tracked.base ? size - tracked.base : 0)
            events.append(.regressed(kept..<tracked.end, path: generation.path))
            cut(tracked, at: kept, reason: .regressed)
        }
        if size < UInt64(generation.head.length) { generation.head = try file.head() }
        generation.headBytes = []
        generation.tail = try file.anchor(before: size)
        generation.modified = nil
        guard let index = segments.lastIndex(where: { $0.generation === generation }) else { return }
        segments.insert(
            TrackedSegment(
                start: segments[index].end, length: 0, base: size, state: isOpen ? .open : .closed, of: generation),
            at: index + 1)
    }

    /// What lies behind `offset` of a segment is gone.
    func cut(_ tracked: TrackedSegment, at offset: UInt64, reason: LossReason) {
        guard let index = segments.firstIndex(where: { $0 === tracked }), offset < tracked.end else { return }
        let rest = TrackedSegment(
            start: offset, length: tracked.end - offset, base: tracked.fileOffset(offset), state: .gone,
            of: tracked.generation)
        rest.lossReason = reason
        tracked.length = offset - tracked.start
        tracked.state = .complete
        segments.insert(rest, at: index + 1)
        isDirty = true
    }
}

import FileAccess
import LogModel

extension StreamTracker {
    /// The newest segment that begins at or before `offset`.
    private func segment(at offset: UInt64) -> TrackedSegment? {
        segments.last { $0.start <= offset }
    }

    /// Reads from `offset` into the payload of `buffer`, within one segment, after checking that the bytes before it are
    /// those of `anchor`.
    ///
    /// `anchorLength` is set to the number of valid bytes in front of the payload.
    func read(at offset: UInt64, anchor: Anchor, into buffer: ReadBuffer, anchorLength: inout Int, now: MonotonicTime)
        throws(FileAccessError) -> ReadOutcome
    {
        anchorLength = 0
        guard let tracked = segment(at: offset) else {
            return segments.isEmpty ? .caughtUp : lostBefore(offset)
        }
        guard offset < tracked.end else { return .caughtUp }
        guard tracked.state != .gone else { return lost(tracked) }
        guard let file = try openFile(of: tracked.generation) else {
            try reconcile(now: now)
            return tracked.generation.file == nil && tracked.state != .gone ? .caughtUp : .changed
        }
        do throws(FileAccessError) {
            return try read(
                tracked, file, at: offset, anchor: anchor, into: buffer, anchorLength: &anchorLength, now: now)
        } catch {
            guard error.code == "gzip_damaged" || error.code == "gzip_truncated", tracked.state != .open else {
                throw error
            }
            cut(tracked, at: offset, reason: .unreadable)
            return .changed
        }
    }

    private func read(
        _ tracked: TrackedSegment, _ file: SegmentFile, at offset: UInt64, anchor: Anchor, into buffer: ReadBuffer,
        anchorLength: inout Int, now: MonotonicTime
    ) throws(FileAccessError) -> ReadOutcome {
        let place = tracked.fileOffset(offset)
        let length = offset > tracked.start && place >= UInt64(anchor.length) ? Int(anchor.length) : 0
        let wanted = Int(min(UInt64(buffer.capacity), tracked.end - offset))
        let window = buffer.window(anchorLength: length, count: wanted)
        let got = try file.read(into: window, at: place - UInt64(length)) - length
        let seen = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(window)[..<max(0, min(length, got + length))])
        guard length == 0 || ContentHash(seen) == anchor.hash, try isHeadIntact(tracked, place, length, buffer, got)
        else {
            return try mismatch(tracked, at: offset, now: now)
        }
        guard got == wanted else { return try short(tracked, at: offset + UInt64(max(0, got)), now: now) }
        anchorLength = length
        tracked.generation.mismatches = 0
        if buffer.payload[0] == 0, file.codec == .plain,
            let hole = try hole(file, from: place, count: tracked.end - offset)
        {
            return .hole(to: offset + hole)
        }
        return .bytes(
            count: got, startsFile: offset == tracked.start && !continuesLine(tracked),
            endsSegment: offset + UInt64(got) == tracked.end && isWhole(tracked, now: now))
    }

    /// Whether an unfinished last line of a segment counts as a line.
    private func isWhole(_ tracked: TrackedSegment, now: MonotonicTime) -> Bool {
        switch tracked.state {
        case .open: return isFinishing && tracked === segments.last
        case .complete, .gone: return true
        case .closed:
            // What follows in the same file was cut off at a line's end.
            return lastSegment(of: tracked.generation) !== tracked
                || tracked.generation.isQuiet(for: Self.writerPatience, now: now)
                || tracked.generation.isLeftAlone && tracked.generation.isQuiet(for: Self.quietTime, now: now)
        }
    }

    /// Whether a line may go on from the segment before into this one.
    private func continuesLine(_ tracked: TrackedSegment) -> Bool {
        guard let index = segments.firstIndex(where: { $0 === tracked }), index > 0 else { return false }
        let before = segments[index - 1]
        return before.generation === tracked.generation && before.state != .gone && before.fileEnd == tracked.base
    }

    /// A read that no anchor covers checks the head.
    private func isHeadIntact(
        _ tracked: TrackedSegment, _ place: UInt64, _ anchorLength: Int, _ buffer: ReadBuffer, _ count: Int
    ) throws(FileAccessError) -> Bool {
        let head = tracked.generation.head
        guard anchorLength == 0, head.length > 0 else { return true }
        if place == 0, count >= Int(head.length) {
            return ContentHash(UnsafeRawBufferPointer(rebasing: buffer.payload[..<Int(head.length)])) == head.hash
        }
        return try tracked.generation.file?.begins(with: head) ?? false
    }

    /// How many bytes from `place` on lie in a hole; nil when the zero byte there is data.
    private func hole(_ file: SegmentFile, from place: UInt64, count: UInt64) throws(FileAccessError) -> UInt64? {
        let data = try file.file.nextData(from: place) ?? place + count
        return data > place ? min(data - place, count) : nil
    }

    /// The file ends before what was seen of it does.
    private func short(_ tracked: TrackedSegment, at offset: UInt64, now: MonotonicTime) throws(FileAccessError)
        -> ReadOutcome
    {
        if tracked === segments.last, tracked.state == .open {
            displace(tracked.generation, reason: .truncated)
            try reconcile(now: now)
        } else {
            cut(tracked, at: offset, reason: bootChanged ? .regressed : .truncated)
        }
        return .changed
    }

    /// The file does not hold what the consumer read of it.
    private func mismatch(_ tracked: TrackedSegment, at offset: UInt64, now: MonotonicTime) throws(FileAccessError)
        -> ReadOutcome
    {
        tracked.generation.mismatches += 1
        if tracked.generation.mismatches > 2, tracked.state != .open {
            // Whatever takes its place is not it either.
            cut(tracked, at: offset, reason: bootChanged ? .regressed : .truncated)
            return .changed
        }
        displace(tracked.generation, reason: .truncated)
        try reconcile(now: now)
        return .changed
    }

    private func lost(_ tracked: TrackedSegment) -> ReadOutcome {
        .lost(
            to: tracked.end, reason: tracked.lossReason ?? tracked.generation.displacement ?? .deleted,
            isOpenEnded: false,
            path: tracked.generation.path)
    }

    /// The place was forgotten because every consumer had passed it; one that was set back cannot have it again.
    private func lostBefore(_ offset: UInt64) -> ReadOutcome {
        .lost(to: start, reason: .deleted, isOpenEnded: false, path: path)
    }

    private func openFile(of generation: Generation) throws(FileAccessError) -> SegmentFile? {
        if let file = generation.file { return file }
        guard generation.displacement == nil, let opened = try files.open(generation.path) else { return nil }
        let file = try SegmentFile(opened, path: generation.path, codec: generation.codec)
        guard file.identity.mayBe(generation.identity), !bootChanged, try file.begins(with: generation.head) else {
            return nil
        }
        generation.file = file
        announce(generation)
        return file
    }
}

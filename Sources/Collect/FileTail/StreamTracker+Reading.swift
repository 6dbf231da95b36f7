import FileAccess
import LogModel

extension StreamTracker {
    /// The newest segment that begins at or before `offset`.
    private func segment(at offset: UInt64) -> TrackedSegment? {
        segments.last { $0.segment.start <= offset }
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
        guard offset < tracked.segment.end else { return .caughtUp }
        guard tracked.segment.state != .gone else { return lost(tracked) }
        guard let file = try openFile(of: tracked) else {
            try reconcile(now: now)
            if tracked.file == nil, tracked.segment.state != .gone { return .caughtUp }
            return .changed
        }
        return try read(tracked, file, at: offset, anchor: anchor, into: buffer, anchorLength: &anchorLength, now: now)
    }

    private func read(
        _ tracked: TrackedSegment, _ file: SegmentFile, at offset: UInt64, anchor: Anchor, into buffer: ReadBuffer,
        anchorLength: inout Int, now: MonotonicTime
    ) throws(FileAccessError) -> ReadOutcome {
        let place = tracked.fileOffset(offset)
        let length = offset > tracked.segment.start && place >= UInt64(anchor.length) ? Int(anchor.length) : 0
        let wanted = Int(min(UInt64(buffer.capacity), tracked.segment.end - offset))
        let window = buffer.window(anchorLength: length, count: wanted)
        let got = try file.read(into: window, at: place - UInt64(length)) - length
        let seen = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(window)[..<max(0, min(length, got + length))])
        guard got > 0, length == 0 || ContentHash(seen) == anchor.hash, isHeadIntact(tracked, place, buffer, got) else {
            return try mismatch(tracked, file: file, at: offset, now: now)
        }
        anchorLength = length
        if length > 0, tracked === segments.last { bootChanged = false }
        if buffer.payload[0] == 0, file.codec == .plain, let hole = try hole(file, from: place, count: got) {
            return .hole(to: offset + hole)
        }
        let isWhole = isFinishing && tracked === segments.last || tracked.segment.state == .complete
        return .bytes(count: got, endsSegment: isWhole && offset + UInt64(got) == tracked.segment.end)
    }

    /// A read from the file's first byte checks the head as an anchor would.
    private func isHeadIntact(_ tracked: TrackedSegment, _ place: UInt64, _ buffer: ReadBuffer, _ count: Int) -> Bool {
        let head = tracked.segment.head
        guard place == 0, head.length > 0, count >= Int(head.length) else { return true }
        return ContentHash(UnsafeRawBufferPointer(rebasing: buffer.payload[..<Int(head.length)])) == head.hash
    }

    /// How many bytes from `place` on lie in a hole; nil when the zero byte there is data.
    private func hole(_ file: SegmentFile, from place: UInt64, count: Int) throws(FileAccessError) -> UInt64? {
        let data = try file.file.nextData(from: place) ?? place + UInt64(count)
        return data > place ? min(data - place, UInt64(count)) : nil
    }

    /// The file does not hold what the consumer read of it.
    private func mismatch(_ tracked: TrackedSegment, file: SegmentFile, at offset: UInt64, now: MonotonicTime)
        throws(FileAccessError) -> ReadOutcome
    {
        if tracked === segments.last, tracked.segment.state == .open {
            if try continueAfterPowerCut(tracked, file: file, now: now) { return .changed }
            displace(tracked, reason: .truncated)
            try reconcile(now: now)
            return .changed
        }
        // A closed file was cut or overwritten; a later segment may lie in the same file, behind what a power cut took.
        let reason: LossReason =
            segments.contains { $0 !== tracked && $0.file === file } ? .regressed : tracked.displacement ?? .truncated
        return .lost(to: tracked.segment.end, reason: reason, isOpenEnded: false, path: tracked.segment.path)
    }

    /// After a reboot the file's unsynced tail is gone, and its writer has already written on, past the place that was read:
    /// where the new bytes begin cannot be known any more. Reading goes on behind the place, with the next line, because
    /// reading the file anew would count everything twice.
    private func continueAfterPowerCut(_ last: TrackedSegment, file: SegmentFile, now: MonotonicTime)
        throws(FileAccessError) -> Bool
    {
        guard bootChanged, file.codec == .plain, try file.begins(with: last.segment.head) else { return false }
        bootChanged = false
        let split = max(last.segment.start, min(last.segment.end, furthestOffset))
        let size = try file.status().size
        let place = last.fileOffset(split)
        let rest = try file.bytes(at: place, count: Int(min(size > place ? size - place : 0, 1 << 20)))
        let base = place + UInt64(rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.count)
        events.append(.openEnd(offset: split, reason: .regressed, path: path))
        last.segment.length = split - last.segment.start
        last.segment.state = .complete
        append(
            Segment(
                start: split, length: size > base ? size - base : 0, base: base, path: path, codec: .plain,
                identity: file.identity, head: last.segment.head, state: .open), file: file, now: now)
        return true
    }

    private func lost(_ tracked: TrackedSegment) -> ReadOutcome {
        .lost(
            to: tracked.segment.end, reason: tracked.displacement ?? .deleted, isOpenEnded: false,
            path: tracked.segment.path)
    }

    /// The place was forgotten because every consumer had passed it; one that was set back cannot have it again.
    private func lostBefore(_ offset: UInt64) -> ReadOutcome {
        .lost(to: start, reason: .deleted, isOpenEnded: false, path: path)
    }

    private func openFile(of tracked: TrackedSegment) throws(FileAccessError) -> SegmentFile? {
        if let file = tracked.file { return file }
        if tracked.displacement != nil { return nil }
        guard let opened = try files.open(tracked.segment.path) else { return nil }
        let file = try SegmentFile(opened, path: tracked.segment.path, codec: tracked.segment.codec)
        guard file.identity.inode == tracked.segment.identity.inode, try file.begins(with: tracked.segment.head) else {
            return nil
        }
        tracked.file = file
        return file
    }
}

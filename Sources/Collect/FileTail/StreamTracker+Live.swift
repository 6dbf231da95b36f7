import FileAccess
import LogModel

/// What the file at the live path is to the newest segment.
enum LiveRelation: Equatable {
    /// There is no segment yet.
    case fresh
    /// Nothing is at the live path.
    case absent
    /// The newest segment's own file, as it was or grown.
    case same
    /// Another file that holds all that was seen of the newest segment's, which is nowhere else: it was moved here by copying.
    case moved
    /// Another file: the newest segment's was renamed or deleted.
    case replaced
    /// The newest segment's inode with other content.
    case truncated
    /// The newest segment's file without its unsynced tail, after a reboot.
    case regressed
}

/// The file at the live path and the newest segment.
extension StreamTracker {
    func relate(_ view: FamilyView, now: MonotonicTime) throws(FileAccessError) -> LiveRelation {
        guard let last = segments.last else { return view.live == nil ? .absent : .fresh }
        guard let live = view.live else { return .absent }
        let generation = last.generation
        if generation.displacement != nil || last.state == .gone { return .replaced }
        guard let file = generation.file else { return try relateRestored(last, live.file, live.status, now: now) }
        guard live.status.isSameFile(as: file) else { return .replaced }
        // What a power cut took is settled later.
        if bootChanged { return try relateRestored(last, live.file, live.status, now: now) }
        guard last.state == .open else { return .same }
        let length = file.codec == .plain ? live.status.size : try file.content().length
        guard try takeGrowth(of: last, live.status, now: now), try agreesWithCursors(file, length: length, generation)
        else {
            return .truncated
        }
        return .same
    }

    /// After a restart the inode is a hint, the content decides.
    private func relateRestored(
        _ last: TrackedSegment, _ file: SegmentFile, _ status: FileStatus, now: MonotonicTime
    ) throws(FileAccessError) -> LiveRelation {
        let generation = last.generation
        guard file.codec == generation.codec else { return .replaced }
        let length = file.codec == .plain ? status.size : try file.content().length
        guard generation.identity.mayBe(status.identity) else {
            // The same content under another inode goes on the same way (a restored copy), unless the file itself is elsewhere.
            guard generation.head.length > 0, length >= last.fileEnd, try file.begins(with: generation.head),
                try agreesWithCursors(file, length: length, generation), try !isElsewhere(generation)
            else { return .replaced }
            try adopt(file, length: length, for: last)
            return .moved
        }
        guard try isWhatWasRead(file, length: length, generation) else { return .truncated }
        try adopt(file, length: length, for: last)
        return length < last.fileEnd ? .regressed : .same
    }

    private func adopt(_ file: SegmentFile, length: UInt64, for tracked: TrackedSegment) throws(FileAccessError) {
        tracked.generation.move(to: file, path: path)
        announce(tracked.generation)
        if file.codec == .plain, length >= tracked.fileEnd {
            try noteTail(of: tracked.generation, before: tracked.fileEnd)
        }
        // A file that may have lost its successor's rename in a power cut is the live one again.
        if tracked.state == .closed { tracked.state = .open }
        isDirty = true
    }

    private func isElsewhere(_ generation: Generation) throws(FileAccessError) -> Bool {
        guard let entries = try files.list(directory) else { return false }
        return entries.contains { $0.inode == generation.identity.inode && $0.name != liveName }
    }

    /// The newest segment's file is not at the live path, but still open: its writer may go on writing to it.
    func growDetached(now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, last.state == .open, let file = last.generation.file else { return }
        let status = try file.status()
        if try !takeGrowth(of: last, status, now: now) { displace(last.generation, reason: .truncated) }
    }

    /// The newest segment's file was renamed: its end is what it holds now.
    func retireLast(now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, last.state == .open else { return }
        // What a power cut took is settled later.
        if !bootChanged { try growDetached(now: now) }
        guard last.state == .open else { return }
        last.state = .closed
        isDirty = true
    }

    /// Makes the file at the live path the newest segment, unless it is that already.
    func takeUp(_ live: (file: SegmentFile, status: FileStatus)?, now: MonotonicTime) throws(FileAccessError) {
        guard let file = live?.file else { return }
        let status = try file.status()
        if let last = segments.last, last.state == .open, let open = last.generation.file {
            if status.isSameFile(as: open) {
                if try !takeGrowth(of: last, status, now: now) { needsReconcile = true }
                return try disownCopy()
            }
            last.state = .closed
        }
        if let continued = segments.last(where: { $0.generation.file.map(status.isSameFile(as:)) ?? false }) {
            return continueFile(continued)
        }
        if try leaveAside(file) { return }
        liveCompressedSize = status.size
        let (head, length) = try settledHead(of: file)
        try append(
            Segment(
                start: end, length: length, base: 0, path: path, codec: file.codec, identity: file.identity, head: head,
                state: .open), file: file, now: now
        ).generation.isOwn = length > 0
    }

    /// The head and the length of a file that may be being cut and written: those of one moment, if it has a quiet one.
    private func settledHead(of file: SegmentFile) throws(FileAccessError) -> (head: HeadFingerprint, length: UInt64) {
        var head = HeadFingerprint.empty
        var length: UInt64 = 0
        for _ in 0..<8 {
            let before = try file.status()
            length = try file.content().length
            head = try file.head(limit: Int(min(length, UInt64(HeadFingerprint.maximumLength))))
            let after = try file.status()
            if before.size == after.size, before.modified == after.modified { break }
        }
        return (head, max(length, UInt64(head.length)))
    }

    /// An older file came back to the live path: what it gets from now on follows what is known.
    private func continueFile(_ continued: TrackedSegment) {
        continued.generation.path = path
        isDirty = true
        if continued === segments.last, continued.state != .gone {
            continued.state = .open
        } else {
            segments.append(
                TrackedSegment(start: end, length: 0, base: continued.fileEnd, state: .open, of: continued.generation))
        }
    }
}

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
    /// Another file: the newest segment's was renamed or deleted.
    case replaced
    /// The newest segment's inode with other content.
    case truncated
    /// The newest segment's file without its unsynced tail, after a reboot.
    case regressed(size: UInt64)
}

extension StreamTracker {
    /// Brings segments and files into agreement after anything may have happened: at the start, after a rotation, a
    /// truncation, a reboot, or a change in the directory.
    func reconcile(now: MonotonicTime) throws(FileAccessError) {
        needsReconcile = false
        var view = try familyView()
        let relation = try relate(view.live)
        switch relation {
        case .fresh, .same: break
        case .absent: try growDetached(now: now)
        case .replaced: try retireLast()
        case .truncated: if let last = segments.last { displace(last, reason: .truncated) }
        case .regressed(let size): try regress(to: size, now: now)
        }
        let unseen = try classify(&view, relation: relation, now: now)
        guard try settleDisplaced(view, relation: relation, now: now) else { return }
        switch relation {
        case .same, .regressed:
            // The live file has no unseen predecessor; what is unknown was put there by hand.
            for file in unseen { try rememberUnread(file) }
        case .fresh, .absent, .replaced, .truncated:
            try appendUnseen(unseen, now: now)
        }
        if relation != .absent { try openLive(now: now) }
        prune()
    }

    private func relate(_ live: FileStatus?) throws(FileAccessError) -> LiveRelation {
        guard let last = segments.last else { return live == nil ? .absent : .fresh }
        guard let live else { return .absent }
        if last.displacement != nil || last.segment.state == .gone { return .replaced }
        if let file = last.file {
            guard live.isSameFile(as: file) else { return .replaced }
            guard file.codec == .plain else { return .same }
            return live.size < last.fileEnd ? .truncated : .same
        }
        return try relateRestored(last, live)
    }

    /// After a restart the inode is a hint, the content decides.
    private func relateRestored(_ last: TrackedSegment, _ live: FileStatus) throws(FileAccessError) -> LiveRelation {
        guard let opened = try files.open(path) else { return .absent }
        let file = try SegmentFile(opened, path: path, codec: last.segment.path == path ? last.segment.codec : .plain)
        let status = try file.status()
        let isSameInode =
            status.identity.inode == last.segment.identity.inode
            && (status.identity.generation == last.segment.identity.generation || last.segment.identity.generation == 0
                || status.identity.generation == 0)
        guard try beginsAlike(file, last) else { return isSameInode ? .truncated : .replaced }
        if !isSameInode {
            // The same content under another inode goes on the same way (a restored copy), unless the file itself is elsewhere.
            guard last.segment.head.length > 0, status.size >= last.fileEnd, try agreesWithCursors(file, last),
                try !isElsewhere(last)
            else { return .replaced }
        }
        if file.codec == .plain, status.size < last.fileEnd {
            guard bootChanged else { return .truncated }
            adopt(file, for: last)
            return .regressed(size: status.size)
        }
        adopt(file, for: last)
        return .same
    }

    private func adopt(_ file: SegmentFile, for tracked: TrackedSegment) {
        tracked.file = file
        if tracked.segment.identity != file.identity {
            tracked.segment.identity = file.identity
            isDirty = true
        }
        // A file that may have lost its successor's rename in a power cut is the live one again.
        if tracked === segments.last, tracked.segment.state == .closed { tracked.segment.state = .open }
    }

    /// Whether the file begins with the segment's head, as far as it goes: a file cut after a power loss may be shorter.
    private func beginsAlike(_ file: SegmentFile, _ tracked: TrackedSegment) throws(FileAccessError) -> Bool {
        let head = tracked.segment.head
        if try file.begins(with: head) { return true }
        guard bootChanged, file.codec == .plain, try file.status().size < UInt64(head.length) else { return false }
        // Too short to be compared by the hash that we have; only its inode speaks for it.
        return file.identity.inode == tracked.segment.identity.inode
    }

    private func agreesWithCursors(_ file: SegmentFile, _ tracked: TrackedSegment) throws(FileAccessError) -> Bool {
        for cursor in cursors() where cursor.offset > tracked.segment.start && cursor.offset <= tracked.segment.end {
            guard try file.holds(cursor.anchor, before: tracked.fileOffset(cursor.offset)) else { return false }
        }
        return true
    }

    private func isElsewhere(_ tracked: TrackedSegment) throws(FileAccessError) -> Bool {
        guard let entries = try files.list(directory) else { return false }
        return entries.contains { $0.inode == tracked.segment.identity.inode && $0.name != liveName }
    }

    /// The live path is gone, but the newest segment's file is still open: its writer may go on writing to it.
    private func growDetached(now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, let file = last.file, file.codec == .plain else { return }
        let status = try file.status()
        guard status.size > last.fileEnd, try growHead(of: last) else { return }
        last.segment.length = status.size - last.segment.base
        last.lastGrowth = now
        isDirty = true
    }

    /// The newest segment's file was renamed: its end is what it holds now.
    private func retireLast() throws(FileAccessError) {
        guard let last = segments.last, last.displacement == nil else { return }
        if last.segment.state == .open {
            last.segment.state = .closed
            isDirty = true
        }
        guard let file = last.file, file.codec == .plain else { return }
        let size = try file.status().size
        guard size > last.fileEnd else { return }
        _ = try growHead(of: last)
        last.segment.length = size - last.segment.base
    }

    /// After a power cut: what is left of the file is a true prefix of what was seen. New bytes behind it are new.
    private func regress(to size: UInt64, now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, let file = last.file else { return }
        let kept = last.segment.start + (size > last.segment.base ? size - last.segment.base : 0)
        events.append(.regressed(kept..<last.segment.end, path: path))
        last.segment.state = .complete
        last.displacement = nil
        let head = size < UInt64(last.segment.head.length) ? try file.head() : last.segment.head
        last.segment.head = head
        append(
            Segment(
                start: last.segment.end, length: 0, base: size, path: path, codec: .plain, identity: file.identity, head: head,
                state: .open), file: file, now: now)
    }

    /// Judges every file of the family: own files and copies are noted where they belong; what nobody knows is returned.
    private func classify(_ view: inout FamilyView, relation: LiveRelation, now: MonotonicTime) throws(FileAccessError)
        -> [FamilyFile]
    {
        var unseen: [FamilyFile] = []
        for candidate in view.files {
            switch try match(candidate) {
            case .segment(let tracked): try place(candidate, tracked)
            case .known: settle(candidate)
            case .undecided: view.hasUndecided = view.hasUndecided || candidate.file.codec == .gzip
            case .unknown: unseen.append(candidate)
            }
        }
        return unseen
    }

    /// A candidate holds a segment's bytes: it becomes the segment's file when that has none, else it is a copy.
    private func place(_ candidate: FamilyFile, _ tracked: TrackedSegment) throws(FileAccessError) {
        if let file = tracked.file {
            guard candidate.status.isSameFile(as: file) else { return settle(candidate) }
            if tracked.segment.path != candidate.path {
                tracked.segment.path = candidate.path
                isDirty = true
            }
            return
        }
        if tracked.displacement == nil, tracked.segment.identity.inode != candidate.status.identity.inode,
            let entries = try files.list(directory),
            entries.contains(where: { $0.inode == tracked.segment.identity.inode })
        {
            // The segment's own file is still there: this one is a copy of it.
            return settle(candidate)
        }
        try relocate(tracked, to: candidate)
    }

    private func relocate(_ tracked: TrackedSegment, to candidate: FamilyFile) throws(FileAccessError) {
        let isOwnFile = tracked.displacement == nil && tracked.segment.identity.inode == candidate.status.identity.inode
        tracked.file = candidate.file
        tracked.segment.path = candidate.path
        tracked.segment.codec = candidate.file.codec
        tracked.segment.identity = candidate.file.identity
        tracked.displacement = nil
        tracked.missingSince = nil
        if tracked === segments.last {
            let length = try candidate.file.contentLength()
            if length > tracked.fileEnd { tracked.segment.length = length - tracked.segment.base }
        }
        if tracked.segment.head.length < HeadFingerprint.maximumLength { tracked.segment.head = try candidate.file.head() }
        tracked.segment.state = isOwnFile && candidate.file.codec == .plain ? .closed : .complete
        isDirty = true
    }

    /// Decides about segments whose bytes were not found: wait while a file cannot be judged yet, else they are gone.
    private func settleDisplaced(_ view: FamilyView, relation: LiveRelation, now: MonotonicTime) throws(FileAccessError)
        -> Bool
    {
        for tracked in segments where tracked.file == nil && tracked.segment.state != .gone {
            let isNewest = tracked === segments.last
            guard isNewest || isNeeded(tracked) else { continue }
            if isNewest, relation == .fresh || relation == .same { continue }
            if view.hasUndecided {
                let since = tracked.missingSince ?? now
                tracked.missingSince = since
                needsReconcile = true
                guard now.since(since) >= Self.patience else { return false }
            }
            let reason = tracked.displacement ?? .deleted
            tracked.segment.state = .gone
            tracked.displacement = reason
            isDirty = true
            if isNewest {
                events.append(.openEnd(offset: tracked.segment.end, reason: reason, path: tracked.segment.path))
            }
        }
        return true
    }

    private func isNeeded(_ tracked: TrackedSegment) -> Bool {
        cursors().contains { $0.offset < tracked.segment.end }
    }

    /// Generations that came and went unseen, oldest first.
    private func appendUnseen(_ unseen: [FamilyFile], now: MonotonicTime) throws(FileAccessError) {
        let ordered = unseen.sorted {
            RotatedName.isOlder(($0.name, $0.status.modified), ($1.name, $1.status.modified))
        }
        for candidate in ordered {
            let length = try candidate.file.contentLength()
            let state: Segment.State = candidate.file.codec == .gzip ? .complete : .closed
            append(
                Segment(
                    start: end, length: length, base: 0, path: candidate.path, codec: candidate.file.codec,
                    identity: candidate.file.identity, head: try candidate.file.head(), state: state),
                file: candidate.file, now: now)
        }
    }

    func rememberUnread(_ candidate: FamilyFile) throws(FileAccessError) {
        settle(candidate)
        remember(
            KnownFile(
                head: try candidate.file.head(), length: try candidate.file.contentLength(),
                identity: candidate.file.identity))
    }

    /// Opens the file at the live path as the newest segment, unless it is that already.
    func openLive(now: MonotonicTime) throws(FileAccessError) {
        let codec: SegmentCodec = liveName.hasSuffix(".gz") ? .gzip : .plain
        guard let opened = try files.open(path) else { return }
        let file = try SegmentFile(opened, path: path, codec: codec)
        let status = try file.status()
        if let last = segments.last, last.segment.state == .open, let open = last.file {
            if status.isSameFile(as: open) { return try extend(last, with: status, now: now) }
            // It was rotated again meanwhile.
            needsReconcile = true
            return
        }
        if let continued = segments.last(where: { $0.file.map(status.isSameFile(as:)) ?? false }) {
            return continueFile(continued, status: status, now: now)
        }
        if let last = segments.last, last.segment.state == .open {
            last.segment.state = .closed
        }
        liveCompressedSize = status.size
        append(
            Segment(
                start: end, length: try file.contentLength(), base: 0, path: path, codec: codec, identity: file.identity,
                head: try file.head(), state: .open), file: file, now: now)
    }

    /// An older file came back to the live path: what it gets from now on follows what is known.
    private func continueFile(_ continued: TrackedSegment, status: FileStatus, now: MonotonicTime) {
        let base = continued.fileEnd
        if continued === segments.last {
            continued.segment.state = .open
            continued.segment.path = path
            isDirty = true
            return
        }
        append(
            Segment(
                start: end, length: status.size > base ? status.size - base : 0, base: base, path: path, codec: .plain,
                identity: continued.segment.identity, head: continued.segment.head, state: .open),
            file: continued.file, now: now)
    }
}

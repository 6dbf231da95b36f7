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

/// How the live file was known when segments and files agreed the last time.
struct LastSight {
    var fileEnd: UInt64
    var head: HeadFingerprint
    var tail: Anchor
    var modified: WallTime?

    /// Of a live file that nothing was known of when the family was looked at. `modified`: when it had been written then.
    init(modified: WallTime?) {
        fileEnd = 0
        head = .empty
        tail = .none
        self.modified = modified
    }

    init(_ last: TrackedSegment, modified: WallTime?) {
        fileEnd = last.fileEnd
        head = last.generation.head
        tail = last.generation.tail
        self.modified = modified
    }

    /// Whether a file goes on from what was seen of the live file. When that was nothing, whether anything may have come and
    /// gone since: the live file was written, or the other one; clocks go backwards, so that one time alone says too little.
    func goesOn(in candidate: FamilyFile, live: FileStatus) throws(FileAccessError) -> Bool {
        if fileEnd == 0 { return modified.map { live.modified != $0 || candidate.status.modified >= $0 } ?? true }
        let length = try candidate.length()
        guard length > fileEnd, try candidate.file.begins(with: head) else { return false }
        return try candidate.file.holds(tail, before: fileEnd)
    }
}

extension StreamTracker {
    /// Brings segments and files into agreement after anything may have happened: at the start, after a rotation, a
    /// truncation, a reboot, or a change in the directory.
    func reconcile(now: MonotonicTime) throws(FileAccessError) {
        needsReconcile = false
        let before = segments.last.map {
            (generation: $0.generation, sight: LastSight($0, modified: $0.generation.modified))
        }
        var view: FamilyView
        do throws(FileAccessError) { view = try familyView() } catch {
            // What is open can be read on.
            try growDetached(now: now)
            throw error
        }
        let relation = try relate(view, now: now)
        switch relation {
        case .fresh, .same, .moved: break
        case .absent, .replaced: try retireLast(now: now)
        case .truncated:
            if let last = segments.last { displace(last.generation, reason: .truncated) }
            // A copy may have been made since the family was looked at.
            return try reconcile(now: now)
        case .regressed: break
        }
        let unseen = try classify(&view)
        if bootChanged { try settlePowerCut() }
        guard settleMissing(view, relation: relation, now: now) else { return }
        switch relation {
        case .same: try insertUnseen(unseen, view.live, areNews: false, now: now)
        case .moved: try insertUnseen(unseen, view.live, areNews: true, now: now)
        // The live file has no unseen predecessor; what is unknown was put there by hand.
        case .regressed:
            for file in unseen where file.knownLength == 0 { try rememberUnread(file) }
            try insertUnseen(unseen.filter { $0.knownLength > 0 }, view.live, areNews: true, now: now)
        case .fresh, .absent, .replaced, .truncated:
            try appendUnseen(unseen, before: view.live, now: now)
        }
        try takeUp(view.live, now: now)
        try settleCopiesOfLive(now: now)
        bootChanged = false
        if let before, before.generation === segments.last?.generation {
            sight = before.sight
        } else {
            sight = LastSight(modified: view.modifiedBefore)
        }
        try watchClosedSegments(now: now)
        prune(now: now)
    }

    private func relate(_ view: FamilyView, now: MonotonicTime) throws(FileAccessError) -> LiveRelation {
        guard let last = segments.last else { return view.live == nil ? .absent : .fresh }
        guard let live = view.live else { return .absent }
        let generation = last.generation
        if generation.displacement != nil || last.state == .gone { return .replaced }
        guard let file = generation.file else { return try relateRestored(last, live.file, live.status, now: now) }
        guard live.status.isSameFile(as: file) else { return .replaced }
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
        if file.codec == .plain, length >= tracked.fileEnd {
            tracked.generation.tail = try file.anchor(before: tracked.fileEnd)
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
    private func growDetached(now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, last.state == .open, let file = last.generation.file else { return }
        let status = try file.status()
        if try !takeGrowth(of: last, status, now: now) { displace(last.generation, reason: .truncated) }
    }

    /// The newest segment's file was renamed: its end is what it holds now.
    private func retireLast(now: MonotonicTime) throws(FileAccessError) {
        guard let last = segments.last, last.state == .open else { return }
        try growDetached(now: now)
        guard last.state == .open else { return }
        last.state = .closed
        isDirty = true
    }

    /// After a reboot: what was seen of the files and was not yet on disk may be gone, or written over.
    private func settlePowerCut() throws(FileAccessError) {
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
        let base = place + UInt64(bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count)
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

    /// Judges every file of the family: own files and copies are noted where they belong; what nobody knows is returned.
    private func classify(_ view: inout FamilyView) throws(FileAccessError) -> [FamilyFile] {
        var others: [FamilyFile] = []
        for candidate in view.files {
            guard let generation = try ownGeneration(of: candidate, beside: view.live?.file) else {
                others.append(candidate)
                continue
            }
            try place(candidate, generation)
        }
        var unseen: [FamilyFile] = []
        var replacements: [(generation: Generation, files: [FamilyFile])] = []
        for candidate in others {
            switch try match(candidate, beside: view.live?.file) {
            case .copy(let generation):
                if generation.file != nil {
                    // When the generation is forgotten, its copies, which may be shorter, still are not news.
                    try rememberUnread(candidate, copyOf: generation)
                } else if let index = replacements.firstIndex(where: { $0.generation === generation }) {
                    replacements[index].files.append(candidate)
                } else {
                    replacements.append((generation, [candidate]))
                }
            case .known: settle(candidate)
            case .undecided: view.hasUndecided = true
            case .unknown: unseen.append(candidate)
            }
        }
        for (generation, copies) in replacements { unseen += try replace(generation, by: copies) }
        let present = Set(view.files.map(\.status.identity))
        judged = judged.filter { present.contains($0.key) }
        return unseen
    }

    /// A generation's own file was found, perhaps under a new name.
    private func place(_ candidate: FamilyFile, _ generation: Generation) throws(FileAccessError) {
        if generation.file == nil {
            generation.move(to: candidate.file, path: candidate.path)
            for tracked in segments where tracked.generation === generation && tracked.state == .open {
                tracked.state = .closed
            }
            isDirty = true
        } else if generation.path != candidate.path {
            generation.path = candidate.path
            isDirty = true
        }
        // It had no writer any more, and has got one again.
        if let last = lastSegment(of: generation), last.state == .complete, candidate.file.codec == .plain,
            candidate.status.size > last.fileEnd,
            !segments.contains(where: { $0.generation === generation && $0.state == .gone })
        {
            last.state = .closed
            isDirty = true
        }
    }

    /// Lets a copy of a generation that has lost its file take the file's place: the oldest of those that are not the
    /// beginning of another. Returns the others, which have only begun like it.
    private func replace(_ generation: Generation, by copies: [FamilyFile]) throws(FileAccessError) -> [FamilyFile] {
        var originals = try withoutCopies(oldestFirst(copies), nil)
        guard !originals.isEmpty else { return [] }
        let candidate = originals.removeFirst()
        try rememberUnread(candidate, copyOf: generation)
        let isGone = lastSegment(of: generation) == nil
        if isGone, !segments.contains(where: { $0.generation === generation && isNeeded($0) }) { return originals }
        generation.move(to: candidate.file, path: candidate.path)
        generation.tail = .none
        if try candidate.length() < UInt64(generation.head.length) { generation.head = try candidate.file.head() }
        for tracked in segments where tracked.generation === generation {
            if tracked.state == .open || tracked.state == .gone && isGone { tracked.state = .closed }
        }
        isDirty = true
        return originals
    }

    private func oldestFirst(_ files: [FamilyFile]) -> [FamilyFile] {
        files.sorted { RotatedName.isOlder(($0.name, $0.status.modified), ($1.name, $1.status.modified)) }
    }

    /// Decides about segments whose bytes were not found: wait while a file cannot be judged yet, else they are gone.
    private func settleMissing(_ view: FamilyView, relation: LiveRelation, now: MonotonicTime) -> Bool {
        var mayGoOn = true
        for tracked in segments where tracked.generation.file == nil && tracked.state != .gone {
            let generation = tracked.generation
            let isNewest = tracked === segments.last
            if isNewest, [.fresh, .same, .moved].contains(relation) { continue }
            let wasWhole = tracked.state == .complete
            if view.hasUndecided || view.hasUnreadable, isNeeded(tracked) || isNewest {
                let since = generation.missingSince ?? now
                generation.missingSince = since
                needsReconcile = true
                if now.since(since) < Self.patience {
                    mayGoOn = false
                    continue
                }
            }
            tracked.state = .gone
            tracked.lossReason = generation.displacement ?? (view.hasUnreadable ? .unreadable : .deleted)
            isDirty = true
            if isNewest, !wasWhole {
                events.append(
                    .openEnd(offset: tracked.end, reason: tracked.lossReason ?? .deleted, path: generation.path))
            }
        }
        return mayGoOn
    }

    /// Generations that came and went unseen, oldest first, without those that are the beginning of another.
    func appendUnseen(
        _ unseen: [FamilyFile], before live: (file: SegmentFile, status: FileStatus)?, now: MonotonicTime
    ) throws(FileAccessError) {
        let ordered = oldestFirst(unseen)
        for candidate in try withoutCopies(ordered, live) { try appendUnseen(candidate, now: now) }
    }

    /// What was a copy of the live file before that was taken up, still is, unless the file was cut meanwhile.
    func settleCopiesOfLive(now: MonotonicTime) throws(FileAccessError) {
        for candidate in copiesOfLive {
            let generation = segments.last?.generation
            if let file = generation?.file,
                try candidate.file.isBeginning(length: candidate.length(), of: file, length: file.content().length)
            {
                try rememberUnread(candidate, copyOf: generation)
            } else if let file = generation?.file {
                _ = insert([try unseenRest(of: candidate, behind: file, now: now)])
            }
        }
        copiesOfLive = []
    }

    /// Leaves out what is the beginning of the live file or of another.
    private func withoutCopies(_ ordered: [FamilyFile], _ live: (file: SegmentFile, status: FileStatus)?)
        throws(FileAccessError) -> [FamilyFile]
    {
        var originals: [FamilyFile] = []
        for (index, candidate) in ordered.enumerated() {
            let mine = try candidate.length()
            if let live, try candidate.file.isBeginning(length: mine, of: live.file, length: live.status.size) {
                copiesOfLive.append(candidate)
                continue
            }
            var isCopy = false
            for (other, longer) in ordered.enumerated() where other != index && !isCopy {
                let length = try longer.length()
                // Of two alike the younger may still have a writer.
                guard mine < length || mine == length && other > index else { continue }
                isCopy = try candidate.file.isBeginning(length: mine, of: longer.file, length: length)
            }
            if isCopy { try rememberUnread(candidate) } else { originals.append(candidate) }
        }
        return originals
    }

    /// What appears beside a live file that seems unchanged was put there by hand, unless it goes on from what was seen of the
    /// file: then that was copied and cut in between, and has begun again with the same lines. Those it has in common with the
    /// copy were read, so the rest of the copy is. `areNews`: the inode says so already.
    private func insertUnseen(
        _ unseen: [FamilyFile], _ live: (file: SegmentFile, status: FileStatus)?, areNews: Bool, now: MonotonicTime
    ) throws(FileAccessError) {
        guard !unseen.isEmpty else { return }
        if let last = segments.last, last.state == .open, let file = last.generation.file,
            try !takeGrowth(of: last, file.status(), now: now)
        {
            // It was cut since: what is unknown may be its copy.
            displace(last.generation, reason: .truncated)
            return try reconcile(now: now)
        }
        let ordered = oldestFirst(unseen)
        var hasOldest = areNews
        var inserted: [TrackedSegment] = []
        for candidate in try withoutCopies(ordered, live) {
            if !hasOldest, let sight, let live { hasOldest = try sight.goesOn(in: candidate, live: live.status) }
            guard let live, hasOldest || candidate.knownLength > 0 else {
                try rememberUnread(candidate)
                continue
            }
            inserted.append(try unseenRest(of: candidate, behind: live.file, now: now))
        }
        if !insert(inserted) { needsReconcile = true }
    }

    private func unseenRest(of candidate: FamilyFile, behind live: SegmentFile, now: MonotonicTime)
        throws(FileAccessError)
        -> TrackedSegment
    {
        let base = max(
            try candidate.file.commonLines(with: live), try readElsewhere(candidate), candidate.knownLength)
        let segment = Segment(
            start: 0, length: try candidate.length() - base, base: base, path: candidate.path,
            codec: candidate.file.codec,
            identity: candidate.file.identity, head: try candidate.file.head(), state: .closed)
        return TrackedSegment(
            start: 0, length: segment.length, base: base, state: .closed,
            of: Generation(segment, file: candidate.file, now: now))
    }

    /// Puts segments behind what the furthest consumer has read of the newest one, which goes on behind them. Nothing that was
    /// read moves. False when that is in the middle of a long line that is being passed over.
    func insert(_ inserted: [TrackedSegment]) -> Bool {
        guard let last = segments.last, !inserted.isEmpty else { return true }
        let split = max(last.start, min(last.end, furthestOffset))
        guard !cursors().contains(where: { $0.offset == split && $0.isInsideLine }) else { return false }
        let continuation = TrackedSegment(
            start: 0, length: last.end - split, base: last.fileOffset(split), state: last.state, of: last.generation)
        continuation.lossReason = last.lossReason
        last.length = split - last.start
        if last.state != .gone { last.state = .complete }
        var start = split
        for tracked in inserted + [continuation] {
            tracked.start = start
            start = tracked.end
        }
        segments += inserted + [continuation]
        isDirty = true
        return true
    }

    private func appendUnseen(_ candidate: FamilyFile, now: MonotonicTime) throws(FileAccessError) {
        let base = max(try readElsewhere(candidate), candidate.knownLength)
        try append(
            Segment(
                start: end, length: try candidate.length() - base, base: base, path: candidate.path,
                codec: candidate.file.codec, identity: candidate.file.identity, head: try candidate.file.head(),
                state: candidate.file.codec == .gzip ? .complete : .closed), file: candidate.file, now: now)
    }

    /// How many of a file's bytes are a generation that is tracked already: that was a copy of this file's beginning.
    private func readElsewhere(_ candidate: FamilyFile) throws(FileAccessError) -> UInt64 {
        var longest: UInt64 = 0
        for generation in generations {
            guard let file = generation.file, lastSegment(of: generation)?.state != .open else { continue }
            let length = try file.content().length
            guard length > longest, length <= candidate.status.size || candidate.file.codec == .gzip,
                try file.isBeginning(length: length, of: candidate.file, length: candidate.length())
            else { continue }
            longest = max(longest, try candidate.file.commonLines(with: file))
        }
        return longest
    }

    /// Makes the file at the live path the newest segment, unless it is that already.
    func takeUp(_ live: (file: SegmentFile, status: FileStatus)?, now: MonotonicTime) throws(FileAccessError) {
        guard let file = live?.file else { return }
        let status = try file.status()
        if let last = segments.last, last.state == .open, let open = last.generation.file {
            if status.isSameFile(as: open) {
                if try !takeGrowth(of: last, status, now: now) { needsReconcile = true }
                return
            }
            last.state = .closed
        }
        if let continued = segments.last(where: { $0.generation.file.map(status.isSameFile(as:)) ?? false }) {
            return continueFile(continued)
        }
        liveCompressedSize = status.size
        let (head, length) = try settledHead(of: file)
        try append(
            Segment(
                start: end, length: length, base: 0, path: path, codec: file.codec, identity: file.identity, head: head,
                state: .open), file: file, now: now)
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

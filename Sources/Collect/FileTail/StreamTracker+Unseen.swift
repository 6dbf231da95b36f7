import FileAccess
import LogModel

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

/// Files of the family that nobody knows yet.
extension StreamTracker {
    func oldestFirst(_ files: [FamilyFile]) -> [FamilyFile] {
        files.sorted { RotatedName.isOlder(($0.name, $0.status.modified), ($1.name, $1.status.modified)) }
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
    func withoutCopies(_ ordered: [FamilyFile], _ live: (file: SegmentFile, status: FileStatus)?)
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
    func insertUnseen(
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
            try candidate.file.commonLines(with: live, endingIn: lineEnd), try readElsewhere(candidate),
            candidate.knownLength)
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
        for tracked in inserted { announce(tracked.generation) }
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
            longest = max(longest, try candidate.file.commonLines(with: file, endingIn: lineEnd))
        }
        return longest
    }
}

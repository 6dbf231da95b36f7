import FileAccess
public import LogModel

/// Something that happened to a stream and concerns every consumer of it.
public enum StreamEvent: Equatable, Sendable {
    /// The writer may have written more behind `offset` than was ever seen of it.
    case openEnd(offset: UInt64, reason: LossReason, path: String)
    /// A power cut took the bytes of this range back after they had been seen.
    case regressed(Range<UInt64>, path: String)
}

/// Knows where the bytes of one stream lie, across renames, copies, truncations, compressions and restarts.
///
/// The rules, in the order in which they decide:
/// - The file at the live path with the inode of the newest segment *is* that segment, unless it became shorter or its head, the
///   end of what was seen, or an anchor changed: then it was truncated, and what it held is looked for in the rotation family.
/// - A file of the family is what it was known as by inode and content; else what its content says.
/// - A copy of what is known is never read, unless the file it was made of is gone: then the longest copy takes its place.
/// - What is left of the family when the live file has changed are generations that were never seen: they are read, oldest
///   first, before the live file. Of two of which one is the beginning of the other, only the longer is.
/// - A file that was left unread as a copy, or that was passed, and has grown is neither a copy nor over: it is read from where
///   it was known to end.
///
/// What cannot be decided, and which way it is decided:
/// - A rotated file whose whole content equals, or is the beginning of, another file of the family may be a copy of it or a
///   second generation with the same lines. It is taken for a copy, so lines without anything unique in them (a banner, and
///   nothing after it) may go uncounted when the file was rotated unseen.
/// - Where the file system does not tell the users of an inode apart, a short file that is now a copy of the live one may be
///   what was read of it, grown, or another that took over its inode. It is taken for a copy, and what was not read of it for
///   deleted.
/// - After a power cut the file may have lost bytes that were read. A file that is shorter than what was seen of it is taken
///   for a prefix; when its writer has already written past the place that was read, reading goes on behind the next line end,
///   and what was written before that is accounted as an open-ended `regressed` loss.
/// - Of a line that was cut by a rotation, a truncation or a power cut each piece may count as a line of its own.
/// - Bytes that a writer adds to a rotated file after everybody has read on come behind what was read of the newer file: they
///   are counted, but out of order.
final class StreamTracker {
    /// How long a closed file without a word on its writers must be quiet before its unfinished last line counts as whole.
    static let quietTime = Duration.seconds(5)
    /// The same for a closed file that a writer still has open.
    static let writerPatience = Duration.seconds(30)
    /// How often it is asked whether a closed file has a writer.
    static let probeInterval = Duration.seconds(1)
    /// How long a file of the family that cannot be judged yet (a gzip being written) holds up the judgement that bytes are lost.
    static let patience = Duration.seconds(10)
    /// Known files that are kept although no file of the family is matched by them any more.
    static let knownFileLimit = 512

    let id: StreamID
    let source: SourceName
    let path: String
    let directory: String
    let liveName: String
    let files: any FileAccess
    /// What ends a line in the source's files.
    var lineEnd = LineEnd.newline
    /// Where the consumers stand. Set by whoever owns the cursors; by default nobody reads.
    var cursors: () -> [CursorView] = { [] }
    /// Whether a file of the family is another stream's.
    var isForeign: (String) -> Bool = { _ in false }

    /// Looks for files of this stream, which were not opened since it was restored, under names that no rotation gives.
    var seekMoved: () -> Void = {}

    /// Shared with the other streams; nil lists anew every time.
    var listings: DirectoryListings?
    /// Knows the files of all streams of the source.
    weak var owners: FileOwners?
    /// The file at the live path, when it is another stream's.
    var aside: FileAside?

    var segments: [TrackedSegment] = []
    var known: [KnownFile] = []
    var events: [StreamEvent] = []
    /// Whether the record changed since it was last taken.
    var isDirty = false
    /// The machine was started anew since the record was written, so unsynced bytes may have vanished.
    var bootChanged: Bool
    /// A judgement was put off (see `patience`), or an operation failed: reconcile again.
    var needsReconcile = false
    /// A file of the family could not be opened for lack of rights.
    var hasUnreadable = false
    /// What kept the last operation from succeeding; nil when all is well.
    var problem: FileAccessError?
    /// What was found out about files of the family that need not be opened again.
    var judged: [FileIdentity: Judgement] = [:]
    /// What was known of the live file when segments and files agreed the last time.
    var sight: LastSight?
    /// Files that turned out to be copies of a live file that is not tracked yet.
    var copiesOfLive: [FamilyFile] = []
    /// Compressed size of a live file that is gzip itself.
    var liveCompressedSize: UInt64 = 0
    /// The newest file was over and nothing had taken its place at the last look.
    private(set) var hasEnded = false
    /// It was not brought into agreement with its files since it was restored.
    var isRestored = false
    /// No more is to come: unfinished last lines count as whole (`--once`).
    var isFinishing = false

    init(id: StreamID, source: SourceName, path: String, files: any FileAccess) {
        self.id = id
        self.source = source
        self.path = path
        (self.directory, self.liveName) = splitPath(path)
        self.files = files
        self.bootChanged = false
        self.isDirty = true
    }

    init(restoring record: StreamRecord, files: any FileAccess, bootChanged: Bool, now: MonotonicTime) {
        self.id = record.id
        self.source = record.source
        self.path = record.path
        (self.directory, self.liveName) = splitPath(record.path)
        self.files = files
        self.bootChanged = bootChanged
        self.known = record.known
        self.needsReconcile = true
        self.isRestored = true
        for segment in record.segments { restore(segment, now: now) }
        sight = segments.last.map { LastSight($0, modified: nil) }
    }

    /// Segments that follow each other in one file share its generation, as they did when they were recorded.
    private func restore(_ segment: Segment, now: MonotonicTime) {
        let before = segments.last { $0.state != .gone && $0.generation.identity == segment.identity }
        let continues =
            segment.state != .gone && segment.base > 0 && before?.fileEnd == segment.base
            && before?.generation.path == segment.path && before?.generation.head == segment.head
        let generation = continues ? before?.generation : nil
        segments.append(
            TrackedSegment(
                start: segment.start, length: segment.length, base: segment.base, state: segment.state,
                of: generation ?? Generation(segment, now: now)))
        if segment.base + segment.length > 0 { segments.last?.generation.isOwn = true }
    }

    var record: StreamRecord {
        StreamRecord(id: id, source: source, path: path, segments: segments.map(\.segment), known: known)
    }

    /// Whether nothing is known of it that a restart would have to know.
    var isBare: Bool { segments.isEmpty && known.isEmpty }

    /// The logical offset of the first byte that is still kept track of.
    var start: UInt64 { segments.first?.start ?? 0 }
    /// The logical offset behind the last byte that was seen.
    var end: UInt64 { segments.last?.end ?? 0 }

    /// Looks whether the live file grew, was truncated or replaced; cheap when it did none of it (one stat).
    func observe(now: MonotonicTime) {
        guarded { () throws(FileAccessError) in
            try lookAtLive(now: now)
            try watchClosedSegments(now: now)
        }
    }

    private func lookAtLive(now: MonotonicTime) throws(FileAccessError) {
        if let aside, !needsReconcile {
            let status = try files.status(path)
            if let status, aside.holds(status) { return }
        }
        hasEnded = try isOver()
        if hasEnded { return }
        guard !needsReconcile, let last = segments.last, last.state == .open, let file = last.generation.file,
            let live = try files.status(path), live.isSameFile(as: file)
        else { return try reconcile(now: now) }
        let wasEmpty = last.fileEnd == 0
        guard try takeGrowth(of: last, live, now: now) else {
            displace(last.generation, reason: .truncated)
            return try reconcile(now: now)
        }
        // What was empty may have been written, copied and cut before, and nothing will tell once its beginning is known.
        guard wasEmpty, last.fileEnd > 0 else { return }
        try disownCopy()
        try reconcile(now: now)
    }

    /// Whether the newest file was read to its end, has no writer, and nothing has taken its place: new names beside it are noticed
    /// by the scan.
    private func isOver() throws(FileAccessError) -> Bool {
        guard !needsReconcile, let last = segments.last, last.state == .complete || last.state == .gone,
            !segments.contains(where: { $0.state == .closed || $0.state == .open })
        else { return false }
        return try files.status(path) == nil
    }

    /// The family is as it was when it was last judged: what is new in it from now on was made after the last look at the live
    /// file.
    func noteUnchangedFamily() {
        guard !needsReconcile, let last = segments.last, last.state == .open, last.fileEnd > 0 else { return }
        sight = LastSight(last, modified: last.generation.modified)
    }

    /// Runs an operation on files; a failure is remembered and tried again with the next look.
    func guarded(_ body: () throws(FileAccessError) -> Void) {
        do throws(FileAccessError) {
            problem = nil
            try body()
        } catch {
            problem = error
            needsReconcile = true
        }
    }

    /// Takes over what the newest segment's file has got since the last look; false when it is not a continuation of what was
    /// seen: it is shorter, or begins or goes on differently.
    func takeGrowth(of last: TrackedSegment, _ status: FileStatus, now: MonotonicTime) throws(FileAccessError) -> Bool {
        let generation = last.generation
        guard let file = generation.file else { return true }
        if generation.codec == .gzip { return try takeCompressedGrowth(of: last, status, now: now) }
        guard status.size >= last.fileEnd else { return false }
        guard status.size > last.fileEnd || status.modified != generation.modified else { return true }
        let tail = try file.anchor(before: status.size)
        guard tail.length > 0 || status.size == 0, try file.holds(generation.tail, before: last.fileEnd),
            try growHead(of: generation),
            // All of this is true of one moment only if the end is still what it was.
            try file.holds(tail, before: status.size)
        else { return false }
        generation.modified = status.modified
        guard status.size > last.fileEnd else {
            // It was written and is no longer: something came and went.
            if status.size == 0 { needsReconcile = true }
            return true
        }
        last.length = status.size - last.base
        generation.tail = tail
        generation.lastGrowth = now
        isDirty = true
        return true
    }

    private func takeCompressedGrowth(of last: TrackedSegment, _ status: FileStatus, now: MonotonicTime)
        throws(FileAccessError) -> Bool
    {
        guard let file = last.generation.file, status.size != liveCompressedSize else { return true }
        let length = try file.content().length
        guard length >= last.fileEnd, try growHead(of: last.generation) else { return false }
        liveCompressedSize = status.size
        guard length > last.fileEnd else { return true }
        last.length = length - last.base
        last.generation.lastGrowth = now
        isDirty = true
        return true
    }

    /// Lets the fingerprint of a short file grow with it; false when the file no longer begins as it did.
    func growHead(of generation: Generation) throws(FileAccessError) -> Bool {
        let old = generation.head
        guard let file = generation.file else { return true }
        let bytes = try file.bytes(at: 0, count: HeadFingerprint.maximumLength)
        guard bytes.count >= Int(old.length), ContentHash(bytes.prefix(Int(old.length))) == old.hash else {
            return false
        }
        generation.headBytes = bytes
        if bytes.count > Int(old.length) {
            generation.head = HeadFingerprint(length: UInt32(bytes.count), hash: ContentHash(bytes))
            isDirty = true
            announce(generation)
        }
        return true
    }

    /// Notes how the end of what was seen of a generation is to be known again; not at all when the file was cut in between.
    func noteTail(of generation: Generation, before end: UInt64) throws(FileAccessError) {
        guard let file = generation.file else { return }
        let tail = try file.anchor(before: end)
        generation.tail = try file.begins(with: generation.head) ? tail : .none
    }

    /// Notes that a generation's bytes are no longer where they were.
    func displace(_ generation: Generation, reason: LossReason) {
        generation.file = nil
        generation.displacement = reason
        for tracked in segments where tracked.generation === generation && tracked.state != .gone {
            tracked.state = .closed
        }
        isDirty = true
    }

    @discardableResult
    func append(_ segment: Segment, file: SegmentFile?, now: MonotonicTime) throws(FileAccessError) -> TrackedSegment {
        let generation = Generation(segment, file: file, now: now)
        if let file, segment.codec == .plain {
            generation.tail = try file.anchor(before: segment.base + segment.length)
            generation.modified = try file.status().modified
        }
        let tracked = TrackedSegment(
            start: segment.start, length: segment.length, base: segment.base, state: segment.state, of: generation)
        segments.append(tracked)
        isDirty = true
        announce(generation)
        return tracked
    }

    /// The newest segment of a generation that is not gone.
    func lastSegment(of generation: Generation) -> TrackedSegment? {
        segments.last { $0.generation === generation && $0.state != .gone }
    }

    /// How far the furthest consumer has read.
    var furthestOffset: UInt64 { cursors().map(\.offset).max() ?? 0 }

    /// Whether a consumer has yet to read of a segment.
    func isNeeded(_ tracked: TrackedSegment) -> Bool {
        tracked.length > 0 && cursors().contains { $0.offset < tracked.end }
    }
}

/// What is kept of what is over.
extension StreamTracker {
    /// Forgets segments that every consumer has passed and that cannot grow; their fingerprints stay known.
    func prune(now: MonotonicTime) {
        guard segments.count > 1 else { return closeUnread() }
        let lowest = cursors().map(\.settledOffset).min() ?? 0
        while segments.count > 1, let first = segments.first, first.end <= lowest, isOver(first, now: now) {
            segments.removeFirst()
            isDirty = true
            let generation = first.generation
            let isShared = segments.contains { $0.generation === generation && $0.state != .gone }
            if !isShared {
                owners?.retain(generation)
                remember(KnownFile(head: generation.head, length: first.fileEnd, identity: generation.identity))
            }
        }
        closeUnread()
    }

    /// Closes files that only consumers could want that are not configured now.
    private func closeUnread() {
        let lowest = cursors().filter { !$0.isDormant }.map(\.settledOffset).min() ?? .max
        for tracked in segments where tracked.generation.file != nil {
            let last = lastSegment(of: tracked.generation)
            if let last, last.state == .complete, last.end <= lowest { tracked.generation.file = nil }
        }
    }

    /// Whether nothing can be added to a segment any more. Where nobody says whether a file has writers, one that was quiet is
    /// kept in sight until it is the last but one.
    private func isOver(_ tracked: TrackedSegment, now: MonotonicTime) -> Bool {
        switch tracked.state {
        case .open: return false
        case .complete, .gone: return true
        case .closed:
            if lastSegment(of: tracked.generation) !== tracked { return true }
            var newer: Set<ObjectIdentifier> = []
            for later in segments where later.start >= tracked.end && later.generation !== tracked.generation {
                newer.insert(ObjectIdentifier(later.generation))
            }
            return newer.count > 1 && tracked.generation.isQuiet(for: Self.writerPatience, now: now)
        }
    }

    func remember(_ file: KnownFile) {
        guard !known.contains(file) else { return }
        known.append(file)
        owners?.note(file, of: self)
        isDirty = true
    }

    /// Forgets the oldest of the known files that are not there any more, when there are many.
    func forgetKnown(except present: some Sequence<FileIdentity>) {
        guard known.count > Self.knownFileLimit else { return }
        let inodes = Set(present.map(\.inode))
        var excess = known.count - Self.knownFileLimit
        known.removeAll { file in
            guard excess > 0, !inodes.contains(file.identity.inode) else { return false }
            excess -= 1
            isDirty = true
            return true
        }
    }
}

extension FileStatus {
    /// Whether this is the status of a file that is held open: its inode cannot be another file's as long as it is.
    func isSameFile(as file: SegmentFile) -> Bool {
        identity.inode == file.identity.inode && identity.device == file.identity.device
    }
}

/// The directory and the last component of an absolute path.
func splitPath(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.index(after: slash)...]))
}

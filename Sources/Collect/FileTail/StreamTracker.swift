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
/// - The file at the live path with the inode of the newest segment *is* that segment, unless it became shorter or its head or
///   an anchor changed: then it was truncated, and what it held is looked for in the rotation family.
/// - A file of the family is what it was known as by inode and head; else what its content says (head, length, anchor).
/// - A copy of a known segment is never read, unless the segment's own file is gone: then the copy takes its place.
/// - What is left of the family when the live file has changed are generations that were never seen: they are read, oldest
///   first, before the live file.
final class StreamTracker {
    /// How long a closed file without a word on its writers must be quiet before its unfinished last line counts as whole.
    static let quietTime = Duration.seconds(5)
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
    /// Where the consumers stand. Set by whoever owns the cursors; by default nobody reads.
    var cursors: () -> [CursorView] = { [] }

    var segments: [TrackedSegment] = []
    var known: [KnownFile] = []
    var events: [StreamEvent] = []
    /// Whether the record changed since `takeRecord()`.
    var isDirty = false
    /// The machine was started anew since the record was written, so unsynced bytes may have vanished.
    var bootChanged: Bool
    /// A judgement was put off (see `patience`), or an operation failed: reconcile again.
    var needsReconcile = false
    /// What kept the last operation from succeeding; nil when all is well.
    var problem: FileAccessError?
    /// Inodes of family files that were judged and need not be opened again, with the size at that time.
    var judged: [FileIdentity: UInt64] = [:]
    /// Compressed size of a live file that is gzip itself.
    var liveCompressedSize: UInt64 = 0
    /// No more is to come: unfinished last lines count as whole (`--once`).
    var isFinishing = false

    init(id: StreamID, source: SourceName, path: String, files: any FileAccess) {
        self.id = id
        self.source = source
        self.path = path
        (self.directory, self.liveName) = splitPath(path)
        self.files = files
        self.bootChanged = false
    }

    init(restoring record: StreamRecord, files: any FileAccess, bootChanged: Bool, now: MonotonicTime) {
        self.id = record.id
        self.source = record.source
        self.path = record.path
        (self.directory, self.liveName) = splitPath(record.path)
        self.files = files
        self.bootChanged = bootChanged
        self.segments = record.segments.map { TrackedSegment($0, now: now) }
        self.known = record.known
        self.needsReconcile = true
    }

    var record: StreamRecord {
        StreamRecord(id: id, source: source, path: path, segments: segments.map(\.segment), known: known)
    }

    /// The logical offset of the first byte that is still kept track of.
    var start: UInt64 { segments.first?.segment.start ?? 0 }
    /// The logical offset behind the last byte that was seen.
    var end: UInt64 { segments.last?.segment.end ?? 0 }

    /// Looks whether the live file grew, was truncated or replaced; cheap when it did none of it (one stat).
    func observe(now: MonotonicTime) {
        guarded { () throws(FileAccessError) in
            guard let last = segments.last else { return try reconcile(now: now) }
            let live = try files.status(path)
            if !needsReconcile, let file = last.file, last.segment.state == .open, let live, live.isSameFile(as: file) {
                try extend(last, with: live, now: now)
            } else {
                try reconcile(now: now)
            }
            try watchClosedSegments(now: now)
        }
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

    /// Takes over the growth of the newest segment's file.
    func extend(_ last: TrackedSegment, with status: FileStatus, now: MonotonicTime) throws(FileAccessError) {
        if last.segment.codec == .gzip { return try extendGzip(last, with: status, now: now) }
        guard status.size >= last.fileEnd else {
            displace(last, reason: .truncated)
            return try reconcile(now: now)
        }
        guard status.size > last.fileEnd else { return }
        guard try growHead(of: last) else {
            displace(last, reason: .truncated)
            return try reconcile(now: now)
        }
        last.segment.length = status.size - last.segment.base
        last.lastGrowth = now
        isDirty = true
    }

    private func extendGzip(_ last: TrackedSegment, with status: FileStatus, now: MonotonicTime) throws(FileAccessError) {
        guard let file = last.file, status.size != liveCompressedSize else { return }
        liveCompressedSize = status.size
        let length = try file.contentLength()
        guard length > last.fileEnd else { return }
        guard try growHead(of: last) else { return }
        last.segment.length = length - last.segment.base
        last.lastGrowth = now
        isDirty = true
    }

    /// Lets the fingerprint of a short file grow with it; false when the file no longer begins as it did.
    func growHead(of tracked: TrackedSegment) throws(FileAccessError) -> Bool {
        guard tracked.segment.head.length < HeadFingerprint.maximumLength, let file = tracked.file else { return true }
        let bytes = try file.bytes(at: 0, count: HeadFingerprint.maximumLength)
        let old = tracked.segment.head
        guard bytes.count >= Int(old.length), ContentHash(bytes.prefix(Int(old.length))) == old.hash else { return false }
        tracked.segment.head = HeadFingerprint(length: UInt32(bytes.count), hash: ContentHash(bytes))
        return true
    }

    /// Notes that a segment's bytes are no longer where they were.
    func displace(_ tracked: TrackedSegment, reason: LossReason) {
        tracked.file = nil
        tracked.displacement = reason
        tracked.segment.state = .closed
        isDirty = true
    }

    func append(_ segment: Segment, file: SegmentFile?, now: MonotonicTime) {
        segments.append(TrackedSegment(segment, file: file, now: now))
        isDirty = true
    }

    /// Forgets segments that every consumer has passed and that cannot grow; their fingerprints stay known.
    func prune() {
        let lowest = cursors().map(\.settledOffset).min() ?? 0
        while segments.count > 1, let first = segments.first, first.isFinal, first.segment.end <= lowest {
            segments.removeFirst()
            isDirty = true
            let sharesFile = segments.contains { $0.segment.identity == first.segment.identity && $0.segment.state != .gone }
            if first.segment.head.length > 0, !sharesFile {
                remember(
                    KnownFile(head: first.segment.head, length: first.fileEnd, identity: first.segment.identity))
            }
        }
    }

    func remember(_ file: KnownFile) {
        guard !known.contains(file) else { return }
        known.append(file)
        if known.count > Self.knownFileLimit { known.removeFirst(known.count - Self.knownFileLimit) }
        isDirty = true
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

func join(_ directory: String, _ name: String) -> String {
    directory == "/" ? "/" + name : directory + "/" + name
}

import LogModel

/// One file's worth of a stream: what lies, or lay, in one file, however it is called and stored by now.
///
/// The segments that lie in it share it, so that a rename, a copy or a compression concerns all of them at once.
final class Generation {
    /// Open while its bytes may be needed; nil when they were not found yet, or are gone.
    var file: SegmentFile?
    var path: String
    var codec: SegmentCodec
    var identity: FileIdentity
    var head: HeadFingerprint
    /// The bytes that `head` was taken of, while they are known: a copy may be shorter than the head.
    var headBytes: [UInt8] = []
    /// The bytes before the end of what was seen, so that a file that was cut and has grown past that end is noticed.
    var tail = Anchor.none
    /// Why its bytes are not where they were, while they are looked for and when they are gone.
    var displacement: LossReason?
    /// Since when its bytes are looked for.
    var missingSince: MonotonicTime?
    /// When its file was last seen to grow.
    var lastGrowth: MonotonicTime
    /// When its file was last written, as its status said.
    var modified: WallTime?
    /// The last answer was that no writer has it open, or that nobody knows.
    var isLeftAlone = false
    /// How long its file was when it was last looked at after it had been closed.
    var seenLength: UInt64 = 0
    /// The inode under which the owners of files know it, and whether they know how it begins.
    var notedInode: UInt64?
    var isBeginningNoted = false
    var isYoung = false
    /// It is no copy of another stream's file, as far as that could be asked.
    var isOwn = false
    /// How often in a row its file did not hold what was expected.
    var mismatches = 0
    /// When it is asked next whether a writer has the file open.
    var nextProbe: MonotonicTime

    init(_ segment: Segment, file: SegmentFile? = nil, now: MonotonicTime) {
        self.file = file
        path = segment.path
        codec = segment.codec
        identity = segment.identity
        head = segment.head
        lastGrowth = now
        nextProbe = now
    }

    /// Takes another file, which holds the same bytes, for its own.
    func move(to file: SegmentFile, path: String) {
        self.file = file
        self.path = path
        codec = file.codec
        identity = file.identity
        displacement = nil
        missingSince = nil
    }

    /// Whether the file has been left alone for so long that an unfinished last line counts as whole.
    func isQuiet(for time: Duration, now: MonotonicTime) -> Bool { now.since(lastGrowth) >= time }
}

/// A run of a stream's bytes that lies in one generation.
final class TrackedSegment {
    let generation: Generation
    var start: UInt64
    var length: UInt64
    var base: UInt64
    var state: Segment.State
    /// Why it is gone, if that is not the generation's own displacement.
    var lossReason: LossReason?

    init(start: UInt64, length: UInt64, base: UInt64, state: Segment.State, of generation: Generation) {
        self.generation = generation
        self.start = start
        self.length = length
        self.base = base
        self.state = state
    }

    /// The logical offset behind its last byte.
    var end: UInt64 { start + length }

    /// The file's byte that logical `offset` is.
    func fileOffset(_ offset: UInt64) -> UInt64 { base + (offset - start) }

    /// The file's byte behind the last one known.
    var fileEnd: UInt64 { base + length }

    /// As the ledger keeps it.
    var segment: Segment {
        Segment(
            start: start, length: length, base: base, path: generation.path, codec: generation.codec,
            identity: generation.identity, head: generation.head, state: state)
    }
}

extension FileIdentity {
    /// Whether this may be the same file as `other`: the inode's number and, where both are known, its generation. The device
    /// says nothing across a reboot.
    func mayBe(_ other: FileIdentity) -> Bool {
        inode == other.inode && (generation == other.generation || generation == 0 || other.generation == 0)
    }

    /// Whether this is the same file as `other`: the file system tells the users of an inode's number apart.
    func isSurely(_ other: FileIdentity) -> Bool {
        inode == other.inode && generation == other.generation && generation != 0
    }
}

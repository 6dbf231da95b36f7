/// A place in a stream: a logical offset in its uncompressed bytes, counted from the first byte ever seen of it.
public struct Position: Hashable, Sendable {
    /// The stream that the offset counts in.
    public var stream: StreamID
    /// Uncompressed bytes before the place.
    public var offset: UInt64
    /// A place in a stream; whether its bytes exist is not checked.
    public init(stream: StreamID, offset: UInt64) {
        self.stream = stream
        self.offset = offset
    }
}

/// How the bytes of a segment lie on disk.
public enum SegmentCodec: UInt8, Sendable {
    case plain = 0
    case gzip = 1
}

/// What the kernel says a file is. Hints only: an inode number is used again, and the device changes on reboot and remount.
public struct FileIdentity: Hashable, Sendable {
    /// `st_dev`.
    public var device: UInt64
    /// `st_ino`.
    public var inode: UInt64
    /// `FS_IOC_GETVERSION`; 0 where the file system has none.
    public var generation: UInt32
    /// An identity as the kernel tells it.
    public init(device: UInt64, inode: UInt64, generation: UInt32 = 0) {
        self.device = device
        self.inode = inode
        self.generation = generation
    }
}

/// The hash of a file's first `length` uncompressed bytes. It grows with a short file up to `maximumLength`.
public struct HeadFingerprint: Hashable, Sendable {
    /// The most bytes that a fingerprint covers.
    public static let maximumLength = 1024
    /// Uncompressed bytes covered: all of a shorter file, 0 when nothing is known.
    public var length: UInt32
    /// The hash of those bytes.
    public var hash: ContentHash
    /// A fingerprint of bytes that are already hashed.
    public init(length: UInt32, hash: ContentHash) {
        self.length = length
        self.hash = hash
    }
    /// Covers no byte, so that it tells no file from another.
    public static let empty = HeadFingerprint(length: 0, hash: ContentHash([]))
}

/// A run of a stream's bytes that lies in one file.
///
/// Logical offset `start + n` is byte `base + n` of the file's uncompressed content, for `n < length`.
public struct Segment: Hashable, Sendable {
    /// Legal order: open → closed → complete; any of them → gone.
    public enum State: UInt8, Sendable {
        /// The newest segment of its stream: its file may grow.
        case open = 0
        /// A newer segment follows. Bytes that a late writer still adds to its file become a segment of their own.
        case closed = 1
        /// Closed, and no writer can add to it any more.
        case complete = 2
        /// Its bytes are on no file that we can find.
        case gone = 3
    }

    /// The logical offset of its first byte.
    public var start: UInt64
    /// Uncompressed bytes, as far as they were seen.
    public var length: UInt64
    /// Where it begins in its file, in uncompressed bytes; above 0 when an earlier segment lies in the same file.
    public var base: UInt64
    /// Where its file was last seen.
    public var path: String
    /// How its file is stored.
    public var codec: SegmentCodec
    /// What the kernel said its file was; a hint.
    public var identity: FileIdentity
    /// By which its file is known again: of the whole file, not from `base` on.
    public var head: HeadFingerprint
    /// Whether its file can still grow, and whether it still exists.
    public var state: State

    /// A segment; `start + length` must not overflow.
    public init(
        start: UInt64, length: UInt64, base: UInt64, path: String, codec: SegmentCodec, identity: FileIdentity,
        head: HeadFingerprint, state: State
    ) {
        self.start = start
        self.length = length
        self.base = base
        self.path = path
        self.codec = codec
        self.identity = identity
        self.head = head
        self.state = state
    }

    /// The logical offset behind the segment's last byte.
    public var end: UInt64 { start + length }
}

/// A file of a stream's rotation family whose bytes must not be read: what all consumers have passed, what was there before
/// the stream was first seen, and copies of segments. What it gets behind its length is news.
public struct KnownFile: Hashable, Sendable {
    /// By which it is known again.
    public var head: HeadFingerprint
    /// Uncompressed bytes.
    public var length: UInt64
    /// What the kernel said it was; a hint.
    public var identity: FileIdentity
    /// A file that is to be left unread.
    public init(head: HeadFingerprint, length: UInt64, identity: FileIdentity) {
        self.head = head
        self.length = length
        self.identity = identity
    }
}

/// A stream as the ledger keeps it: its name and where its bytes lie, oldest first, without gaps in the logical offsets.
public struct StreamRecord: Hashable, Sendable {
    /// The number by which cursors and losses refer to the stream.
    public var id: StreamID
    /// The source whose globs its path matches.
    public var source: SourceName
    /// The path under which its writer writes; rotated siblings are derived from it.
    public var path: String
    /// Where its bytes lie, oldest first; those that every consumer has passed are left out.
    public var segments: [Segment]
    /// Files of its rotation family that are not to be read.
    public var known: [KnownFile]
    /// A stream with its segments in order.
    public init(id: StreamID, source: SourceName, path: String, segments: [Segment], known: [KnownFile] = []) {
        self.id = id
        self.source = source
        self.path = path
        self.segments = segments
        self.known = known
    }
}

/// A source whose files were looked for with these globs before. `start_at` applies to files that are found the first time
/// that a source, or a changed source, is looked at; what appears later is read from its beginning.
public struct ScannedSource: Hashable, Sendable {
    /// The source that was looked at.
    public var source: SourceName
    /// The hash of the source's globs.
    public var globs: ContentHash
    /// Notes that these globs of the source were looked at.
    public init(source: SourceName, globs: ContentHash) {
        self.source = source
        self.globs = globs
    }
}

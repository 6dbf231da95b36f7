/// Why bytes were passed over on purpose.
public enum SkipReason: String, Sendable, CaseIterable {
    /// Before the place where `start_at` told a new consumer to begin.
    case startAt = "start_at"
    /// The part of a line beyond `max_line`.
    case lineTooLong = "line_too_long"
    /// A hole in the file, such as `punch` or a truncation under a writer without `O_APPEND` leaves.
    case hole = "hole"
    /// An operator moved the cursor with `outrider consumers reset`.
    case reset = "reset"
    /// The mark at the beginning of a file that says how it is encoded.
    case byteOrderMark = "byte_order_mark"
}

/// Why bytes could not be read, though they were written.
public enum LossReason: String, Sendable, CaseIterable {
    /// The file was truncated, and no copy of it was found.
    case truncated = "truncated"
    /// The file was deleted, and no copy of it was found.
    case deleted = "deleted"
    /// The file was shorter than what had been seen of it, after a power cut or a reboot.
    case regressed = "regressed"
    /// The file's content could not be read: damaged gzip, I/O error.
    case unreadable = "unreadable"
}

/// A gap: bytes that a consumer did not get.
public struct LossRecord: Hashable, Sendable {
    /// The stream whose bytes are missing.
    public var stream: StreamID
    /// Who did not get them; another consumer may have read them in time.
    public var consumer: ConsumerName
    /// Why they could not be read.
    public var reason: LossReason
    /// The logical offset of the first missing byte.
    public var lowerOffset: UInt64
    /// The logical offset behind the gap as far as it is known.
    public var upperOffset: UInt64
    /// Whether the writer may have written more there than was ever seen, so that the gap is at least this long.
    public var isOpenEnded: Bool
    /// The file that the bytes were in when they were last seen.
    public var path: String
    /// When the gap was noticed, not when it arose.
    public var time: WallTime

    /// A gap of the bytes from `lowerOffset` up to, but not including, `upperOffset`.
    public init(
        stream: StreamID, consumer: ConsumerName, reason: LossReason, lowerOffset: UInt64, upperOffset: UInt64,
        isOpenEnded: Bool, path: String, time: WallTime
    ) {
        self.stream = stream
        self.consumer = consumer
        self.reason = reason
        self.lowerOffset = lowerOffset
        self.upperOffset = upperOffset
        self.isOpenEnded = isOpenEnded
        self.path = path
        self.time = time
    }
}

/// What became of every byte of a stream for one consumer.
///
/// The equation `consumed + skipped + lost == offset` (the consumer's position) holds at every commit; what lies between the
/// position and the stream's end is pending. The terms are counted where the bytes pass, not derived from the position, so
/// the check can fail.
public struct StreamAccount: Hashable, Sendable {
    /// Bytes handed over as lines, line ends included.
    public var consumed: UInt64 = 0
    /// Lines handed over.
    public var lines: UInt64 = 0
    /// Lines of which only the first `max_line` bytes were handed over.
    public var linesCut: UInt64 = 0
    /// Bytes passed over on purpose; a reason without any has no entry.
    public var skipped: [SkipReason: UInt64] = [:]
    /// Bytes that could not be read; a reason without any has no entry.
    public var lost: [LossReason: UInt64] = [:]
    /// Gaps whose end is unknown: the file was cut or deleted while its writer may have gone on.
    public var openEndedLosses: UInt64 = 0

    /// The account of a consumer that stands at the stream's first byte.
    public init() {}

    /// Bytes that are accounted for; equal to the consumer's position.
    public var total: UInt64 { consumed + skipped.values.reduce(0, +) + lost.values.reduce(0, +) }
}

/// The byte ranges of records that are still open below a consumer's position. Ranges, never text: the ledger holds no line.
public struct Carry: Hashable, Sendable {
    /// Logical offsets below the position, of bytes that are accounted for but belong to a record that is not whole yet.
    public var openRanges: [Range<UInt64>] = []
    /// The position lies inside a line whose first `max_line` bytes were already handed over.
    public var isInsideCutLine = false
    /// No open record: the position stands at the beginning of a line.
    public init() {}
}

/// Where one consumer stands in one stream.
public struct ConsumerState: Hashable, Sendable {
    /// Whose state this is.
    public var consumer: ConsumerName
    /// The stream that it reads.
    public var stream: StreamID
    /// The logical offset of the first byte that the consumer has not got.
    public var offset: UInt64
    /// The hash of the up to 1,024 file bytes before the position, checked whenever the file is read on.
    public var anchor: Anchor
    /// What is still open below the position.
    public var carry: Carry
    /// What became of the bytes below the position.
    public var account: StreamAccount

    /// A state without open records; the account must add up to `offset`.
    public init(
        consumer: ConsumerName, stream: StreamID, offset: UInt64, anchor: Anchor = .none, carry: Carry = Carry(),
        account: StreamAccount = StreamAccount()
    ) {
        self.consumer = consumer
        self.stream = stream
        self.offset = offset
        self.anchor = anchor
        self.carry = carry
        self.account = account
    }
}

/// The hash of the last bytes before a position. A file whose bytes there differ is not the file that was read.
public struct Anchor: Hashable, Sendable {
    /// The most bytes that an anchor covers: as many as a head, so that one of a place within the head covers all before it.
    public static let maximumLength = HeadFingerprint.maximumLength
    /// Bytes covered: fewer than `maximumLength` where the file does not have as many before the place, 0 when nothing is known.
    public var length: UInt16
    /// The hash of those bytes.
    public var hash: ContentHash
    /// An anchor of bytes that are already hashed.
    public init(length: UInt16, hash: ContentHash) {
        self.length = length
        self.hash = hash
    }
    /// Covers no byte, so that it fits every file.
    public static let none = Anchor(length: 0, hash: ContentHash([]))
}

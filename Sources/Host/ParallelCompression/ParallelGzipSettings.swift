public import Compression
import FileAccess

/// How content is compressed.
public struct ParallelGzipSettings: Hashable, Sendable {
    /// No more threads than this are used unless they are asked for.
    public static let mostDefaultWorkers = 4

    /// One of `GzipMemberCompressor.levels`.
    public var level = 6
    /// How many threads compress.
    public var workers = min(Processors.usableCount, mostDefaultWorkers)
    /// How much content goes into each member but the last; at most `GzipMemberCompressor.memberContentLength`.
    public var memberContentLength = GzipMemberCompressor.memberContentLength
    /// When the content was last changed, in seconds since 1970, for the headers; 0 for unknown.
    public var modified: UInt32 = 0
    /// Whether processors and disks are to serve everybody else first.
    public var isInBackground = true
    /// Whether the SHA-256 of what is written is computed.
    public var isHashed = false

    /// Level 6, a thread for each processor but four at most, in the background, without a hash.
    public init() {}
}

/// What became of the content.
public struct ParallelGzipResult: Hashable, Sendable {
    /// Length and checksum of what was read.
    public internal(set) var content = ContentSum()
    /// How many bytes were written.
    public internal(set) var compressedLength: UInt64 = 0
    /// In how many members.
    public internal(set) var memberCount = 0
    /// The SHA-256 of what was written, where it was asked for.
    public internal(set) var sha256: [UInt8]?
    /// False when the kernel refused to lower the priority of a thread for which it was to be lowered.
    public internal(set) var hasPriorityAsked = true
}

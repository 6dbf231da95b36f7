import CDeflate

/// Makes gzip members with libdeflate, each of content that is in memory as a whole. For one thread at a time.
///
/// SAFETY: `compressor` is owned from init to deinit. libdeflate sees the caller's buffers for the length of one call, with their
/// lengths.
public final class GzipMemberCompressor {
    /// From fast to small. A compressor takes 0.7 MiB of memory, from level 10 on 8.6 MiB.
    public static let levels = 1...12
    /// The most content that goes into one member of a rotated log.
    public static let memberContentLength = 1 << 20

    private let compressor: OpaquePointer
    private let effort: UInt8

    /// A compressor for one of `levels`; what lies outside is the nearest of them.
    /// - Throws: `gzip_out_of_memory`.
    public init(level: Int = 6) throws(GzipError) {
        let level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
        guard let made = libdeflate_alloc_compressor(Int32(level)) else { throw .outOfMemory("data", at: 0) }
        compressor = made
        effort = level == 1 ? 4 : level >= 8 ? 2 : 0
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// How many bytes the member of so much content can have.
    public static func room(for contentLength: Int) -> Int {
        GzipMemberHeader.byteCount + libdeflate_deflate_compress_bound(nil, contentLength)
            + GzipMemberHeader.trailerByteCount
    }

    /// Writes the member that holds `content` to the beginning of `output`.
    ///
    /// - Parameters:
    ///   - content: at most `memberContentLength` bytes.
    ///   - output: at least `room(for: content.count)` bytes.
    ///   - modified: when the content was last changed, in seconds since 1970; 0 for unknown.
    /// - Returns: the length of the member, and what it holds.
    public func compress(
        _ content: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, modified: UInt32 = 0
    ) -> (length: Int, sum: ContentSum) {
        precondition(content.count <= Self.memberContentLength, "BUG: more content than fits a member")
        precondition(output.count >= Self.room(for: content.count), "BUG: too little room for a member")
        let body = UnsafeMutableRawBufferPointer(
            rebasing: output[GzipMemberHeader.byteCount..<(output.count - GzipMemberHeader.trailerByteCount)])
        let bodyLength = libdeflate_deflate_compress(
            compressor, content.baseAddress, content.count, body.baseAddress, body.count)
        precondition(bodyLength > 0, "BUG: libdeflate's bound gave too little room")
        let length = GzipMemberHeader.byteCount + bodyLength + GzipMemberHeader.trailerByteCount
        let sum = ContentSum(content)
        GzipMemberHeader(
            memberLength: UInt32(length), contentLength: UInt32(content.count), modified: modified, effort: effort
        )
        .write(to: output)
        output.store(sum.crc32, littleEndianAt: length - 8)
        output.store(UInt32(content.count), littleEndianAt: length - 4)
        return (length, sum)
    }
}

/// The header of the gzip members that Outrider writes: it says how long its member is, so that readers get from one to the next
/// without decompressing.
///
/// RFC 1952, numbers little-endian:
///
///     1F 8B 08        gzip, deflate
///     04              flags: an extra field, nothing else
///     4 bytes         when the content was last changed, in seconds since 1970; 0 for unknown
///     1 byte          2 for the best compression, 4 for the fastest, else 0
///     03              Unix
///     0C 00           length of the extra field
///     4F 52 08 00     its one subfield, "OR", and the length of that
///     4 bytes         length of the member, this header and the trailer included
///     4 bytes         length of its content, as in the trailer
///
/// The trailer is the CRC-32 and the length of the content, four bytes each.
public struct GzipMemberHeader: Hashable, Sendable {
    /// How many bytes a header has.
    public static let byteCount = 24
    /// How many bytes follow the compressed ones.
    public static let trailerByteCount = 8
    /// The shortest stream of DEFLATE there is.
    private static let shortestBody = 2
    /// DEFLATE makes no more than this of a byte.
    private static let mostExpansion: UInt64 = 1032

    /// Bytes of the member in the file.
    public var memberLength: UInt32
    /// Bytes that it holds.
    public var contentLength: UInt32
    /// When the content was last changed, in seconds since 1970; 0 for unknown.
    public var modified: UInt32
    /// What the compressor was asked for: 2 for the best, 4 for the fastest, else 0.
    public var effort: UInt8

    init(memberLength: UInt32, contentLength: UInt32, modified: UInt32, effort: UInt8) {
        self.memberLength = memberLength
        self.contentLength = contentLength
        self.modified = modified
        self.effort = effort
    }

    /// Reads a header; nil when the bytes do not begin with one of Outrider's, or when its lengths cannot be.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount, bytes[..<4].elementsEqual([0x1F, 0x8B, 0x08, 0x04]),
            bytes[9..<16].elementsEqual([0x03, 0x0C, 0, 0x4F, 0x52, 0x08, 0]), [0, 2, 4].contains(bytes[8])
        else { return nil }
        memberLength = bytes.littleEndian(at: 16)
        contentLength = bytes.littleEndian(at: 20)
        modified = bytes.littleEndian(at: 4)
        effort = bytes[8]
        guard Int(memberLength) >= Self.byteCount + Self.shortestBody + Self.trailerByteCount,
            UInt64(contentLength) <= UInt64(memberLength) * Self.mostExpansion
        else { return nil }
    }

    /// Writes the header to the beginning of `output`.
    func write(to output: UnsafeMutableRawBufferPointer) {
        output.copyBytes(from: [0x1F, 0x8B, 0x08, 0x04, 0, 0, 0, 0, effort, 0x03, 0x0C, 0, 0x4F, 0x52, 0x08, 0])
        output.store(modified, littleEndianAt: 4)
        output.store(memberLength, littleEndianAt: 16)
        output.store(contentLength, littleEndianAt: 20)
    }
}

extension UnsafeRawBufferPointer {
    func littleEndian(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    func store(_ number: UInt32, littleEndianAt offset: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
}

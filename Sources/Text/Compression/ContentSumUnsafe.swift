import CDeflate
import CZlib

/// Length and CRC-32 of some content, by which it is known again. Sums of parts add up to the sum of the whole.
///
/// SAFETY: libdeflate reads the caller's bytes for the length of one call.
public struct ContentSum: Hashable, Sendable {
    /// How many bytes it is.
    public private(set) var length: UInt64 = 0
    /// The checksum that gzip uses.
    public private(set) var crc32: UInt32 = 0

    /// The sum of nothing.
    public init() {}

    /// The sum of some bytes.
    public init(_ bytes: UnsafeRawBufferPointer) { append(bytes) }

    /// A sum that is known from elsewhere.
    public init(length: UInt64, crc32: UInt32) {
        self.length = length
        self.crc32 = crc32
    }

    /// Adds bytes that follow.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        crc32 = libdeflate_crc32(crc32, start, bytes.count)
        length += UInt64(bytes.count)
    }

    /// Adds content that follows and whose sum is known.
    public mutating func append(_ next: ContentSum) {
        crc32 = UInt32(truncatingIfNeeded: crc32_combine(UInt(crc32), UInt(next.crc32), Int(clamping: next.length)))
        length += next.length
    }
}

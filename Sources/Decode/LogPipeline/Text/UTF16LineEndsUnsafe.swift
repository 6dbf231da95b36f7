/// Four units of UTF-16 looked at together, the first in the lowest bits.
enum UTF16Word {
    /// The four units at `offset`.
    ///
    /// SAFETY: the caller has eight bytes there.
    @inline(__always)
    static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int, isBigEndian: Bool) -> UInt64 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        guard isBigEndian else { return word }
        return (word & 0x00FF_00FF_00FF_00FF) << 8 | word >> 8 & 0x00FF_00FF_00FF_00FF
    }

    /// Marks line feeds; the lowest mark is exact, those above it may be wrong.
    @inline(__always)
    static func lineFeeds(_ units: UInt64) -> UInt64 {
        let difference = units ^ 0x000A_000A_000A_000A
        return (difference &- 0x0001_0001_0001_0001) & ~difference & 0x8000_8000_8000_8000
    }
}

/// Appends the offset behind each line end of UTF-16 to `ends`, before it is transcoded.
///
/// A line end is the unit 0x000A at a multiple of two: the bytes 0A and 00 also occur across and within other characters. `bytes`
/// begin where a unit begins; an odd last byte is left aside. `encoding` is one of UTF-16.
///
/// SAFETY: reads `bytes` within their bounds and keeps no pointer.
public func appendUTF16LineEnds(
    of bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding, to ends: inout ContiguousArray<UInt32>
) {
    precondition(encoding.unitLength == 2, "BUG: \(encoding) has no units of two bytes")
    let isBigEndian = encoding == .utf16BigEndian
    var offset = 0
    while offset + 8 <= bytes.count {
        let marks = UTF16Word.lineFeeds(UTF16Word.load(bytes, offset, isBigEndian: isBigEndian))
        if marks == 0 {
            offset += 8
        } else {
            offset += (marks.trailingZeroBitCount >> 4) * 2 + 2
            ends.append(UInt32(truncatingIfNeeded: offset))
        }
    }
    let (high, low) = isBigEndian ? (0, 1) : (1, 0)
    while offset + 2 <= bytes.count {
        let isLineFeed = bytes[offset + high] == 0 && bytes[offset + low] == 0x0A
        offset += 2
        if isLineFeed { ends.append(UInt32(truncatingIfNeeded: offset)) }
    }
}

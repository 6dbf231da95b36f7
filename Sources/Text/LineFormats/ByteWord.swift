/// Eight bytes looked at together. In the marks that these functions give, the lowest set bit is exact: it is the highest bit of
/// the first byte that was looked for; bits above it may be wrong (borrows run upwards).
@usableFromInline
enum ByteWord {
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
    @usableFromInline static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Marks bytes that equal `byte`; `highBits` must still be applied.
    @inlinable @inline(__always)
    static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference
    }

    /// Marks bytes less than `limit`, which is at most 128; `highBits` must still be applied.
    @inlinable @inline(__always)
    static func less(_ word: UInt64, than limit: UInt8) -> UInt64 { (word &- ones &* UInt64(limit)) & ~word }

    /// The index of the first marked byte.
    @inlinable @inline(__always)
    static func first(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }
}

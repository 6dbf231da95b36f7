/// Bits one behind the other, the highest of a byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    /// Bits of the last byte that are still free.
    private var free = 0

    mutating func append(bit: Bool) { append(bit ? 1 : 0, count: 1) }

    /// The lowest `count` bits of a number, at most 64.
    mutating func append(_ number: UInt64, count: Int) {
        var rest = count
        while rest > 0 {
            if free == 0 {
                bytes.append(0)
                free = 8
            }
            let taken = min(rest, free)
            let piece = (number >> UInt64(rest - taken)) & ((1 << UInt64(taken)) - 1)
            bytes[bytes.count - 1] |= UInt8(truncatingIfNeeded: piece << UInt64(free - taken))
            free -= taken
            rest -= taken
        }
    }
}

/// Reads what a `BitWriter` wrote, many bits at once.
///
/// SAFETY: whoever makes one keeps the bytes for as long as it is used. Eight bytes are loaded only where there are eight.
struct BitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The bits that come next, the first one as the highest: 57 at least, those behind the end being zero.
    @inline(__always)
    func peek() -> UInt64 {
        let first = position >> 3
        guard first + 8 <= bytes.count else { return lastBits(from: first) << UInt64(position & 7) }
        let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: first, as: UInt64.self)
        return UInt64(bigEndian: word) &<< UInt64(position & 7)
    }

    private func lastBits(from first: Int) -> UInt64 {
        var bits: UInt64 = 0
        for index in 0..<8 { bits = bits << 8 | (first + index < bytes.count ? UInt64(bytes[first + index]) : 0) }
        return bits
    }

    /// Goes on by so many bits; false when there are fewer.
    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        position += count
        return position <= bytes.count * 8
    }

    /// A number of `count` bits, from 1 to 64; nil when there are fewer.
    @inline(__always)
    mutating func read(_ count: Int) -> UInt64? {
        if count <= 57 {
            let number = peek() &>> UInt64(64 - count)
            return skip(count) ? number : nil
        }
        let high = peek() &>> 32
        guard skip(32) else { return nil }
        let low = peek() &>> UInt64(96 - count)
        return skip(count - 32) ? high &<< UInt64(count - 32) | low : nil
    }
}

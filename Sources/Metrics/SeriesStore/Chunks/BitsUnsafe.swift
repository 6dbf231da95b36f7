/// Bits one behind the other, the highest of a byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    /// Bits of the last byte that are still free.
    private var free = 0

    init() {}

    /// Bytes that were written before; further bits would stand behind them.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func shrink() {
        var exact: [UInt8] = []
        exact.reserveCapacity(bytes.count)
        exact += bytes
        bytes = exact
    }

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

/// Reads what a `BitWriter` wrote.
struct BitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Nil behind the end.
    mutating func bit() -> Bool? { read(1).map { $0 == 1 } }

    /// A number of `count` bits, at most 64; nil when there are fewer.
    mutating func read(_ count: Int) -> UInt64? {
        guard position + count <= bytes.count * 8 else { return nil }
        var number: UInt64 = 0
        var rest = count
        while rest > 0 {
            let offset = position & 7
            let taken = min(rest, 8 - offset)
            let piece = (UInt64(bytes[position >> 3]) >> UInt64(8 - offset - taken)) & ((1 << UInt64(taken)) - 1)
            number = taken == 64 ? piece : number << UInt64(taken) | piece
            position += taken
            rest -= taken
        }
        return number
    }
}

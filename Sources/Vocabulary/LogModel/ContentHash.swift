/// A 64-bit hash of file content (XXH64, seed 0), by which a file is known again after a rename or a compression.
///
/// It guards against accidents, not against an adversary: whoever can write a log can also write two files that hash alike,
/// and then harms only the account of that log. The algorithm is the published XXH64; the value is stored in the ledger and
/// must never change.
public struct ContentHash: Hashable, Sendable {
    /// The 64 bits, as the ledger stores them.
    public let rawValue: UInt64
    /// A hash that was computed earlier.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Hashes bytes in place; they are not kept.
    public init(_ bytes: UnsafeRawBufferPointer) { self.rawValue = xxh64(bytes) }

    /// Hashes the bytes of any collection, copying them where they are not contiguous.
    public init(_ bytes: some Collection<UInt8>) {
        let contiguous = ContiguousArray(bytes)
        self = contiguous.withUnsafeBytes { ContentHash($0) }
    }
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { (value << count) | (value >> (64 - count)) }

private func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
    rotate(accumulator &+ lane &* prime2, 31) &* prime1
}

private func mergeRound(_ hash: UInt64, _ accumulator: UInt64) -> UInt64 {
    (hash ^ round(0, accumulator)) &* prime1 &+ prime4
}

private func xxh64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    func lane64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var offset = 0
    var hash: UInt64
    if bytes.count >= 32 {
        var (a, b, c, d) = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
        while offset + 32 <= bytes.count {
            a = round(a, lane64(offset))
            b = round(b, lane64(offset + 8))
            c = round(c, lane64(offset + 16))
            d = round(d, lane64(offset + 24))
            offset += 32
        }
        hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
        for accumulator in [a, b, c, d] { hash = mergeRound(hash, accumulator) }
    } else {
        hash = prime5
    }
    hash = hash &+ UInt64(bytes.count)
    while offset + 8 <= bytes.count {
        hash = rotate(hash ^ round(0, lane64(offset)), 27) &* prime1 &+ prime4
        offset += 8
    }
    if offset + 4 <= bytes.count {
        let lane = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        hash = rotate(hash ^ (lane &* prime1), 23) &* prime2 &+ prime3
        offset += 4
    }
    while offset < bytes.count {
        hash = rotate(hash ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
        offset += 1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
}

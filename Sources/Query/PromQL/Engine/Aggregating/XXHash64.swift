/// The 64-bit hash of xxHash with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func hash(_ data: [UInt8]) -> UInt64 {
        var offset = 0
        var hash: UInt64
        if data.count >= 32 {
            var lanes = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
            while offset + 32 <= data.count {
                for lane in 0..<4 { lanes[lane] = round(lanes[lane], word(data, offset + lane * 8, bytes: 8)) }
                offset += 32
            }
            hash = rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12) &+ rotated(lanes[3], 18)
            for lane in lanes { hash = (hash ^ round(0, lane)) &* prime1 &+ prime4 }
        } else {
            hash = prime5
        }
        hash &+= UInt64(data.count)
        while offset + 8 <= data.count {
            hash ^= round(0, word(data, offset, bytes: 8))
            hash = rotated(hash, 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= data.count {
            hash ^= word(data, offset, bytes: 4) &* prime1
            hash = rotated(hash, 23) &* prime2 &+ prime3
            offset += 4
        }
        for byte in data[offset...] {
            hash ^= UInt64(byte) &* prime5
            hash = rotated(hash, 11) &* prime1
        }
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    private static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
        rotated(accumulator &+ input &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

    /// Little-endian.
    private static func word(_ data: [UInt8], _ offset: Int, bytes: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<bytes { word |= UInt64(data[offset + index]) << UInt64(8 * index) }
        return word
    }
}

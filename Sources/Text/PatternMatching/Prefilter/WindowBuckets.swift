/// A window in one of eight buckets for each literal, to be found by the nibbles of its bytes: as fast for many literals as for
/// one, until the buckets let nearly everything pass. It takes literals of any length.
struct WindowBuckets {
    static let count = 8
    static let maximumWidth = 4

    /// The place of a window in its literal.
    struct Place {
        var literal: Int
        var anchor: Int
    }

    /// The bytes that one place of a window may be, in a bucket; too many when they differ in both nibbles.
    struct Allowed {
        /// The lower nibbles, a bit for each.
        var low: UInt16 = 0
        /// The higher ones.
        var high: UInt16 = 0

        /// Any byte.
        static let anything = Allowed(low: .max, high: .max)

        /// How many bytes these nibbles make.
        var count: Int { low.nonzeroBitCount * high.nonzeroBitCount }
        /// What either allows.
        func union(_ other: Allowed) -> Allowed { Allowed(low: low | other.low, high: high | other.high) }
        /// Allows another byte.
        mutating func insert(_ byte: UInt8) {
            low |= 1 << UInt16(byte & 15)
            high |= 1 << UInt16(byte >> 4)
        }
    }

    /// The bytes that are looked at: as many as the widest window has.
    private(set) var width = 1
    /// By bucket.
    private(set) var places = [[Place]](repeating: [], count: count)
    /// By bucket and byte of the window.
    private(set) var allowed = [[Allowed]](
        repeating: [Allowed](repeating: Allowed(), count: maximumWidth), count: count)
    /// By byte of the window, 256 values of it each: the buckets that are left, a bit for each.
    private(set) var exact = [UInt8](repeating: 0, count: maximumWidth << 8)

    /// By byte of the window: the buckets in which it may be any, because a literal ends before it.
    private var open = [UInt8](repeating: 0, count: maximumWidth)

    /// Buckets for the literals of these numbers.
    init(_ numbers: [Int], of literals: [Literal], sample: inout TextSample) {
        for number in numbers {
            let literal = literals[number]
            let anchor = sample.rarestWindow(of: literal).anchor
            let bytes = literal.bytes[anchor...].prefix(Self.maximumWidth)
            width = max(width, bytes.count)
            // Bytes behind a short literal may be any.
            var window = [Allowed](repeating: .anything, count: Self.maximumWidth)
            for (index, byte) in bytes.enumerated() {
                window[index] = Allowed()
                window[index].insert(byte)
                if literal.isCaseless, isLetter(byte) { window[index].insert(byte ^ 0x20) }
            }
            let bucket = bestBucket(for: window)
            let bit: UInt8 = 1 << UInt8(bucket)
            places[bucket].append(Place(literal: number, anchor: anchor))
            for index in 0..<Self.maximumWidth {
                allowed[bucket][index] = allowed[bucket][index].union(window[index])
                if index >= bytes.count { open[index] |= bit }
            }
            for (index, byte) in bytes.enumerated() {
                exact[index << 8 + Int(byte)] |= bit
                if literal.isCaseless, isLetter(byte) { exact[index << 8 + Int(byte ^ 0x20)] |= bit }
            }
        }
        for index in 0..<Self.maximumWidth where open[index] != 0 {
            for byte in index << 8..<(index + 1) << 8 { exact[byte] |= open[index] }
        }
    }

    /// The bucket that lets the least more pass.
    private func bestBucket(for window: [Allowed]) -> Int {
        var best = (bucket: 0, growth: Int.max)
        for bucket in 0..<Self.count {
            var (before, after) = (1, 1)
            for index in 0..<Self.maximumWidth {
                before *= allowed[bucket][index].count
                after *= allowed[bucket][index].union(window[index]).count
            }
            if after - before < best.growth { best = (bucket, after - before) }
        }
        return best.bucket
    }

    /// By byte of the window, 16 values of its lower nibble each: the buckets that are left.
    var low: [UInt8] { nibbles(\.low) }
    /// The same for the higher one.
    var high: [UInt8] { nibbles(\.high) }

    private func nibbles(_ nibbles: KeyPath<Allowed, UInt16>) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: Self.maximumWidth << 4)
        for (bucket, bytes) in allowed.enumerated() {
            for (index, byte) in bytes.enumerated() {
                let values = byte[keyPath: nibbles]
                for nibble in 0..<16 where values >> UInt16(nibble) & 1 != 0 {
                    table[index << 4 + nibble] |= 1 << UInt8(bucket)
                }
            }
        }
        return table
    }

    /// Nanoseconds for each byte, roughly; only ratios matter.
    func cost(in sample: TextSample, hasSIMD: Bool) -> Double {
        let compared = Double(places.reduce(0) { max($0, $1.count) })
        let exactShare = sample.share(width: width) { index, byte in exact[index << 8 + Int(byte)] }
        let comparing = exactShare * (2 + 2 * compared)
        guard hasSIMD else { return 1.2 + comparing }
        let (low, high) = (low, high)
        let nibbleShare = sample.share(width: width) { index, byte in
            low[index << 4 + Int(byte & 15)] & high[index << 4 + Int(byte >> 4)]
        }
        return 0.1 + 4 * nibbleShare + comparing
    }
}

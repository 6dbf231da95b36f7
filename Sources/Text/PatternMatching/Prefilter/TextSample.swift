/// How often windows of one to four bytes occur in a piece of the log, by which the prefilter chooses what to look for.
///
/// A guess that errs costs time, never a match. Windows share counters by hash, so that a count may be too high.
struct TextSample {
    /// The most bytes that are looked at.
    static let maximumLength = 32 << 10
    /// Less tells nothing.
    static let minimumLength = 1 << 10
    private static let hashBits = 14
    /// A guess from the bytes alone weighs as much as so many bytes of the log.
    private static let weightOfPrior = 2048.0

    private let bytes: [UInt8]
    /// By width less one, and whether letters are folded.
    private var counts = [[UInt16]](repeating: [], count: 8)

    /// The bytes in an average line.
    let lineLength: Double

    /// The beginning of `bytes`, which hold `lineCount` lines.
    init(_ bytes: some Collection<UInt8>, lineCount: Int) {
        self.bytes = bytes.count < Self.minimumLength ? [] : Array(bytes.prefix(Self.maximumLength))
        // Nothing to go by is taken for a log of lines of usual length.
        lineLength = Double(bytes.count + 1280) / Double(lineCount + 10)
    }

    /// How often the window stands at a given byte.
    mutating func frequency(of window: Window) -> Double {
        if bytes.isEmpty { return window.prior }
        let table = window.width - 1 + (window.isFolded ? 4 : 0)
        if counts[table].isEmpty { counts[table] = count(width: window.width, isFolded: window.isFolded) }
        let seen = Double(counts[table][Self.hash(window.value)])
        return (seen + Self.weightOfPrior * window.prior) / (Double(bytes.count) + Self.weightOfPrior)
    }

    /// The share of the places for whose `width` bytes, by their index, `bits` have one in common.
    func share(width: Int, _ bits: (Int, UInt8) -> UInt8) -> Double {
        let places = min(bytes.count - width, 2 << 10)
        guard places > 0 else { return 0 }
        var found = 0
        for place in 0..<places {
            var left = UInt8.max
            var index = 0
            while index < width, left != 0 {
                left &= bits(index, bytes[place + index])
                index += 1
            }
            if left != 0 { found += 1 }
        }
        return Double(found) / Double(places)
    }

    private func count(width: Int, isFolded: Bool) -> [UInt16] {
        var table = [UInt16](repeating: 0, count: 1 << Self.hashBits)
        var value: UInt32 = 0
        let fold: UInt8 = isFolded ? 0x20 : 0
        for (index, byte) in bytes.enumerated() {
            value = value >> 8 | UInt32(byte | fold) << 24
            if index >= width - 1 { table[Self.hash(value >> (32 - 8 * UInt32(width)))] &+= 1 }
        }
        return table
    }

    private static func hash(_ value: UInt32) -> Int { Int((value &* 0x9E37_79B1) >> (32 - UInt32(hashBits))) }
}

/// One to four neighbouring bytes, the first one lowest.
struct Window: Hashable {
    let value: UInt32
    let width: Int
    /// Whether 0x20 was or-ed to every byte, which makes both cases of a letter one.
    let isFolded: Bool

    /// The window `anchor` bytes behind the begin of `literal`, up to four bytes of it; folded when its case does not matter.
    init(_ literal: Literal, at anchor: Int, isFolded: Bool? = nil) {
        width = min(4, literal.bytes.count - anchor)
        self.isFolded = isFolded ?? literal.isCaseless
        let fold: UInt32 = self.isFolded ? 0x20 : 0
        var value: UInt32 = 0
        for index in 0..<width { value |= (UInt32(literal.bytes[anchor + index]) | fold) << (8 * UInt32(index)) }
        self.value = value
    }

    /// How often to expect it in a log that nobody has seen.
    var prior: Double {
        var bits = 0.0
        for index in 0..<width { bits += rarityOfByte(UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))) }
        return exp2OfNegative(bits)
    }
}

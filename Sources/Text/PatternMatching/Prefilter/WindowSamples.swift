extension Window {
    /// The bytes of every window that is found by hash.
    static let sampledWidth = 4
}

/// Windows of literals to be found by hash at every `stride`-th byte of the log only: hundreds of literals cost no more than one.
///
/// A literal enters `stride` windows side by side, so that one of them lies at such a byte wherever the literal begins.
struct WindowSamples {
    /// The strides that there are, widest first; a literal needs that many bytes and three.
    static let strides = [8, 4, 2, 1]

    /// The place of a window in its literal.
    struct Place {
        var literal: Int
        var anchor: Int
    }

    let stride: Int
    /// Whether windows are folded, because some literal is caseless.
    let isFolded: Bool
    /// By window: where it occurs.
    private(set) var places: [UInt32: [Place]] = [:]
    /// Nanoseconds for each byte, roughly; only ratios matter.
    private(set) var cost: Double

    /// Windows for the literals of these numbers; nil when there are none.
    init?(_ numbers: [Int], of literals: [Literal], stride: Int, sample: inout TextSample) {
        guard !numbers.isEmpty else { return nil }
        self.stride = stride
        isFolded = numbers.contains { literals[$0].isCaseless }
        cost = 0.9 / Double(stride)
        var found: Set<UInt32> = []
        for number in numbers {
            let literal = literals[number]
            let windows = (0...literal.bytes.count - Window.sampledWidth).map {
                Window(literal, at: $0, isFolded: isFolded)
            }
            let frequencies = windows.map { sample.frequency(of: $0) }
            let starts = 0...windows.count - stride
            let sums = starts.map { frequencies[$0..<$0 + stride].reduce(0, +) }
            let start = starts.min { sums[$0] < sums[$1] } ?? 0
            for anchor in start..<start + stride {
                let value = windows[anchor].value
                places[value, default: []].append(Place(literal: number, anchor: anchor))
                // A miss in guessing the branch, and the look-up; then each comparison.
                if found.insert(value).inserted { cost += frequencies[anchor] * 8 / Double(stride) }
                cost += frequencies[anchor] * 2 / Double(stride)
            }
        }
    }
}

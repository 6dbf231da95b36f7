/// What to look for in a log so that few lines remain to be matched: for every pattern one of its sets of literals, and for
/// every literal the windows by which it is found.
struct PrefilterPlan {
    /// What is searched for, each literal once.
    private(set) var literals: [Literal] = []
    /// By literal: the patterns that it makes candidates of, as places in the selection.
    private(set) var patterns: [[Int]] = []
    /// Patterns to be tried on every line: without literals, or with such as are in nearly every line.
    private(set) var unfiltered: [Int] = []
    /// Windows that are found by nibbles.
    var buckets: WindowBuckets?
    /// Windows that are found by hash.
    var samples: WindowSamples?

    /// The most literals that are searched for; the patterns that have more of them than are left go without.
    private static let maximumLiterals = 8192
    /// A pattern whose literals are found more often in a line goes without: looking would cost more than it saves.
    private static let maximumFindsPerLine = 0.75

    /// A plan for patterns with these requirements, for a log like `sample`.
    init(_ requirements: [RequiredLiterals], sample: TextSample, hasSIMD: Bool) {
        var sample = sample
        var numbers: [Literal: Int] = [:]
        for (pattern, required) in requirements.enumerated() {
            let choice = required.sets.map { (frequency(of: $0, in: &sample), $0) }.min { $0.0 < $1.0 }
            guard let (frequency, set) = choice, frequency * sample.lineLength <= Self.maximumFindsPerLine,
                literals.count + set.literals.count <= Self.maximumLiterals
            else {
                unfiltered.append(pattern)
                continue
            }
            for literal in set.literals {
                let number = numbers[literal, default: literals.count]
                if number == literals.count {
                    numbers[literal] = number
                    literals.append(literal)
                    patterns.append([])
                }
                patterns[number].append(pattern)
            }
        }
        chooseWindows(&sample, hasSIMD: hasSIMD)
    }

    /// A plan to find `literals`, each for a pattern of its own, without the windows to find them by.
    init(literals: [Literal]) {
        self.literals = literals
        patterns = literals.indices.map { [$0] }
    }

    /// Divides the literals between the two ways of looking, so that both together are the fastest.
    private mutating func chooseWindows(_ sample: inout TextSample, hasSIMD: Bool) {
        guard !literals.isEmpty else { return }
        var best: (cost: Double, buckets: WindowBuckets?, samples: WindowSamples?)?
        for (bucketed, strides) in divisions() {
            let buckets = bucketed.isEmpty ? nil : WindowBuckets(bucketed, of: literals, sample: &sample)
            let bucketCost = buckets?.cost(in: sample, hasSIMD: hasSIMD) ?? 0
            let sampled = Set(literals.indices).subtracting(bucketed).sorted()
            for stride in strides {
                let samples = stride.flatMap { WindowSamples(sampled, of: literals, stride: $0, sample: &sample) }
                let cost = bucketCost + (samples?.cost ?? 0)
                if cost < best?.cost ?? .infinity { best = (cost, buckets, samples) }
            }
        }
        buckets = best?.buckets
        samples = best?.samples
    }
}

extension PrefilterPlan {
    /// The literals for the buckets, if all that are long enough are sampled at one of the strides: every choice that there is.
    private func divisions() -> [(bucketed: [Int], strides: [Int?])] {
        var divisions: [(bucketed: [Int], strides: [Int?])] = [(Array(literals.indices), [nil])]
        for stride in WindowSamples.strides {
            let bucketed = literals.indices.filter { literals[$0].bytes.count < stride + Window.sampledWidth - 1 }
            if bucketed.count == literals.count { continue }
            if let last = divisions.indices.last, divisions[last].bucketed == bucketed {
                divisions[last].strides.append(stride)
            } else {
                divisions.append((bucketed, [stride]))
            }
        }
        return divisions
    }
}

/// How often a byte begins a literal of the set, at most.
private func frequency(of set: LiteralSet, in sample: inout TextSample) -> Double {
    set.literals.reduce(0) { $0 + sample.rarestWindow(of: $1).frequency }
}

extension TextSample {
    /// The window of `literal` that is found least often, of four bytes or else of the whole literal.
    mutating func rarestWindow(of literal: Literal) -> (anchor: Int, frequency: Double) {
        var best = (anchor: 0, frequency: Double.infinity)
        for anchor in 0...max(0, literal.bytes.count - 4) {
            let frequency = frequency(of: Window(literal, at: anchor))
            if frequency < best.frequency { best = (anchor, frequency) }
        }
        return best
    }
}

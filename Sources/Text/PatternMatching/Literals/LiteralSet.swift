/// A disjunction: a line contains at least one of these.
///
/// A set with the empty literal says nothing. An empty set says that nothing matches.
struct LiteralSet: Hashable, Sendable {
    /// The most literals that alternatives and products are kept apart for.
    static let maximumProduct = 32
    /// The most literals of a set that is searched for.
    static let maximumCount = 256
    /// The most bytes of a literal; a longer one would not be rarer.
    static let maximumLength = 48

    /// Without repetitions, in the order of the expression.
    private(set) var literals: [Literal]

    /// The literals, each kept once.
    init(_ literals: [Literal]) {
        var known: Set<Literal> = []
        self.literals = literals.filter { known.insert($0).inserted }
    }

    /// The set that says nothing.
    static let anything = LiteralSet([.empty])

    /// Whether there is text that lacks all of them.
    var isInformative: Bool { !literals.contains(.empty) }

    /// The set of text that is of one or the other.
    func union(_ other: LiteralSet) -> LiteralSet { LiteralSet(literals + other.literals) }

    /// Every literal of `self` followed by every one of `next`; nil when these are too many, or too long.
    func product(_ next: LiteralSet) -> LiteralSet? {
        guard literals.count * next.literals.count <= Self.maximumProduct,
            longest + next.longest <= Self.maximumLength
        else { return nil }
        return LiteralSet(literals.flatMap { first in next.literals.map { first.joined(to: $0) } })
    }

    /// Whether every line with a literal of `self` has one of `other`, too; large sets are not compared.
    func implies(_ other: LiteralSet) -> Bool {
        guard literals.count * other.literals.count <= Self.maximumProduct else { return false }
        return literals.allSatisfy { literal in other.literals.contains { literal.contains($0) } }
    }

    /// How often a line's byte begins one of them, as a guess before any line was seen. Ties go to fewer literals.
    var cost: Double { literals.reduce(0) { $0 + exp2OfNegative($1.rarity) + 1e-15 } }

    private var longest: Int { literals.reduce(0) { max($0, $1.bytes.count) } }
}

/// Two to the power of `-bits`, to the precision that an estimate needs.
func exp2OfNegative(_ bits: Double) -> Double {
    let whole = bits.rounded(.down)
    return Double(sign: .plus, exponent: -Int(whole), significand: 1 - (bits - whole) / 2)
}

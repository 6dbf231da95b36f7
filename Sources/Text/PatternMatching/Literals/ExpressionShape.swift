/// What is known for certain about all texts that an expression can match.
///
/// It follows Russ Cox's analysis for code search ("Regular Expression Matching with a Trigram Index", 2012): exact texts where
/// they are few, else how the text begins and ends; and whatever is pushed out of these becomes a requirement.
struct ExpressionShape {
    /// All texts that the expression can match, when they are few; may have some that it cannot.
    private(set) var exact: LiteralSet?
    /// What the text begins with.
    private(set) var prefixes: LiteralSet
    /// What the text ends with.
    private(set) var suffixes: LiteralSet
    /// Each of them has a literal in the line, somewhere: also outside of the text, where an assertion looks.
    private(set) var required: [LiteralSet]

    /// The most requirements that are remembered.
    private static let maximumRequirements = 8

    /// An expression that matches these texts.
    init(exactly texts: LiteralSet, required: [LiteralSet] = []) {
        exact = texts
        prefixes = texts
        suffixes = texts
        self.required = required
    }

    private init(prefixes: LiteralSet, suffixes: LiteralSet, required: [LiteralSet]) {
        exact = nil
        self.prefixes = prefixes
        self.suffixes = suffixes
        self.required = Self.best(required)
    }

    /// An expression of which nothing is known.
    static let unknown = ExpressionShape(prefixes: .anything, suffixes: .anything, required: [])
    /// An expression that matches no bytes.
    static let zeroWidth = ExpressionShape(exactly: .anything)

    /// An assertion that what `self` matches stands before or behind: it takes no bytes, but the line has them.
    var asAssertion: ExpressionShape { ExpressionShape(exactly: .anything, required: requirements) }

    /// Everything that the line must contain, the best first.
    var requirements: [LiteralSet] { Self.best(required + [exact ?? .anything, prefixes, suffixes]) }

    /// `self` and then `next`.
    func followed(by next: ExpressionShape) -> ExpressionShape {
        let both = Self.best(required + next.required)
        if let texts = exact, let others = next.exact, let product = texts.product(others) {
            return ExpressionShape(exactly: product, required: both)
        }
        if exact == .anything { return next.requiring(both) }
        if next.exact == .anything { return requiring(both) }
        // The text of `self` ends where that of `next` begins.
        let seam = suffixes.product(next.prefixes).map { [$0] } ?? [suffixes, next.prefixes]
        return ExpressionShape(
            prefixes: exact.flatMap { $0.product(next.prefixes) } ?? prefixes,
            suffixes: next.exact.flatMap { suffixes.product($0) } ?? next.suffixes,
            required: both + seam)
    }

    /// One of `branches`, of which there is at least one.
    static func oneOf(_ branches: [ExpressionShape]) -> ExpressionShape {
        guard let first = branches.first else { return .unknown }
        if branches.count == 1 { return first }
        let texts = branches.compactMap(\.exact).reduce(LiteralSet([])) { $0.union($1) }
        let isExact = branches.allSatisfy { $0.exact != nil } && texts.literals.count <= LiteralSet.maximumProduct
        let best = branches.map { $0.requirements.first ?? .anything }.reduce(LiteralSet([])) { $0.union($1) }
        if isExact {
            // An assertion in a branch says more than its text, as in (?=.*foo)|(?=.*bar).
            return ExpressionShape(exactly: texts, required: texts.isInformative ? [] : self.best([best]))
        }
        return ExpressionShape(
            prefixes: few(branches.map(\.prefixes)), suffixes: few(branches.map(\.suffixes)), required: [best])
    }

    /// `self`, at least `minimum` times; `maximum` is nil when there is no end to it.
    func repeated(_ minimum: Int, _ maximum: Int?) -> ExpressionShape {
        if maximum == 0 { return .zeroWidth }
        if minimum == 0 {
            return maximum == 1 ? Self.oneOf([self, .zeroWidth]) : .unknown
        }
        if minimum == 1, maximum == 1 { return self }
        guard let texts = exact else {
            return ExpressionShape(prefixes: prefixes, suffixes: suffixes, required: required)
        }
        if texts == .anything { return self }
        var power = texts
        var count = 1
        while count < minimum, let next = power.product(texts) {
            power = next
            count += 1
        }
        if count == minimum, maximum == minimum { return ExpressionShape(exactly: power, required: required) }
        return ExpressionShape(prefixes: power, suffixes: power, required: required + [power])
    }

    private func requiring(_ sets: [LiteralSet]) -> ExpressionShape {
        var copy = self
        copy.required = sets
        return copy
    }

    private static func few(_ sets: [LiteralSet]) -> LiteralSet {
        let union = sets.reduce(LiteralSet([])) { $0.union($1) }
        return union.literals.count <= LiteralSet.maximumProduct ? union : .anything
    }

    /// The sets that say something, the rarest first.
    private static func best(_ sets: [LiteralSet]) -> [LiteralSet] {
        var known: Set<LiteralSet> = []
        let informative = sets.filter {
            $0.isInformative && $0.literals.count <= LiteralSet.maximumCount && known.insert($0).inserted
        }
        return Array(informative.map { ($0.cost, $0) }.sorted { $0.0 < $1.0 }.map(\.1).prefix(maximumRequirements))
    }
}

/// What came of a script.
public struct ScriptReport: Sendable {
    /// One evaluation.
    public struct Evaluation: Sendable {
        /// The line on which it stands, from 1.
        public var line: Int
        /// The expression.
        public var expression: String
        /// What came of it.
        public var outcome: Outcome
    }

    /// What came of an evaluation.
    public enum Outcome: Sendable, Equatable {
        case passed
        /// What was expected, and what there was instead.
        case failed(expected: String, got: String)
        /// It names metrics that were loaded as native histograms, or expects some; they are not evaluated yet.
        case needsNativeHistograms
    }

    /// In the order of the script.
    public var evaluations: [Evaluation] = []

    /// The evaluations that were as expected.
    public var passed: Int { evaluations.count { $0.outcome == .passed } }
    /// Those that could not be tried.
    public var needingNativeHistograms: Int { evaluations.count { $0.outcome == .needsNativeHistograms } }
    /// Those that were tried.
    public var tried: Int { evaluations.count - needingNativeHistograms }
    /// Those that were not as expected.
    public var failures: [Evaluation] {
        evaluations.filter { if case .failed = $0.outcome { true } else { false } }
    }
}

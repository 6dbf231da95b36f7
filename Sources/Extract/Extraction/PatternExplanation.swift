public import SeriesModel

/// What one pattern makes of one line, for people.
public struct PatternExplanation: Hashable, Sendable {
    /// How the match ended.
    public enum Outcome: Hashable, Sendable {
        case matched
        case noMatch
        /// The pattern is for other sources; it was not tried.
        case otherSource
        /// The line's fields are not what the pattern asks for.
        case otherFields
        /// The match was given up; the reason is that of `outrider_pattern_errors_total`.
        case failed(reason: String)
    }

    /// A named group.
    public struct Capture: Hashable, Sendable {
        /// The name of the group.
        public var name: String
        /// Where its text lies in the line; nil when it took no part in the match.
        public var range: Range<Int>?
    }

    /// A change of a metric that the line makes.
    public struct Update: Hashable, Sendable {
        /// The name of the metric.
        public var metric: String
        /// What is done with the value.
        public var operation: MatchBuffer.Operation
        /// The value as the line or the configuration gives it.
        public var value: Double
        /// Names with values, in the order of the metric's labels; values are bytes of the line or the configuration.
        public var labels: [Label]
        /// The value is outside of the range that is expected.
        public var isWarned: Bool
    }

    /// A label with its value.
    public struct Label: Hashable, Sendable {
        /// The name of the label.
        public var name: String
        /// Bytes that need not be UTF-8.
        public var value: [UInt8]
    }

    /// A value that does not reach its metric.
    public struct RejectedValue: Hashable, Sendable {
        /// The name of the metric.
        public var metric: String
        /// Why it does not.
        public var reason: RejectionReason
        /// The value, when it is a number.
        public var number: Double?
    }

    /// The name of the pattern.
    public var pattern: String
    /// How the match ended.
    public var outcome: Outcome
    /// Where the match lies in the line; nil without one.
    public var matchedRange: Range<Int>?
    /// The named groups, by number.
    public var captures: [Capture] = []
    /// What the match changes.
    public var updates: [Update] = []
    /// What the match would change if its values were right.
    public var rejections: [RejectedValue] = []
}

public import PatternMatching
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
        /// Where its text lies in the line; nil when it took no part in the match, or when its text does not stand there.
        public var range: Range<Int>?
        /// What it captured; nil when it took no part in the match.
        public var text: [UInt8]?
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

    /// What a pattern asks of a field, and what the line has there.
    public struct Condition: Hashable, Sendable {
        /// What is asked.
        public enum Request: Hashable, Sendable {
            case isOne(of: [String])
            case isNone(of: [String])
            case isPresent
        }

        /// The path of the field.
        public var field: String
        /// What is asked.
        public var request: Request
        /// What the line has; nil when it has no such field.
        public var text: [UInt8]?
        /// Whether the one is the other.
        public var isMet: Bool
    }

    /// How far an expression went that does not match.
    public struct Miss: Hashable, Sendable {
        /// The expression.
        public var expression: String
        /// The line, or the text of the field in which the expression is looked for.
        public var text: [UInt8]
        /// What fits of both.
        public var miss: NearMiss
    }

    /// The name of the pattern.
    public var pattern: String
    /// How the match ended.
    public var outcome: Outcome
    /// The field in which the expression was looked for; nil for the line.
    public var field: String?
    /// Where the match lies in the line; nil without one, or when its text does not stand there.
    public var matchedRange: Range<Int>?
    /// The named groups, by number.
    public var captures: [Capture] = []
    /// What the match changes.
    public var updates: [Update] = []
    /// What the match would change if its values were right.
    public var rejections: [RejectedValue] = []
    /// What is asked of fields, when the pattern asks something.
    public var conditions: [Condition] = []
    /// Where the expression stopped; nil when it matches, or when hardly anything of it is there.
    public var miss: Miss?
}

/// The fields of a line that patterns ask for.
public struct FieldsExplanation: Hashable, Sendable {
    /// A field with what the line has there.
    public struct Field: Hashable, Sendable {
        /// The path of the field.
        public var path: String
        /// Its text; bytes that need not be UTF-8.
        public var text: [UInt8]
    }

    /// Those that the line has, in the order in which patterns name them.
    public var fields: [Field] = []
    /// The line is not written as its source's format says.
    public var isMalformed = false
    /// Nothing; as of a line of a source without fields.
    public init() {}

    init(fields: [Field], isMalformed: Bool) {
        self.fields = fields
        self.isMalformed = isMalformed
    }
}

public import LogModel
public import YAMLNodes

/// Lines that stand beside a pattern, and what they are expected to make of the metrics.
public struct PatternTest: Sendable {
    /// A sample of the page of metrics after the lines were read.
    public struct Expectation: Sendable {
        /// Which sample.
        public let series: SeriesText
        /// Its value; nil when there must be none.
        public let value: Double?
        /// Where the value is written.
        public let location: TextLocation
    }

    /// The name of the pattern beside which the test stands.
    public let pattern: String
    /// The lines, without their ends.
    public let lines: [String]
    /// The source that the lines are from; nil when no source is configured.
    public let source: SourceName?
    /// Whether the pattern must match at least one of the lines, or else none.
    public let isMatchExpected: Bool
    /// What is compared; other metrics may change too.
    public let expectations: [Expectation]
    /// Where the test begins.
    public let location: TextLocation
}

/// How much room metrics may take.
public struct SeriesLimits: Hashable, Sendable {
    /// Series of one metric, unless it has a limit of its own; what would be more goes to its overflow series.
    public var seriesPerMetric: Int
    /// Bytes of a label's value that is taken from a line; what is longer is cut.
    public var labelLength: Int
    /// The usual limits unless others are given.
    public init(seriesPerMetric: Int = 10_000, labelLength: Int = 128) {
        self.seriesPerMetric = seriesPerMetric
        self.labelLength = labelLength
    }
}

/// The samples of one series within a time range, as two columns of the same length.
public struct SelectedSeries: Sendable {
    /// What names the series, the metric's name included.
    public var labels: LabelSet
    /// Milliseconds since 1970, strictly ascending.
    public var timestamps: [Int64]
    /// The values at those times; staleness markers are among them.
    public var values: [Double]
    /// Whether `values` holds placeholders of native histograms (`SampleValue.histogram`).
    public var holdsHistograms: Bool

    /// A series with as many values as timestamps.
    public init(labels: LabelSet, timestamps: [Int64], values: [Double], holdsHistograms: Bool = false) {
        precondition(timestamps.count == values.count, "BUG: columns of different length")
        self.labels = labels
        self.timestamps = timestamps
        self.values = values
        self.holdsHistograms = holdsHistograms
    }
}

/// Somewhere series can be read from: all that a query knows of storage.
public protocol SeriesQueryable {
    /// The series that fulfil all matchers and have samples from `start` to `end` (milliseconds, both included), in the
    /// order of their labels, no two with the same. Samples outside of the range may be among them.
    func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) throws -> [SelectedSeries]
}

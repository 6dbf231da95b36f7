public import QueryModel

/// The answer to a query.
public struct QueryResult: Sendable {
    /// The values.
    public var data: QueryData
    /// What is probably wrong with the query or its samples, in Prometheus's words; each once, in the order of occurrence.
    public var warnings: [String]
    /// What may be of interest, likewise.
    public var infos: [String]
    /// The most samples that were held at once.
    public var peakSamples: Int
}

/// The values that a query yields.
public enum QueryData: Sendable {
    case scalar(time: Int64, value: Double)
    case string(time: Int64, value: ByteString)
    /// In the order in which they came about, which is that of their labels unless the expression sorts.
    case vector([QuerySample])
    /// In the order of their labels.
    case matrix([QuerySeries])
}

/// A value of one series at the time of evaluation.
public struct QuerySample: Sendable {
    /// What names the series.
    public var labels: LabelSet
    /// Milliseconds since 1970.
    public var time: Int64
    /// The value; see `SampleValue` for what is no float.
    public var value: Double
    /// A value with these labels.
    public init(labels: LabelSet, time: Int64, value: Double) {
        self.labels = labels
        self.time = time
        self.value = value
    }
}

/// The values of one series over time.
public struct QuerySeries: Sendable {
    /// What names the series.
    public var labels: LabelSet
    /// Milliseconds since 1970, ascending.
    public var timestamps: [Int64]
    /// The values at those times; see `SampleValue` for what is no float.
    public var values: [Double]
}

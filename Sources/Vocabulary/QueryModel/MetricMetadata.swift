/// What is said about a family of metrics beside its samples.
public struct MetricMetadata: Hashable, Sendable {
    /// The family: the name without `_total`, `_bucket` and the like where the format says so.
    public var name: ByteString
    /// `counter`, `gauge`, `histogram`, `summary`, `info`, `stateset`, `gaugehistogram` or `unknown`.
    public var type: String
    /// A sentence for people; may be empty.
    public var help: ByteString
    /// The unit, such as `seconds`; may be empty.
    public var unit: ByteString

    /// What is said about the family `name`.
    public init(name: ByteString, type: String = "unknown", help: ByteString = .empty, unit: ByteString = .empty) {
        self.name = name
        self.type = type
        self.help = help
        self.unit = unit
    }
}

/// Something that a series counted, such as a line of a log.
public struct Exemplar: Hashable, Sendable {
    /// Where to find it, such as a trace.
    public var labels: LabelSet
    /// What it added.
    public var value: Double
    /// Milliseconds since 1970.
    public var timestamp: Int64

    /// An exemplar with these labels.
    public init(labels: LabelSet, value: Double, timestamp: Int64) {
        self.labels = labels
        self.value = value
        self.timestamp = timestamp
    }
}

/// The exemplars of one series.
public struct SeriesExemplars: Hashable, Sendable {
    /// What names the series, the metric's name included.
    public var labels: LabelSet
    /// In the order of time.
    public var exemplars: [Exemplar]

    /// A series with its exemplars.
    public init(labels: LabelSet, exemplars: [Exemplar]) {
        self.labels = labels
        self.exemplars = exemplars
    }
}

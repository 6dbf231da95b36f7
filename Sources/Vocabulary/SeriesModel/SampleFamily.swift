/// One metric as a component of the agent reports it about itself: rendered with every scrape, not stored.
public struct SampleFamily: Sendable {
    /// One series. Label order is the order of output.
    public struct Sample: Sendable {
        /// Names are unique within the sample; values are any text, escaped when they are rendered.
        public var labels: [(name: String, value: String)]
        /// Any double; NaN and infinities are rendered as Prometheus writes them.
        public var value: Double
        /// A sample, without labels unless they are given.
        public init(labels: [(name: String, value: String)] = [], value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    /// The name on the page, `_total` included.
    public var name: String
    /// What `# TYPE` says.
    public var kind: MetricKind
    /// The text of `# HELP`, one sentence.
    public var help: String
    /// Its series, in the order of output; no two with the same labels.
    public var samples: [Sample]
    /// A family with any number of series.
    public init(name: String, kind: MetricKind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A counter of one series without labels.
    public static func counter(_ name: String, _ help: String, _ value: some BinaryInteger) -> SampleFamily {
        SampleFamily(name: name, kind: .counter, help: help, samples: [Sample(value: Double(value))])
    }

    /// A gauge of one series without labels.
    public static func gauge(_ name: String, _ help: String, _ value: Double) -> SampleFamily {
        SampleFamily(name: name, kind: .gauge, help: help, samples: [Sample(value: value)])
    }
}

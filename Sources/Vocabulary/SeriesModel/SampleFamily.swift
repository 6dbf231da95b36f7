/// One metric as a component of the agent reports it about itself: rendered with every scrape, not stored.
public struct SampleFamily: Sendable {
    /// One series. Label order is the order of output.
    public struct Sample: Sendable {
        public var labels: [(name: String, value: String)]
        public var value: Double
        public init(labels: [(name: String, value: String)] = [], value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    public var name: String
    public var kind: MetricKind
    public var help: String
    public var samples: [Sample]
    public init(name: String, kind: MetricKind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    public static func counter(_ name: String, _ help: String, _ value: some BinaryInteger) -> SampleFamily {
        SampleFamily(name: name, kind: .counter, help: help, samples: [Sample(value: Double(value))])
    }

    public static func gauge(_ name: String, _ help: String, _ value: Double) -> SampleFamily {
        SampleFamily(name: name, kind: .gauge, help: help, samples: [Sample(value: value)])
    }
}

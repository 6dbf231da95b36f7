public import LogModel
public import SeriesModel

/// Where a value or a label comes from.
public enum ValueSource: Hashable, Sendable {
    /// The text of a named capture, `$name` in the configuration.
    case capture(String)
    /// Text that stands in the configuration.
    case constant(String)
}

/// Which values a metric takes. Values that are no number, NaN and ±Inf are always rejected.
public struct ValidationSettings: Hashable, Sendable {
    /// Values outside are taken, and counted as warned.
    public var warnOutside: ClosedRange<Double>?
    /// Values outside never reach the metric.
    public var rejectOutside: ClosedRange<Double>?
    public init(warnOutside: ClosedRange<Double>? = nil, rejectOutside: ClosedRange<Double>? = nil) {
        self.warnOutside = warnOutside
        self.rejectOutside = rejectOutside
    }
}

/// One metric that a pattern changes.
public struct PatternMetricSettings: Hashable, Sendable {
    public var kind: MetricKind
    public var name: String
    public var help: String
    public var operation: MatchBuffer.Operation
    /// Nil: a counter counts one.
    public var value: ValueSource?
    /// In the order of the configuration.
    public var labelNames: [String]
    public var labelValues: [ValueSource]
    public var validation: ValidationSettings?
    public init(
        kind: MetricKind, name: String, help: String, operation: MatchBuffer.Operation, value: ValueSource?,
        labelNames: [String] = [], labelValues: [ValueSource] = [], validation: ValidationSettings? = nil
    ) {
        self.kind = kind
        self.name = name
        self.help = help
        self.operation = operation
        self.value = value
        self.labelNames = labelNames
        self.labelValues = labelValues
        self.validation = validation
    }
}

/// What a matching line means to its service; counted in `outrider_events_total{event,outcome}`.
public struct EventSettings: Hashable, Sendable {
    public var name: String
    public var outcome: String
    public init(name: String, outcome: String) {
        self.name = name
        self.outcome = outcome
    }
}

/// A pattern and what to do when a line matches it.
public struct PatternSettings: Hashable, Sendable {
    public var name: String
    /// The sources whose lines are tried; empty for all.
    public var sources: [SourceName]
    /// A PCRE2 expression, matched anywhere in the line's bytes.
    public var match: String
    public var event: EventSettings?
    public var metrics: [PatternMetricSettings]
    public init(
        name: String, sources: [SourceName] = [], match: String, event: EventSettings? = nil,
        metrics: [PatternMetricSettings] = []
    ) {
        self.name = name
        self.sources = sources
        self.match = match
        self.event = event
        self.metrics = metrics
    }
}

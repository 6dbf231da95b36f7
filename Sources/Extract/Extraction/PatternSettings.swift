public import LogModel
public import SeriesModel

/// Where a value or a label comes from.
public enum ValueSource: Hashable, Sendable {
    /// The text of a named capture, `$name` in the configuration.
    case capture(String)
    /// The field of this path, `.path` in the configuration.
    case field(String)
    /// What an earlier line of the stream said, `^name` in the configuration: a value that was remembered, or, where the line
    /// ends a timer of that name, for how many seconds that ran.
    case earlier(String)
    /// Text that stands in the configuration.
    case constant(String)
}

/// Which values a metric takes. Values that are no number, NaN and ±Inf are always rejected.
public struct ValidationSettings: Hashable, Sendable {
    /// Values outside are taken, and counted as warned.
    public var warnOutside: ClosedRange<Double>?
    /// Values outside never reach the metric.
    public var rejectOutside: ClosedRange<Double>?
    /// Rules with these ranges; nil for no limit.
    public init(warnOutside: ClosedRange<Double>? = nil, rejectOutside: ClosedRange<Double>? = nil) {
        self.warnOutside = warnOutside
        self.rejectOutside = rejectOutside
    }
}

/// One metric that a pattern changes.
public struct PatternMetricSettings: Hashable, Sendable {
    /// What the metric measures.
    public var kind: MetricKind
    /// The name on the page.
    public var name: String
    /// The text of `# HELP`; may be empty.
    public var help: String
    /// What to do with the value.
    public var operation: MatchBuffer.Operation
    /// Nil: a counter counts one.
    public var value: ValueSource?
    /// In the order of the configuration.
    public var labelNames: [String]
    /// As many as `labelNames`.
    public var labelValues: [ValueSource]
    /// For each label the values that are known beforehand: every combination of them is a series with 0 from the start.
    /// Empty when none are; else as many as `labelNames`.
    public var knownLabelValues: [[String]]
    /// Which values are taken; nil for every number. Applies to what reaches the metric: after `reading` and its scale.
    public var validation: ValidationSettings?
    /// How the text of a capture becomes a number.
    public var reading: NumberReading
    /// Upper bounds of a histogram's buckets, ascending, without +Inf; empty for the other kinds.
    public var buckets: [Double]
    /// How many series it may have; nil for the limit of all metrics.
    public var seriesLimit: Int?
    /// After how long a series without a line goes away; nil for never.
    public var expiresAfter: Duration?
    /// A metric that a pattern changes.
    public init(
        kind: MetricKind, name: String, help: String, operation: MatchBuffer.Operation, value: ValueSource?,
        labelNames: [String] = [], labelValues: [ValueSource] = [], knownLabelValues: [[String]] = [],
        validation: ValidationSettings? = nil,
        reading: NumberReading = NumberReading(), buckets: [Double] = [], seriesLimit: Int? = nil,
        expiresAfter: Duration? = nil
    ) {
        self.kind = kind
        self.name = name
        self.help = help
        self.operation = operation
        self.value = value
        self.labelNames = labelNames
        self.labelValues = labelValues
        self.knownLabelValues = knownLabelValues
        self.validation = validation
        self.reading = reading
        self.buckets = buckets
        self.seriesLimit = seriesLimit
        self.expiresAfter = expiresAfter
    }

    /// What makes the metric the same one in every pattern and across reloads; of its labels only the names count, not their
    /// order.
    public var schema: MetricSchema {
        MetricSchema(
            name: name, kind: kind, labelNames: labelNames, buckets: buckets, unit: reading.unit?.rawValue ?? "")
    }
}

/// What a matching line means to its service; counted in `outrider_events_total{event,outcome}`.
public struct EventSettings: Hashable, Sendable {
    /// What happened.
    public var name: String
    /// How it ended, such as `success`.
    public var outcome: String
    /// An event with its outcome.
    public init(name: String, outcome: String) {
        self.name = name
        self.outcome = outcome
    }
}

/// A sign of life that keeps coming.
public struct HeartbeatSettings: Hashable, Sendable {
    /// Whose it is: the label of its metrics. Several patterns may share one.
    public var name: String
    /// How far apart two of them are expected.
    public var interval: Duration
    /// A heartbeat, hourly unless said otherwise.
    public init(name: String, interval: Duration = .seconds(3600)) {
        self.name = name
        self.interval = interval
    }
}

/// Measures how long something takes, from a line that starts it to a line of the same stream that ends it.
public struct TimerSettings: Hashable, Sendable {
    /// By which patterns refer to it; the label of its own metrics.
    public var name: String
    /// How long one may be open.
    public var timeout: Duration
    /// How many may be open in a stream.
    public var maximumOpen: Int
    /// A timer with the usual limits unless others are given.
    public init(name: String, timeout: Duration = .seconds(3600), maximumOpen: Int = 10_000) {
        self.name = name
        self.timeout = timeout
        self.maximumOpen = maximumOpen
    }
}

/// What a matching line does with a timer.
public struct TimerUse: Hashable, Sendable {
    /// The end of the timer that the line is.
    public enum Role: Hashable, Sendable {
        case start
        case end
    }

    /// Which timer it is.
    public var timer: TimerSettings
    /// Whether the line starts or ends it.
    public var role: Role
    /// What tells those apart that are open at the same time; nil when there is one only.
    public var key: ValueSource?
    /// A use of a timer.
    public init(_ timer: TimerSettings, role: Role, key: ValueSource? = nil) {
        self.timer = timer
        self.role = role
        self.key = key
    }
}

/// A value that a matching line leaves for later lines of its stream.
public struct RememberedValue: Hashable, Sendable {
    /// By which later lines find it.
    public var name: String
    /// What is remembered; nothing changes where the line does not have it.
    public var value: ValueSource
    /// A value under a name.
    public init(name: String, value: ValueSource) {
        self.name = name
        self.value = value
    }
}

/// A pattern and what to do when a line matches it.
public struct PatternSettings: Hashable, Sendable {
    /// Unique among the patterns; a label of the metrics about them.
    public var name: String
    /// The sources whose lines are tried; empty for all.
    public var sources: [SourceName]
    /// A PCRE2 expression, matched anywhere in the line's bytes; nil when the conditions alone decide.
    public var match: String?
    /// The path of the field that `match` is tried on; nil for the whole line.
    public var field: String?
    /// What the line's fields must be.
    public var conditions: FieldConditions
    /// What to count in `outrider_events_total`; nil for nothing.
    public var event: EventSettings?
    /// The heartbeat that a matching line is; nil for none.
    public var heartbeat: HeartbeatSettings?
    /// What to remember; done before anything else, so that the pattern's own metrics find it.
    public var remembered: [RememberedValue]
    /// What to do with timers, in this order, before metrics change.
    public var timers: [TimerUse]
    /// What to change, in this order.
    public var metrics: [PatternMetricSettings]
    /// A pattern that does nothing unless it is given an event, a heartbeat or metrics.
    public init(
        name: String, sources: [SourceName] = [], match: String?, field: String? = nil,
        conditions: FieldConditions = FieldConditions(), event: EventSettings? = nil,
        heartbeat: HeartbeatSettings? = nil, remembered: [RememberedValue] = [], timers: [TimerUse] = [],
        metrics: [PatternMetricSettings] = []
    ) {
        self.name = name
        self.sources = sources
        self.match = match
        self.field = field
        self.conditions = conditions
        self.event = event
        self.heartbeat = heartbeat
        self.remembered = remembered
        self.timers = timers
        self.metrics = metrics
    }
}

extension PatternSettings {
    /// Whether it looks at fields, and so applies only to sources whose lines have some.
    public var needsFields: Bool {
        field != nil || !conditions.isEmpty || match == nil
            || metrics.contains { metric in
                (metric.labelValues + [metric.value].compactMap { $0 }).contains(where: \.isField)
            }
            || remembered.contains { $0.value.isField } || timers.contains { $0.key?.isField ?? false }
    }
}

extension ValueSource {
    var isField: Bool { if case .field = self { true } else { false } }
}

public import QueryModel

/// Series that can be queried and listed, as they were at one moment.
public typealias SeriesView = any SeriesQueryable & SeriesCatalogue & Sendable

/// What the query interface answers from: a running agent, or a dump. All functions are called on the interface's threads.
public struct QueryBackend: Sendable {
    /// The series as they are now.
    public var view: @Sendable () throws -> SeriesView
    /// The time that a query without one means: milliseconds since 1970.
    public var now: @Sendable () -> Int64
    /// What is said about metrics, in any order; the same family may be there several times.
    public var metadata: @Sendable () -> [MetricMetadata] = { [] }
    /// Exemplars of series that fulfil one of the lists of matchers, from one time through another.
    public var exemplars: @Sendable (_ matching: [[LabelMatcher]], _ start: Int64, _ end: Int64) -> [SeriesExemplars] =
        {
            _, _, _ in []
        }
    /// The configuration as text, without secrets.
    public var configuration: @Sendable () -> String = { "" }
    /// The process.
    public var runtime: @Sendable () -> RuntimeFacts = { RuntimeFacts() }
    /// What is stored.
    public var storage: @Sendable () -> StorageFacts = { StorageFacts() }
    /// The version of this program.
    public var version: String

    /// A backend that has series and says nothing more about them.
    public init(
        version: String, now: @escaping @Sendable () -> Int64, view: @escaping @Sendable () throws -> SeriesView
    ) {
        self.version = version
        self.now = now
        self.view = view
    }
}

/// What is asked about a process.
public struct RuntimeFacts: Sendable {
    /// When it began: milliseconds since 1970.
    public var startTime: Int64 = 0
    /// Whether the last reload of the configuration was taken.
    public var lastReloadSucceeded = true
    /// When the configuration was taken.
    public var lastReloadTime: Int64 = 0
    /// Milliseconds that samples are kept; nil where they are not kept for a time.
    public var retention: Int64?

    /// Facts to be filled in.
    public init() {}
}

/// What is asked about stored samples.
public struct StorageFacts: Sendable {
    /// Chunks in memory.
    public var chunkCount = 0
    /// The time of the oldest sample: milliseconds since 1970.
    public var minimumTime: Int64 = 0
    /// The time of the newest one.
    public var maximumTime: Int64 = 0

    /// Facts to be filled in.
    public init() {}
}

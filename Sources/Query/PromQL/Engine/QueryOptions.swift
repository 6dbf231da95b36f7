/// What bounds a query, and the durations that expressions leave open.
public struct QueryOptions: Sendable {
    /// How old the newest sample of a series may be to count as its value.
    public var lookbackInMilliseconds: Int64 = 300_000
    /// The step of subqueries without one, which is Prometheus's interval of evaluation.
    public var subqueryStepInMilliseconds: Int64 = 60_000
    /// How many samples may be held at once; Prometheus's `query.max-samples`.
    public var maximumSamples = 50_000_000
    /// How many steps a range query may have.
    public var maximumSteps = 11_000
    /// Whether the time for the query is over; asked every now and then.
    public var isExpired: @Sendable () -> Bool = { false }

    /// The defaults of Prometheus, without a time-out.
    public init() {}
}

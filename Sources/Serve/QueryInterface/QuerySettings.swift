/// What bounds queries.
public struct QuerySettings: Hashable, Sendable {
    /// How long a query may take, waiting for others included; a request may ask for less.
    public var timeout: Duration = .seconds(120)
    /// How many are evaluated at once.
    public var maximumConcurrency = 2
    /// How many more may wait.
    public var maximumWaiting = 32
    /// How many samples a query may hold at once.
    public var maximumSamples = 10_000_000
    /// Bytes of an answer before it is compressed.
    public var maximumAnswerSize = 64 << 20

    /// The defaults of the agent.
    public init() {}
}

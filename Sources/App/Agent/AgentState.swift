public import Extraction
public import LogModel
public import MetricRegistry

/// Everything that the outside may see of the agent at one epoch. Only reachable through a `PublishedSnapshot`.
public struct AgentState: Sendable {
    /// The values of all stored metrics, frozen at the seal.
    public var metrics: MetricSnapshot
    /// When they were frozen, by the wall clock.
    public var sealedAt: WallTime
    /// Every stream that is followed, and where its bytes lie.
    public var streams: [StreamRecord]
    /// Where every consumer stands in every stream, those that are not configured now included.
    public var cursors: [ConsumerState]
    /// The newest gaps, oldest first.
    public var losses: [LossRecord]
    /// What keeps files from being found or read now.
    public var problems: [String]
    /// The latest values that were kept from their metrics, a few of each metric.
    public var rejections: [Rejection]
    /// Cursors whose account did not balance: always 0, or there is a bug.
    public var unbalancedAccounts: UInt64
}

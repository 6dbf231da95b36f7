public import LogModel

/// What the pipeline hands to the ledger at a batch boundary: the changes to make durable, and what may be shown afterwards.
public struct SealedEpoch<Content: Sendable>: Sendable {
    /// Greater than that of the epoch before.
    public var epoch: EpochID
    /// What has changed since the epoch before.
    public var changes: EpochChanges
    /// Shown to readers once the changes are durable.
    public var content: Content
    /// When the pipeline sealed it: it holds everything that had been applied by then.
    public var sealedAt: MonotonicTime
    /// Whether the changes hold every stream, consumer, schema, series and shard, so that a ledger can be written anew from
    /// them. Removals and losses are listed as in any other epoch.
    public var isComplete: Bool

    /// An epoch that is ready to be committed.
    public init(
        epoch: EpochID, changes: EpochChanges, content: Content, sealedAt: MonotonicTime, isComplete: Bool = false
    ) {
        self.epoch = epoch
        self.changes = changes
        self.content = content
        self.sealedAt = sealedAt
        self.isComplete = isComplete
    }
}

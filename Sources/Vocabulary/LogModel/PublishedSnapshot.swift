/// A state that is durable, or that was published although it could not be made durable because the disk refused.
///
/// Exposition, rules and shipping accept only this type, and only the ledger constructs it (its initialiser is behind
/// `@_spi(LedgerCommit)`, and `make check` verifies that no other target imports that): so nothing is visible to a scrape that
/// a crash could take back.
public struct PublishedSnapshot<Content: Sendable>: Sendable {
    /// What readers may see; it never changes.
    public let content: Content
    /// The epoch in which it was sealed.
    public let epoch: EpochID
    /// False in degraded mode: the values are right, but a crash now would lose them.
    public let isDurable: Bool
    /// When it was published, for telling its age.
    public let publishedAt: MonotonicTime

    /// For the ledger alone: whoever calls this vouches for `isDurable`.
    @_spi(LedgerCommit)
    public init(content: Content, epoch: EpochID, isDurable: Bool, publishedAt: MonotonicTime) {
        self.content = content
        self.epoch = epoch
        self.isDurable = isDurable
        self.publishedAt = publishedAt
    }
}

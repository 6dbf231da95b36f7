public import LogModel

/// What a consumer did with a batch.
public enum Acceptance: Sendable {
    /// It has the lines; its cursor moves behind them.
    case taken
    /// It has no room now; it detaches, and reads by itself when it has.
    case noRoom
}

/// Something that wants lines: the metrics pipeline, a shipper, a recorder. Called on the pipeline's thread only.
public protocol LineConsumer: AnyObject {
    /// Its cursors belong to this name.
    var name: ConsumerName { get }
    func wants(_ source: SourceName) -> Bool
    /// Takes a batch whole or not at all. The batch is lent for the call.
    func consume(_ batch: LineBatch) -> Acceptance
    /// Its cursor was moved past lines of a stream that it never got.
    func didPass(_ stream: StreamID)
    /// Makes what was taken so far as durable as it must be before the cursors move for good. A throw puts the commit off.
    func prepareCommit() throws
    /// What was taken before the last `prepareCommit()` is committed: it will not be handed over again.
    func didCommit()
    /// It takes no more before a commit, which should come soon.
    var awaitsCommit: Bool { get }
}

extension LineConsumer {
    /// Every source is wanted.
    public func wants(_ source: SourceName) -> Bool { true }
    /// Lines have nothing to do with each other.
    public func didPass(_ stream: StreamID) {}
    /// Nothing needs to be made durable but what the epoch holds.
    public func prepareCommit() throws {}
    /// A commit changes nothing.
    public func didCommit() {}
    /// Never: there is always room for more.
    public var awaitsCommit: Bool { false }
}

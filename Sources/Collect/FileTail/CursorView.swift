public import LogModel

/// What the tailer must know of the consumers of a stream: how far each has read, and by which bytes it would know the place
/// again. Ordered as they come.
public struct CursorView: Sendable {
    public var offset: UInt64
    public var anchor: Anchor
    /// What lies below is not read again even after a crash.
    public var settledOffset: UInt64
    public init(offset: UInt64, anchor: Anchor, settledOffset: UInt64? = nil) {
        self.offset = offset
        self.anchor = anchor
        self.settledOffset = settledOffset ?? offset
    }
}

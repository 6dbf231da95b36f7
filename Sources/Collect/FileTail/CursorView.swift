public import LogModel

/// What the tailer must know of the consumers of a stream: how far each has read, and by which bytes it would know the place
/// again. Ordered as they come.
public struct CursorView: Sendable {
    public var offset: UInt64
    public var anchor: Anchor
    /// What lies below is not read again even after a crash.
    public var settledOffset: UInt64
    /// It stands inside a line whose beginning was handed over.
    public var isInsideLine: Bool
    /// Its consumer is not configured now: it holds on to what it has not read, but needs no open file.
    public var isDormant: Bool
    public init(
        offset: UInt64, anchor: Anchor, settledOffset: UInt64? = nil, isInsideLine: Bool = false,
        isDormant: Bool = false
    ) {
        self.offset = offset
        self.anchor = anchor
        self.settledOffset = settledOffset ?? offset
        self.isInsideLine = isInsideLine
        self.isDormant = isDormant
    }
}

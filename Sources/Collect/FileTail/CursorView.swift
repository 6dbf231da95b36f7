public import LogModel

/// What the tailer must know of the consumers of a stream: how far each has read, and by which bytes it would know the place
/// again. Ordered as they come.
public struct CursorView: Sendable {
    /// The logical offset of the first byte that it has not read.
    public var offset: UInt64
    /// The bytes before `offset`; checked against the file before it is read on.
    public var anchor: Anchor
    /// What lies below is not read again even after a crash.
    public var settledOffset: UInt64
    /// It stands inside a line whose beginning was handed over.
    public var isInsideLine: Bool
    /// Its consumer is not configured now: it holds on to what it has not read, but needs no open file.
    public var isDormant: Bool
    /// A cursor; it is settled where it stands unless `settledOffset` says otherwise.
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

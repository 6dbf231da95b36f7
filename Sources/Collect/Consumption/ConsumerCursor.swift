import FileTail
import LogModel

/// One consumer's place in one stream, and the account of how it came there.
struct ConsumerCursor {
    let consumer: any LineConsumer
    var state: ConsumerState
    var isDirty: Bool
    /// It had no room; it is not asked again before the next turn.
    var isDetached = false
    /// The state that was last handed over for a commit.
    var settled: ConsumerState
    /// It was never handed over: a stream that is committed without its cursor would be begun anew.
    var isUnrecorded: Bool

    init(consumer: any LineConsumer, state: ConsumerState, isDirty: Bool) {
        self.consumer = consumer
        self.state = state
        self.isDirty = isDirty
        self.settled = state
        self.isUnrecorded = isDirty
    }

    var view: CursorView {
        CursorView(
            offset: state.offset, anchor: state.anchor, settledOffset: settled.offset,
            isInsideLine: state.carry.isInsideCutLine)
    }

    /// Moves behind lines that were handed over.
    mutating func consume(bytes: Int, lines: Int, anchor: Anchor) {
        state.account.consumed += UInt64(bytes)
        state.account.lines += UInt64(lines)
        move(by: UInt64(bytes), anchor: anchor)
    }

    mutating func skip(_ bytes: UInt64, _ reason: SkipReason, anchor: Anchor) {
        state.account.skipped[reason, default: 0] += bytes
        move(by: bytes, anchor: anchor)
    }

    /// Moves to the end of a gap; returns its lower end.
    mutating func lose(to offset: UInt64, _ reason: LossReason) -> UInt64 {
        let lower = state.offset
        guard offset > lower else { return lower }
        state.account.lost[reason, default: 0] += offset - lower
        state.carry.isInsideCutLine = false
        move(by: offset - lower, anchor: .none)
        return lower
    }

    private mutating func move(by bytes: UInt64, anchor: Anchor) {
        state.offset += bytes
        state.anchor = anchor
        isDirty = true
    }

    /// The equation of the loss account: every byte below the position is accounted for exactly once.
    var isBalanced: Bool { state.account.total == state.offset }
}

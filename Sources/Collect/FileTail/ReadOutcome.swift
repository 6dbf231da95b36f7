public import LogModel

/// What came of reading a stream at an offset.
public enum ReadOutcome: Sendable, Equatable {
    /// `count` bytes of one segment are in the buffer. `startsFile`: no line from before goes on in them. `endsSegment`: nothing
    /// can follow them in their file, so that a last line without line end is whole.
    case bytes(count: Int, startsFile: Bool, endsSegment: Bool)
    /// Nothing more is there now.
    case caughtUp
    /// The bytes up to `offset` are a hole in the file: to be accounted as skipped.
    case hole(to: UInt64)
    /// The bytes up to `offset` cannot be had any more. `isOpenEnded`: and perhaps others behind them that were never seen.
    case lost(to: UInt64, reason: LossReason, isOpenEnded: Bool, path: String)
    /// What the stream knew was wrong (the file was truncated under it); it has been put right, so read again.
    case changed
}

/// A run of whole lines of one stream, lent to consumers for one synchronous call.
///
/// SAFETY: `bytes` and `lineEnds` point into buffers that the reader owns and overwrites after the call returns. A consumer
/// must not keep the batch or a pointer into it. All offsets are within `bytes`; `_checkInvariants()` verifies it in debug
/// builds.
public struct LineBatch {
    /// The lines with their line ends. The last line may lack its line end when its file will not grow any more.
    public let bytes: UnsafeRawBufferPointer
    /// For each line the offset in `bytes` behind its line end, ascending; the last equals `bytes.count`.
    public let lineEnds: UnsafeBufferPointer<UInt32>
    /// The stream that the lines are from.
    public let stream: StreamID
    /// The index of the stream's source in the configuration, for patterns that apply to some sources only.
    public let source: Int
    /// The logical offset in the stream of `bytes[0]`.
    public let offset: UInt64

    /// A view of buffers that the caller goes on to own, and must keep unchanged for as long as the batch is lent.
    public init(
        bytes: UnsafeRawBufferPointer, lineEnds: UnsafeBufferPointer<UInt32>, stream: StreamID, source: Int,
        offset: UInt64
    ) {
        self.bytes = bytes
        self.lineEnds = lineEnds
        self.stream = stream
        self.source = source
        self.offset = offset
        _checkInvariants()
    }

    /// How many lines there are, the last one included when it has no line end.
    public var lineCount: Int { lineEnds.count }

    /// The range in `bytes` of line `index`, without its line end (`\n`, or `\r\n`).
    @inlinable
    public func lineRange(_ index: Int) -> Range<Int> {
        let lower = index == 0 ? 0 : Int(lineEnds[index - 1])
        var upper = Int(lineEnds[index])
        if upper > lower, bytes[upper - 1] == 0x0A {
            upper -= 1
            if upper > lower, bytes[upper - 1] == 0x0D { upper -= 1 }
        }
        return lower..<upper
    }

    private func _checkInvariants() {
        assert(lineEnds.last.map { Int($0) == bytes.count } ?? bytes.isEmpty, "BUG: lines do not fill the batch")
    }
}

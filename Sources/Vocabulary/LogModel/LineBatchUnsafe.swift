/// What gave trouble when the lines of a batch were made of a stream's bytes.
public struct DecodingTally: Hashable, Sendable {
    /// Lines that no container runtime wrote, though the source says that one does; they are taken as plain text.
    public var malformedLines: UInt64 = 0
    /// Records that were ended because they had become too long; what follows of them is a record by itself.
    public var cutRecords: UInt64 = 0
    /// Characters that could not be read in the source's encoding.
    public var replacedCharacters: UInt64 = 0

    /// Nothing did.
    public init() {}

    /// Whether nothing did.
    public var isEmpty: Bool { malformedLines | cutRecords | replacedCharacters == 0 }
}

/// A run of whole lines of one stream, lent to consumers for one synchronous call.
///
/// What is called a line here is a record where lines were put together, and text that stands in no file where they were
/// decoded; `raw` and `origins` then say which bytes of the stream it is made of.
///
/// SAFETY: `bytes`, `lineEnds`, `raw` and `origins` point into buffers that the reader owns and overwrites after the call
/// returns. A consumer must not keep the batch or a pointer into it. All offsets are within `bytes`, and those of `origins`
/// within `raw`; `_checkInvariants()` verifies it in debug builds.
public struct LineBatch {
    /// The lines with their line ends. The last line may lack its line end when its file will not grow any more.
    public let bytes: UnsafeRawBufferPointer
    /// For each line the offset in `bytes` behind its line end, ascending; the last equals `bytes.count`.
    public let lineEnds: UnsafeBufferPointer<UInt32>
    /// The stream that the lines are from.
    public let stream: StreamID
    /// The index of the stream's source in the configuration, for patterns that apply to some sources only.
    public let source: Int
    /// The logical offset in the stream of `raw[0]`.
    public let offset: UInt64
    /// The stream's own bytes that the lines are made of.
    public let raw: UnsafeRawBufferPointer
    /// For each line the offset in `raw` of the first byte that it is made of; nil where `bytes` is `raw`.
    public let origins: UnsafeBufferPointer<UInt32>?
    /// How many lines of the stream's file `raw` is.
    public let rawLineCount: Int
    /// What gave trouble when the lines were made of `raw`.
    public let tally: DecodingTally

    /// A view of buffers that the caller goes on to own, and must keep unchanged for as long as the batch is lent.
    public init(
        bytes: UnsafeRawBufferPointer, lineEnds: UnsafeBufferPointer<UInt32>, stream: StreamID, source: Int,
        offset: UInt64
    ) {
        self.init(
            bytes: bytes, lineEnds: lineEnds, stream: stream, source: source, offset: offset, raw: bytes, origins: nil,
            rawLineCount: lineEnds.count)
    }

    /// The same of lines that were put together, or decoded.
    public init(
        bytes: UnsafeRawBufferPointer, lineEnds: UnsafeBufferPointer<UInt32>, stream: StreamID, source: Int,
        offset: UInt64, raw: UnsafeRawBufferPointer, origins: UnsafeBufferPointer<UInt32>?, rawLineCount: Int,
        tally: DecodingTally = DecodingTally()
    ) {
        self.bytes = bytes
        self.lineEnds = lineEnds
        self.stream = stream
        self.source = source
        self.offset = offset
        self.raw = raw
        self.origins = origins
        self.rawLineCount = rawLineCount
        self.tally = tally
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

    /// The place in the stream of the first byte that line `index` is made of.
    public func position(of index: Int) -> Position {
        let lower = origins.map { $0[index] } ?? (index == 0 ? 0 : lineEnds[index - 1])
        return Position(stream: stream, offset: offset + UInt64(lower))
    }

    private func _checkInvariants() {
        assert(lineEnds.last.map { Int($0) == bytes.count } ?? bytes.isEmpty, "BUG: lines do not fill the batch")
        assert(origins.map { $0.count == lineEnds.count } ?? true, "BUG: lines and their origins differ in number")
        assert(origins?.allSatisfy { Int($0) < raw.count } ?? true, "BUG: a line is made of nothing")
    }
}

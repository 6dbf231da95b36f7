import Configuration
import FileTail
import LogModel
import LogPipeline

/// Makes records of the bytes of one log, in whatever pieces they come, as its source says.
///
/// SAFETY: bytes and line ends are lent to the assembler for one call, within the closures that own them.
final class RecordFeed {
    /// Whole records.
    struct Records {
        /// Lent for one call.
        let batch: LineBatch
        /// The number of the first line that the batch is made of, from 1 on.
        let firstLine: Int
        /// Where that line begins, in bytes from the first one that was given.
        let offset: UInt64
        /// Where lines end, from there on.
        let ends: [Int]
        /// Where they end in the batch's own bytes, which have nothing of a line that is beyond the longest.
        let shortEnds: [UInt32]
    }

    private let source: Int?
    private let assembler: RecordAssembler?
    private let lineEnd: LineEnd
    private let maximumLineLength: Int
    private let encoding: TextEncoding
    /// Lines that may belong to a record of which more comes, and the beginning of a line.
    private var pending: [UInt8] = []
    private var line = 1
    private var offset: UInt64 = 0
    private var isAtBegin = true

    /// A feed for the lines of a source; with nil they are plain.
    init(_ configuration: AgentConfiguration, source: SourceName?) throws {
        let settings = configuration.sources.first { $0.name == source }
        self.source = source.flatMap { name in configuration.sources.firstIndex { $0.name == name } }
        assembler = try settings.flatMap { try Pipeline.assemblers(configuration)[$0.name] }
        encoding = assembler?.settings.encoding ?? .utf8
        lineEnd = LineEnd(encoding.lineEnd)
        maximumLineLength = settings?.maximumLineLength ?? .max
    }

    /// Takes what comes next; `isLast` says that nothing comes behind it. `body` gets records as soon as they are known to be
    /// whole.
    func take(_ bytes: [UInt8], isLast: Bool, _ body: (Records) -> Void) {
        pending += bytes
        skipByteOrderMark(isLast: isLast)
        var ends = lineEnds()
        if isLast, ends.last ?? 0 < pending.count { ends.append(pending.count) }
        guard let end = ends.last else { return }
        let (text, shortEnds) = cut(ends)
        func hand(_ batch: LineBatch) {
            body(Records(batch: batch, firstLine: line, offset: offset, ends: ends, shortEnds: shortEnds))
        }
        let taken = text.withUnsafeBytes { bytes in
            shortEnds.withUnsafeBufferPointer { table in
                let batch = LineBatch(
                    bytes: bytes, lineEnds: table, stream: StreamID(1), source: source ?? 0, offset: 0)
                guard let assembler else {
                    hand(batch)
                    return ends.count
                }
                return assembler.assemble(batch, isOver: isLast) { records in
                    hand(records.batch)
                    return records.batch.rawLineCount
                }
            }
        }
        let passed = taken == ends.count ? end : taken == 0 ? 0 : ends[taken - 1]
        pending.removeFirst(passed)
        line += taken
        offset += UInt64(passed)
    }
    private func skipByteOrderMark(isLast: Bool) {
        guard isAtBegin, pending.count >= 3 || isLast else { return }
        isAtBegin = false
        guard case .found(encoding, let length) = ByteOrderMark(inHead: pending.prefix(3), of: encoding) else { return }
        pending.removeFirst(length)
        offset += UInt64(length)
    }

    /// The offsets behind the lines of what is pending.
    private func lineEnds() -> [Int] {
        guard !isAtBegin else { return [] }
        var ends: [Int] = []
        var lower = 0
        while let length = lineEnd.first(in: pending[lower...]) {
            lower += length
            ends.append(lower)
        }
        return ends
    }

    /// The pending lines without what is beyond the longest that is read, and where they end then.
    private func cut(_ ends: [Int]) -> (text: [UInt8], ends: [UInt32]) {
        var text: [UInt8] = []
        var shortEnds: [UInt32] = []
        var lower = 0
        for end in ends {
            let room = maximumLineLength == .max ? .max : maximumLineLength - maximumLineLength % encoding.unitLength
            if end - lower - lineEnd.bytes.count > room {
                text += pending[lower..<lower + room] + lineEnd.bytes
            } else {
                text += pending[lower..<end]
            }
            shortEnds.append(UInt32(text.count))
            lower = end
        }
        return (text, shortEnds)
    }
}

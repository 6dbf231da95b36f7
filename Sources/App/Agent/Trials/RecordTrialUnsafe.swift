public import Configuration
public import Extraction
import FileTail
public import LogModel
import LogPipeline
import SeriesModel

/// A record with what the patterns make of it.
public struct TriedRecord: Sendable {
    /// The number of the first line that it is made of, from 1 on.
    public let line: Int
    /// Where that line begins, in bytes from the first one that was given.
    public let offset: UInt64
    /// What patterns see.
    public let text: [UInt8]
    /// The fields that patterns ask for.
    public let fields: FieldsExplanation
    /// What each pattern makes of it.
    public let explanations: [PatternExplanation]
}

/// Lets lines go the way that those of a source go, up to the patterns, and explains what becomes of each record. Nothing is
/// counted and nothing remembered.
///
/// SAFETY: bytes and line ends are lent to the assembler for one call, within the closures that own them.
public final class RecordTrial {
    private let extractor: Extractor
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

    /// A trial of the patterns of a configuration.
    ///
    /// - Parameters:
    ///   - configuration: says how lines are decoded, and has the patterns.
    ///   - source: the name of the source whose lines come; nil for lines of no source, which are plain, may have fields of any
    ///     format, and meet the patterns of all sources.
    /// - Throws: when a pattern or the boundary of records is wrong.
    public init(_ configuration: AgentConfiguration, source: SourceName?) throws {
        let settings = configuration.sources.first { $0.name == source }
        extractor = try Extractor(
            patterns: configuration.patterns, sources: configuration.sources.map(\.name), fields: configuration.fields,
            labelLength: configuration.limits.labelLength)
        self.source = source.flatMap { name in configuration.sources.firstIndex { $0.name == name } }
        assembler = try settings.flatMap { try Pipeline.assemblers(configuration)[$0.name] }
        encoding = assembler?.settings.encoding ?? .utf8
        lineEnd = LineEnd(encoding.lineEnd)
        maximumLineLength = settings?.maximumLineLength ?? .max
    }

    /// Takes what comes next of the lines.
    ///
    /// - Parameters:
    ///   - bytes: any piece of them.
    ///   - isLast: nothing comes behind it.
    ///   - body: gets each record as soon as it is known to be whole.
    public func take(_ bytes: [UInt8], isLast: Bool, _ body: (TriedRecord) -> Void) {
        pending += bytes
        skipByteOrderMark(isLast: isLast)
        var ends = lineEnds()
        if isLast, ends.last ?? 0 < pending.count { ends.append(pending.count) }
        guard let end = ends.last else { return }
        let (text, shortEnds) = cut(ends)
        let taken = text.withUnsafeBytes { bytes in
            shortEnds.withUnsafeBufferPointer { table in
                let batch = LineBatch(
                    bytes: bytes, lineEnds: table, stream: StreamID(1), source: source ?? 0, offset: 0)
                guard let assembler else {
                    tell(batch, ends, shortEnds, body)
                    return ends.count
                }
                return assembler.assemble(batch, isOver: isLast) { records in
                    tell(records.batch, ends, shortEnds, body)
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
        guard isAtBegin, assembler != nil || !pending.isEmpty, pending.count >= 3 || isLast else { return }
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

    /// Explains all records of a batch that was made of lines which end at `shortEnds`, and at `ends` before they were cut.
    private func tell(_ batch: LineBatch, _ ends: [Int], _ shortEnds: [UInt32], _ body: (TriedRecord) -> Void) {
        var first = 0
        for record in 0..<batch.lineCount {
            let text = Array(batch.bytes[batch.lineRange(record)])
            // Records of the two outputs of a container may stand between each other.
            let place = batch.position(of: record).offset
            if first > 0, shortEnds[first - 1] > place { first = 0 }
            while shortEnds[first] <= place { first += 1 }
            body(
                TriedRecord(
                    line: line + first, offset: offset + UInt64(first == 0 ? 0 : ends[first - 1]), text: text,
                    fields: extractor.fields(of: text, source: source),
                    explanations: extractor.explain(text, source: source)))
        }
    }
}

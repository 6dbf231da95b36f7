public import Configuration
public import Extraction
import FileTail
public import LogModel
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
public final class RecordTrial {
    private let extractor: Extractor
    private let source: Int?
    private let feed: RecordFeed

    /// A trial of the patterns of a configuration.
    ///
    /// - Parameters:
    ///   - configuration: says how lines are decoded, and has the patterns.
    ///   - source: the name of the source whose lines come; nil for lines of no source, which are plain, may have fields of any
    ///     format, and meet the patterns of all sources.
    /// - Throws: when a pattern or the boundary of records is wrong.
    public init(_ configuration: AgentConfiguration, source: SourceName?) throws {
        extractor = try Extractor(
            patterns: configuration.patterns, sources: configuration.sources.map(\.name), fields: configuration.fields,
            labelLength: configuration.limits.labelLength)
        self.source = source.flatMap { name in configuration.sources.firstIndex { $0.name == name } }
        feed = try RecordFeed(configuration, source: source)
    }

    /// Takes what comes next of the lines.
    ///
    /// - Parameters:
    ///   - bytes: any piece of them.
    ///   - isLast: nothing comes behind it.
    ///   - body: gets each record as soon as it is known to be whole.
    public func take(_ bytes: [UInt8], isLast: Bool, _ body: (TriedRecord) -> Void) {
        feed.take(bytes, isLast: isLast) { tell($0, body) }
    }

    private func tell(_ records: RecordFeed.Records, _ body: (TriedRecord) -> Void) {
        let (batch, ends, shortEnds) = (records.batch, records.ends, records.shortEnds)
        var first = 0
        for record in 0..<batch.lineCount {
            let text = Array(batch.bytes[batch.lineRange(record)])
            // Records of the two outputs of a container may stand between each other.
            let place = batch.position(of: record).offset
            if first > 0, shortEnds[first - 1] > place { first = 0 }
            while shortEnds[first] <= place { first += 1 }
            body(
                TriedRecord(
                    line: records.firstLine + first,
                    offset: records.offset + UInt64(first == 0 ? 0 : ends[first - 1]), text: text,
                    fields: extractor.fields(of: text, source: source),
                    explanations: extractor.explain(text, source: source)))
        }
    }
}

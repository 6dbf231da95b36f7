import LineFormats
import LogModel
import LogPipeline
import MetricRegistry
import SeriesModel

/// What gave trouble when sources were decoded, as metrics: counted with the lines that a batch hands over, and so as exact as
/// what patterns make of them.
struct DecodingCounters {
    /// One of the counters.
    struct Kind: Sendable {
        var name: String
        var help: String
        var count: @Sendable (DecodingTally) -> UInt64
        /// Whether it can be more than 0 for a source.
        var applies: @Sendable (DecodingSettings) -> Bool
    }

    /// All that there are.
    static let kinds = [
        Kind(
            name: "outrider_lines_malformed_total",
            help: "Lines that no container runtime wrote, though the source's format says so; they were taken as text.",
            count: { $0.malformedLines }, applies: { [.docker, .cri].contains($0.container) }),
        Kind(
            name: "outrider_records_cut_total",
            help:
                "Records that were ended because they had become too long; what followed of them is a record by itself.",
            count: { $0.cutRecords }, applies: { $0.container != .none || $0.multiline != nil }),
        Kind(
            name: "outrider_characters_replaced_total",
            help: "Characters that could not be read in the source's encoding; patterns saw U+FFFD.",
            count: { $0.replacedCharacters }, applies: { $0.encoding.unitLength > 1 }),
    ]

    private let kinds: [Kind]
    private let sources: [SourceName]
    /// The metrics that the registry must know, in the order of their instruments.
    let definitions: [MetricDefinition]

    /// The counters of sources, in the order that gives `LineBatch.source` its meaning, which are decoded as said.
    init(_ sources: [SourceName] = [], _ decoding: [SourceName: DecodingSettings] = [:]) {
        self.sources = sources
        kinds = Self.kinds.filter { kind in sources.contains { decoding[$0].map(kind.applies) ?? false } }
        definitions = kinds.map { kind in
            MetricDefinition(
                schema: MetricSchema(name: kind.name, kind: .counter, labelNames: ["source"]), help: kind.help,
                declaredSeries: sources.filter { decoding[$0].map(kind.applies) ?? false }.map {
                    [Array($0.rawValue.utf8)]
                }, seriesLimit: .max)
        }
    }

    /// Appends what there is to count of a batch, as updates of instruments that begin at `base`.
    func append(_ batch: LineBatch, to buffer: inout MatchBuffer, from base: Int) {
        guard !batch.tally.isEmpty, sources.indices.contains(batch.source) else { return }
        for (index, kind) in kinds.enumerated() where kind.count(batch.tally) > 0 {
            buffer.append(
                instrument: UInt32(base + index), operation: .add, value: Double(kind.count(batch.tally)), line: 0)
            buffer.appendLabel(buffer.appendText(sources[batch.source].rawValue.utf8))
        }
    }
}

import LogModel
import MetricRegistry
import SeriesModel

/// A registry with its buffer and clock, spoken to in text.
final class RegistryFixture {
    var registry: SeriesRegistry
    var now = WallTime(nanoseconds: 1_000 * 1_000_000_000)
    private var buffer = MatchBuffer()
    private var batch: [UInt8] = []

    init(_ definitions: [MetricDefinition], seriesLimit: Int = 10_000) throws {
        registry = SeriesRegistry(seriesLimit: seriesLimit)
        try registry.define(definitions, now: now)
    }

    /// Adds an update to the batch.
    func add(_ instrument: UInt32, _ operation: MatchBuffer.Operation, _ value: Double, _ labels: [[UInt8]]) {
        buffer.append(instrument: instrument, operation: operation, value: value, line: 0)
        for label in labels {
            buffer.appendLabel(
                MatchBuffer.LabelRange(start: UInt32(batch.count), length: UInt32(label.count)))
            batch += label
        }
    }

    /// Applies the batch.
    func apply() {
        batch.withUnsafeBytes { registry.apply(buffer, bytes: $0, now: now) }
        buffer.removeAll()
        batch = []
    }

    /// Applies the batch as that of a stream's line at `offset`.
    func apply(of stream: UInt32, at offset: UInt64) {
        let ends = [UInt32(batch.count)]
        batch.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { ends in
                let lines = LineBatch(
                    bytes: bytes, lineEnds: ends, stream: StreamID(stream), source: 0, offset: offset)
                registry.apply(buffer, bytes: bytes, of: lines, now: now)
            }
        }
        buffer.removeAll()
        batch = []
    }

    /// Applies one update.
    func update(_ instrument: UInt32, _ operation: MatchBuffer.Operation, _ value: Double, _ labels: String...) {
        add(instrument, operation, value, labels.map { Array($0.utf8) })
        apply()
    }

    /// Seals and confirms.
    @discardableResult
    func commit() -> SealedMetrics {
        let sealed = registry.seal()
        registry.confirm(sealed.generation)
        return sealed
    }

    var snapshot: MetricSnapshot { registry.seal().snapshot }

    var page: String { text(snapshot) }
}

func text(
    _ snapshot: MetricSnapshot, _ own: [SampleFamily] = [], target: [(name: String, value: String)] = [],
    as format: ExpositionFormat = .text, extras: PageExtras = PageExtras()
) -> String {
    var output: [UInt8] = []
    TextExposition.write(snapshot, as: format, selfFamilies: own, targetLabels: target, extras: extras, into: &output)
    return String(decoding: output, as: UTF8.self)
}

extension MetricDefinition {
    static func counter(_ name: String, _ labels: String...) -> MetricDefinition {
        MetricDefinition(schema: MetricSchema(name: name, kind: .counter, labelNames: labels), help: "Counts \(name).")
    }

    static func gauge(_ name: String, _ labels: String..., lastUpdate: Bool = false) -> MetricDefinition {
        MetricDefinition(
            schema: MetricSchema(name: name, kind: .gauge, labelNames: labels), help: "Shows \(name).",
            exposesLastUpdate: lastUpdate)
    }

    static func histogram(_ name: String, _ buckets: [Double], labels: [String] = []) -> MetricDefinition {
        MetricDefinition(
            schema: MetricSchema(name: name, kind: .histogram, labelNames: labels, buckets: buckets),
            help: "Observes \(name).")
    }
}

/// What a ledger would hold after some commits.
struct LedgerModel {
    private var schemas: [MetricSchemaID: MetricSchemaRecord] = [:]
    private var series: [SeriesSlot: SeriesRecord] = [:]
    private var shards: [UInt32: ShardRecord] = [:]

    mutating func commit(_ changes: MetricChanges) {
        for id in changes.removedSchemas { schemas[id] = nil }
        for slot in changes.removedSeries { series[slot] = nil }
        for record in changes.schemas { schemas[record.id] = record }
        for record in changes.series { series[record.slot] = record }
        for record in changes.shards { shards[record.index] = record }
    }

    var contents: MetricChanges {
        var contents = MetricChanges()
        contents.schemas = Array(schemas.values)
        contents.series = Array(series.values)
        contents.shards = Array(shards.values)
        return contents
    }
}

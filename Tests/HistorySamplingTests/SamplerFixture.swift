import HistorySampling
import LogModel
import MetricRegistry
import QueryModel
import SeriesModel
import SeriesStore

/// A registry whose page is looked at every 15 seconds, and the store that gets what is seen.
final class SamplerFixture {
    static let step: Int64 = 15_000
    var registry = SeriesRegistry()
    let limits: StoreLimits
    var store: SeriesStore
    var sampler = HistorySampler()
    var own: [SampleFamily] = []
    var target: [Label] = []
    /// Seconds since 1970; a look is taken at multiples of 15.
    var now: Int64 = 1_000

    init(_ definitions: [MetricDefinition], limits: StoreLimits = StoreLimits()) throws {
        self.limits = limits
        store = SeriesStore(limits: limits)
        try define(definitions)
    }

    func define(_ definitions: [MetricDefinition]) throws { try registry.define(definitions, now: wall) }

    private var wall: WallTime { WallTime(nanoseconds: now * 1_000_000_000) }

    func update(_ instrument: UInt32, _ operation: MatchBuffer.Operation, _ value: Double, _ labels: String...) {
        var buffer = MatchBuffer()
        buffer.append(instrument: instrument, operation: operation, value: value, line: 0)
        for label in labels { buffer.appendLabel(buffer.addConstant(label.utf8)) }
        [UInt8]().withUnsafeBytes { registry.apply(buffer, bytes: $0, now: wall) }
    }

    /// Seals now, and looks at the next multiple of 15 seconds.
    func tick() {
        let sealed = registry.seal()
        registry.confirm(sealed.generation)
        let page = SampledPage(metrics: sealed.snapshot, sealedAt: wall, own: own, target: target)
        now += 15 - now % 15
        sampler.sample(page, at: now * 1000, step: Self.step, into: store)
    }

    /// Another process, with the history of this one.
    func restart() throws {
        var stored = StoreContents()
        let changes = store.takeChanges()
        (stored.mark, stored.series, stored.chunks, stored.rows) = (
            changes.mark, changes.series, changes.chunks, changes.rows
        )
        store = SeriesStore(limits: limits)
        try store.restore(stored)
        sampler = HistorySampler()
    }

    /// The samples of a series as `seconds=value`; `end` for a staleness marker.
    func samples(_ name: String, _ labels: [String: String] = [:]) -> String {
        let matchers =
            [LabelMatcher("__name__", equals: ByteString(name))]
            + labels.map { LabelMatcher(ByteString($0.key), equals: ByteString($0.value)) }
        let found = store.view.select(matchers, from: .min, through: .max)
        guard found.count == 1, let series = found.first else { return "\(found.count) series" }
        return zip(series.timestamps, series.values).map { timestamp, value in
            let seconds = timestamp % 1000 == 0 ? "\(timestamp / 1000)" : "\(Double(timestamp) / 1000)"
            return SampleValue.isStale(value) ? "\(seconds)=end" : "\(seconds)=\(value)"
        }.joined(separator: " ")
    }
}

extension MetricDefinition {
    static func counter(_ name: String, _ labels: String..., expiresAfter: Duration? = nil) -> MetricDefinition {
        MetricDefinition(
            schema: MetricSchema(name: name, kind: .counter, labelNames: labels), help: "", expiresAfter: expiresAfter)
    }

    static func gauge(_ name: String, lastUpdate: Bool = false) -> MetricDefinition {
        MetricDefinition(schema: MetricSchema(name: name, kind: .gauge), help: "", exposesLastUpdate: lastUpdate)
    }
}

import LogModel
import MetricRegistry
import SeriesModel

/// Carries the agent's counters about itself over restarts: what they grew by since the last seal is added to series of the
/// registry, and only those are shown. So they never fall back after a crash, and rates over them stay true.
struct OwnCounters {
    private struct Key: Hashable {
        var name: String
        var labels: [String]
    }

    /// The metrics that the registry must know, in the order of their instruments.
    private(set) var definitions: [MetricDefinition] = []
    private var instruments: [String: Int] = [:]
    private var seen: [Key: Double] = [:]

    /// Takes up counters that have series now and had none before; true when there are such.
    mutating func define(_ families: [SampleFamily]) -> Bool {
        var isNew = false
        for family in families where family.kind == .counter && instruments[family.name] == nil {
            guard let first = family.samples.first else { continue }
            instruments[family.name] = definitions.count
            definitions.append(
                MetricDefinition(
                    schema: MetricSchema(name: family.name, kind: .counter, labelNames: first.labels.map(\.name)),
                    help: family.help))
            isNew = true
        }
        return isNew
    }

    /// What every counter grew by since the last call, as updates of instruments that begin at `base`.
    mutating func growth(of families: [SampleFamily], from base: Int) -> MatchBuffer {
        var buffer = MatchBuffer()
        for family in families where family.kind == .counter {
            guard let instrument = instruments[family.name] else { continue }
            for sample in family.samples {
                let key = Key(name: family.name, labels: sample.labels.map(\.value))
                let before = seen[key]
                guard sample.value > before ?? -1 else { continue }
                seen[key] = sample.value
                buffer.append(
                    instrument: UInt32(base + instrument), operation: .add, value: sample.value - (before ?? 0), line: 0
                )
                for value in key.labels { buffer.appendLabel(buffer.addConstant(value.utf8)) }
            }
        }
        return buffer
    }
}

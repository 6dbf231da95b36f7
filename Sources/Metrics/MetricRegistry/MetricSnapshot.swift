public import LogModel
public import SeriesModel

/// The exposed metrics at the moment of a seal: immutable, and sharing what did not change with the registry and with other
/// snapshots.
public struct MetricSnapshot: Sendable {
    /// Sorted by name.
    public let families: [MetricFamily]
    let shards: [CellStore.Shard]
    let exemplars: [ExemplarStore.Shard]

    func cell(_ index: Int) -> Double { shards[index >> 8][index & 255] }

    /// The line that a cell counted last, when it is known.
    func exemplar(_ cell: Int) -> Exemplar? {
        guard cell >> 8 < exemplars.count else { return nil }
        let exemplar = exemplars[cell >> 8][cell & 255]
        return exemplar.isNone ? nil : exemplar
    }

    /// How many series there are.
    public var seriesCount: Int { families.reduce(0) { $0 + $1.slots.count } }

    /// The value of a counter or gauge, or the sum of a histogram; nil when there is no such series or it was never set.
    ///
    /// - Parameters:
    ///   - name: the metric's name.
    ///   - labels: all labels of the series, in any order.
    /// - Returns: the value as a scrape shows it.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        guard let family = families.first(where: { $0.schema.name == name }) else { return nil }
        guard labels.count == family.schema.labelNames.count else { return nil }
        var text = ContiguousArray<UInt8>()
        for (index, label) in family.schema.labelNames.enumerated() {
            guard let value = labels[label] else { return nil }
            LabelText.append(label, Array(value.utf8), isFirst: index == 0, to: &text)
        }
        guard let series = family.slots.indices.first(where: { family.labels(of: $0).elementsEqual(text) }) else {
            return nil
        }
        return value(of: family, at: series)
    }

    /// Every series of a metric; empty when there is no such metric.
    public func series(of name: String) -> [StoredSeries] {
        guard let family = families.first(where: { $0.schema.name == name }) else { return [] }
        return family.slots.indices.map { series in
            StoredSeries(
                labelValues: family.labelValues[series].map { String(decoding: $0, as: UTF8.self) },
                created: family.created[series], value: value(of: family, at: series))
        }
    }

    func value(of family: MetricFamily, at series: Int) -> Double? {
        let slot = Int(family.slots[series].rawValue)
        switch family.schema.kind {
        case .gauge: return cell(slot + 1).isNaN ? nil : cell(slot)
        case .counter: return CompensatedSum(sum: cell(slot), compensation: cell(slot + 1)).value
        case .histogram:
            let sum = slot + family.schema.buckets.count
            return CompensatedSum(sum: cell(sum), compensation: cell(sum + 1)).value
        }
    }
}

/// One series of a snapshot.
public struct StoredSeries: Hashable, Sendable {
    /// In the order of the metric's label names.
    public let labelValues: [String]
    /// When it began to count.
    public let created: WallTime
    /// As `MetricSnapshot.value`.
    public let value: Double?
}

/// A metric and its series, with their labels ready for a page.
public struct MetricFamily: Sendable {
    static let lastUpdateSuffix = "_last_update_timestamp_seconds"

    /// The metric's identity.
    public let schema: MetricSchema
    /// The text of `# HELP`.
    public internal(set) var help: String
    /// Whether the page also shows when a gauge was last set.
    public internal(set) var exposesLastUpdate: Bool
    /// Per series: where its cells are.
    public private(set) var slots: ContiguousArray<SeriesSlot> = []
    /// Per series: its label values, in the order of the schema's label names.
    private(set) var labelValues: ContiguousArray<[[UInt8]]> = []
    /// Per series: when it began to count.
    public private(set) var created: ContiguousArray<WallTime> = []
    /// The labels of all series as `a="b",c="d"`, one behind the other.
    private(set) var labelText: ContiguousArray<UInt8> = []
    private var labelEnds: ContiguousArray<Int> = []

    init(schema: MetricSchema, help: String = "", exposesLastUpdate: Bool = false) {
        self.schema = schema
        self.help = help
        self.exposesLastUpdate = exposesLastUpdate
    }

    mutating func append(slot: SeriesSlot, labelValues: [[UInt8]], created: WallTime) {
        for (index, value) in labelValues.enumerated() {
            LabelText.append(schema.labelNames[index], value, isFirst: index == 0, to: &labelText)
        }
        labelEnds.append(labelText.count)
        slots.append(slot)
        self.labelValues.append(labelValues)
        self.created.append(created)
    }

    /// The labels of a series as they stand between the braces.
    func labels(of series: Int) -> ArraySlice<UInt8> {
        labelText[(series == 0 ? 0 : labelEnds[series - 1])..<labelEnds[series]]
    }
}

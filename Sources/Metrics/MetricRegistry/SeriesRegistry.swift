public import LogModel
public import SeriesModel

/// What a seal hands to the ledger and, once that has committed it, to those who read.
public struct SealedMetrics: Sendable {
    /// The number to `confirm` when the changes are durable; grows with each seal.
    public let generation: UInt64
    /// Everything that changed since the last confirmed generation.
    public let changes: MetricChanges
    /// The values as they are after the changes.
    public let snapshot: MetricSnapshot
}

/// The values of all metrics.
///
/// Owned by the pipeline's thread; it knows neither clock nor file, time is handed in. The way of a change: `apply` writes
/// cells, `seal` names all that is not yet durable and gives a snapshot, the ledger commits, `confirm` notes that it did.
/// A seal contains whatever an earlier seal that was not confirmed contained, so that a failed commit loses nothing and
/// a later seal can stand for all before it. Generations must be confirmed in their order.
///
/// Metrics that are not defined any more are kept, in the ledger too, but not shown, until they are defined again or purged.
public final class SeriesRegistry {
    struct Metric {
        let id: MetricSchemaID
        let kind: MetricKind
        let labelCount: Int
        /// The schema's buckets.
        private let bounds: ContiguousArray<Double>
        var family: MetricFamily
        /// Whether it is in the current definitions.
        var isDefined = false
        /// Since when it is not; nil when that is not known yet.
        var undefinedSince: WallTime?
        var seriesLimit = Int.max
        /// The series, the overflow series left out.
        var seriesCount = 0
        /// The number of its only series, when it has no labels and the series exists.
        var onlySeries: Int?
        /// Per series of the family: its number.
        var numbers: ContiguousArray<Int> = []
        /// After how long a series without an update goes away; nil for never.
        var expiresAfter: Duration?
        /// Label values of series that never go away, when others do.
        var permanent: Set<[[UInt8]]> = []

        var schema: MetricSchema { family.schema }

        /// The first bucket whose bound a value does not exceed, or their count, and that count.
        @inline(__always)
        func bucket(of value: Double) -> (index: Int, count: Int) {
            var index = 0
            while index < bounds.count, value > bounds[index] { index += 1 }
            return (index, bounds.count)
        }

        init(id: MetricSchemaID, schema: MetricSchema) {
            self.id = id
            kind = schema.kind
            labelCount = schema.labelNames.count
            bounds = ContiguousArray(schema.buckets)
            family = MetricFamily(schema: schema)
        }
    }

    static let overflowValue = Array("__overflow__".utf8)

    /// How many series a metric may have unless its definition says otherwise; read when metrics are defined.
    public var seriesLimit: Int

    var cells = CellStore()
    var index = SeriesIndex()
    var metrics: [Metric] = []
    var metricOfSchema: [MetricSchema: Int] = [:]
    var activity = SeriesActivity()
    var exemplars = ExemplarStore()
    /// Per series: its first cell.
    var slots: ContiguousArray<Int> = []
    /// Per instrument: its metric.
    var instruments: ContiguousArray<Int> = []
    var overflowMetric = 0
    var refusedMetric = 0
    var nextSchemaID: UInt32 = 1

    /// The generation that changes belong to until the next seal.
    private(set) var generation: UInt64 = 1
    var pending = PendingRecords()
    private var hasUnsealedRecords = false
    private var sortedFamilies: [MetricFamily]?

    /// Whether to remember which line each count counted last, for pages of OpenMetrics.
    public var keepsExemplars: Bool {
        get { exemplars.isKept }
        set { exemplars.isKept = newValue }
    }

    /// A registry without metrics.
    public init(seriesLimit: Int = 10_000) {
        self.seriesLimit = seriesLimit
    }

    // MARK: Definitions

    /// Replaces the definitions: metrics whose schema is known keep their values, others begin now.
    ///
    /// - Parameters:
    ///   - definitions: in the order of the instruments of the extraction that will fill the buffers from now on.
    ///   - now: the created time of what is new.
    /// - Throws: `metric_invalid` or `metric_conflict`; the definitions before are then still in force.
    public func define(_ definitions: [MetricDefinition], now: WallTime) throws(RegistryError) {
        let all = definitions + [.overflow, .refused]
        try Self.validate(all)
        for number in metrics.indices { metrics[number].isDefined = false }
        let numbers = all.map { define($0) }
        instruments = ContiguousArray(numbers.prefix(definitions.count))
        overflowMetric = numbers[definitions.count]
        refusedMetric = numbers[definitions.count + 1]
        for (number, definition) in zip(numbers, all) { createDeclared(definition, metric: number, now: now) }
        activity.isKept = metrics.contains { $0.isDefined && $0.expiresAfter != nil }
        for number in metrics.indices {
            let metric = metrics[number]
            metrics[number].undefinedSince = metric.isDefined ? nil : metric.undefinedSince ?? now
        }
        noteRecordChange()
    }

    private static func validate(_ definitions: [MetricDefinition]) throws(RegistryError) {
        var owners: [String: MetricSchema] = [:]
        for definition in definitions {
            try definition.schema.validate()
            for name in definition.exposedNames {
                let owner = owners.updateValue(definition.schema, forKey: name)
                guard owner == nil || owner == definition.schema else {
                    throw .conflict(name, owner?.name ?? "", definition.schema.name)
                }
            }
            let labelCount = definition.schema.labelNames.count
            guard definition.declaredSeries.allSatisfy({ $0.count == labelCount }) else {
                throw .invalid(
                    "A declared series of \(definition.schema.name) has not \(labelCount) label values.",
                    hint: "Give one value for each label.")
            }
        }
    }

    private func define(_ definition: MetricDefinition) -> Int {
        let number = metricOfSchema[definition.schema] ?? addMetric(definition.schema)
        let isRepeated = metrics[number].isDefined
        let family = metrics[number].family
        metrics[number].isDefined = true
        metrics[number].family.help = isRepeated && !family.help.isEmpty ? family.help : definition.help
        metrics[number].family.exposesLastUpdate =
            definition.exposesLastUpdate || isRepeated && family.exposesLastUpdate
        let limit = definition.seriesLimit ?? seriesLimit
        metrics[number].seriesLimit = isRepeated ? max(limit, metrics[number].seriesLimit) : limit
        metrics[number].expiresAfter = definition.expiresAfter
        metrics[number].permanent = []
        return number
    }

    private func addMetric(_ schema: MetricSchema) -> Int {
        let id = MetricSchemaID(nextSchemaID)
        nextSchemaID += 1
        pending.schemas.append((generation, MetricSchemaRecord(id: id, schema: schema)))
        return insert(Metric(id: id, schema: schema))
    }

    func insert(_ metric: Metric) -> Int {
        metrics.append(metric)
        metricOfSchema[metric.schema] = metrics.count - 1
        return metrics.count - 1
    }

    private func createDeclared(_ definition: MetricDefinition, metric: Int, now: WallTime) {
        if definition.schema.labelNames.isEmpty, definition.schema.kind != .gauge, metrics[metric].onlySeries == nil {
            _ = createSeries(metric: metric, labelValues: [], now: now)
        }
        for values in definition.declaredSeries {
            let values = values.map { Array(String(decoding: $0, as: UTF8.self).utf8) }
            if definition.expiresAfter != nil { metrics[metric].permanent.insert(values) }
            guard RawLabels.with(values, { index.find(metric: metric, labels: $0) }) == nil else { continue }
            _ = createSeries(metric: metric, labelValues: values, now: now)
        }
    }

    // MARK: Series

    /// Begins a series at zero, or unset; its label values must be UTF-8.
    func createSeries(metric: Int, labelValues: [[UInt8]], now: WallTime) -> Int {
        let schema = metrics[metric].schema
        let slot = cells.allocate(CellLayout.count(of: schema), generation: generation)
        if schema.kind == .gauge { cells.set(Int(slot.rawValue) + 1, .nan, generation: generation) }
        exemplars.forget(Int(slot.rawValue)..<Int(slot.rawValue) + CellLayout.count(of: schema))
        let record = SeriesRecord(slot: slot, schema: metrics[metric].id, labelValues: labelValues, created: now)
        pending.series.append((generation, record))
        noteRecordChange()
        return insert(record, metric: metric)
    }

    func insert(_ record: SeriesRecord, metric: Int) -> Int {
        let number = RawLabels.with(record.labelValues) { index.append(metric: metric, labels: $0) }
        if number < slots.count {
            slots[number] = Int(record.slot.rawValue)
        } else {
            slots.append(Int(record.slot.rawValue))
        }
        metrics[metric].numbers.append(number)
        metrics[metric].family.append(slot: record.slot, labelValues: record.labelValues, created: record.created)
        if record.labelValues.isEmpty { metrics[metric].onlySeries = number }
        if !Self.isOverflow(record.labelValues) { metrics[metric].seriesCount += 1 }
        return number
    }

    static func isOverflow(_ values: [[UInt8]]) -> Bool {
        !values.isEmpty && values.allSatisfy { $0 == overflowValue }
    }

    /// Forgets, with their values, the metrics that have not been defined since before an instant.
    public func purge(olderThan limit: WallTime) {
        let isKept = metrics.map { metric in
            metric.isDefined || metric.undefinedSince.map { $0 >= limit } ?? true
        }
        guard isKept.contains(false) else { return }
        let old = metrics
        let records = old.map { $0.family.records(schema: $0.id) }
        var renumbered: [Int: Int] = [:]
        (metrics, metricOfSchema, slots, index) = ([], [:], [], SeriesIndex())
        // Numbers change, so that the time without an update begins anew.
        activity.forgetAll()
        for (number, metric) in old.enumerated() {
            if isKept[number] {
                renumbered[number] = reinsert(metric, records[number])
            } else {
                pending.remove(metric.id, records[number], cellCount: CellLayout.count(of: metric.schema), generation)
            }
        }
        instruments = ContiguousArray(instruments.compactMap { renumbered[$0] })
        overflowMetric = renumbered[overflowMetric] ?? 0
        refusedMetric = renumbered[refusedMetric] ?? 0
        noteRecordChange()
    }

    private func reinsert(_ metric: Metric, _ records: [SeriesRecord]) -> Int {
        var metric = metric
        metric.family = MetricFamily(
            schema: metric.schema, help: metric.family.help, exposesLastUpdate: metric.family.exposesLastUpdate)
        (metric.seriesCount, metric.onlySeries, metric.numbers) = (0, nil, [])
        let number = insert(metric)
        for record in records { _ = insert(record, metric: number) }
        return number
    }

    // MARK: Seals

    /// Whether a seal now would give another snapshot than the last one did.
    public var hasUnsealedChanges: Bool { hasUnsealedRecords || cells.hasChanges(in: generation) }

    /// Whether a seal now would have changes for the ledger.
    public var hasUnconfirmedChanges: Bool { !pending.isEmpty || cells.hasChanges }

    /// Names everything that is not known to be durable, and freezes the values.
    public func seal() -> SealedMetrics {
        var changes = pending.changes
        changes.shards = cells.changedShards()
        let families =
            sortedFamilies ?? metrics.filter(\.isDefined).map(\.family).sorted { $0.schema.name < $1.schema.name }
        sortedFamilies = families
        let sealed = generation
        generation += 1
        hasUnsealedRecords = false
        return SealedMetrics(
            generation: sealed, changes: changes,
            snapshot: MetricSnapshot(families: families, shards: cells.shards, exemplars: exemplars.shards))
    }

    /// All schemas, series and shards, for a ledger that has to be written anew.
    public var contents: MetricChanges {
        var contents = MetricChanges()
        contents.schemas = metrics.map { MetricSchemaRecord(id: $0.id, schema: $0.schema) }
        contents.series = metrics.flatMap { $0.family.records(schema: $0.id) }
        contents.shards = cells.allShards()
        return contents
    }

    /// Notes that the changes of a seal, and with them those of all seals before, are durable. Cells of removed series may
    /// be given to new ones only from here on.
    public func confirm(_ generation: UInt64) {
        precondition(generation < self.generation, "BUG: a generation is confirmed before it is sealed")
        cells.confirm(generation)
        cells.release(pending.confirm(generation))
    }

    func noteRecordChange() {
        hasUnsealedRecords = true
        sortedFamilies = nil
    }
}

import SeriesModel

/// Schemas and series that came or went and are not known to be durable, each with the generation in which it did.
struct PendingRecords {
    private struct Removal {
        let generation: UInt64
        /// Nil when only some of its series go.
        let schema: MetricSchemaID?
        let cells: [Range<Int>]
    }

    var schemas: [(generation: UInt64, record: MetricSchemaRecord)] = []
    var series: [(generation: UInt64, record: SeriesRecord)] = []
    private var removals: [Removal] = []

    var isEmpty: Bool { schemas.isEmpty && series.isEmpty && removals.isEmpty }

    /// Notes that a metric goes with all its series. They may be in the ledger even when that is not confirmed yet, so that
    /// their removal is always told.
    mutating func remove(_ id: MetricSchemaID, _ records: [SeriesRecord], cellCount: Int, _ generation: UInt64) {
        schemas.removeAll { $0.record.id == id }
        series.removeAll { $0.record.schema == id }
        let cells = records.map { Int($0.slot.rawValue)..<Int($0.slot.rawValue) + cellCount }
        removals.append(Removal(generation: generation, schema: id, cells: cells))
    }

    /// Notes that some series of a metric go.
    mutating func remove(_ records: [SeriesRecord], cellCount: Int, _ generation: UInt64) {
        let slots = Set(records.map(\.slot))
        series.removeAll { slots.contains($0.record.slot) }
        let cells = records.map { Int($0.slot.rawValue)..<Int($0.slot.rawValue) + cellCount }
        removals.append(Removal(generation: generation, schema: nil, cells: cells))
    }

    /// All of it as rows of the ledger, without shards.
    var changes: MetricChanges {
        var changes = MetricChanges()
        changes.schemas = schemas.map(\.record)
        changes.series = series.map(\.record)
        changes.removedSchemas = removals.compactMap(\.schema)
        changes.removedSeries = removals.flatMap { $0.cells.map { SeriesSlot(UInt32($0.lowerBound)) } }
        return changes
    }

    /// Forgets what is durable; returns the cells that are free now.
    mutating func confirm(_ generation: UInt64) -> [Range<Int>] {
        schemas.removeAll { $0.generation <= generation }
        series.removeAll { $0.generation <= generation }
        let free = removals.filter { $0.generation <= generation }.flatMap(\.cells)
        removals.removeAll { $0.generation <= generation }
        return free
    }
}

public import SeriesModel

extension SeriesRegistry {
    /// A registry with the values that a ledger holds, bit for bit. Its metrics are shown once they are defined again.
    ///
    /// - Parameters:
    ///   - contents: all schemas, series and shards.
    ///   - seriesLimit: how many series a metric may have.
    /// - Throws: `metrics_inconsistent` when rows contradict each other.
    public convenience init(restoring contents: MetricChanges, seriesLimit: Int = 10_000) throws(RegistryError) {
        self.init(seriesLimit: seriesLimit)
        guard contents.removedSchemas.isEmpty, contents.removedSeries.isEmpty else {
            throw .inconsistent("a full set of values names removals")
        }
        try cells.load(contents.shards)
        let stored = Set(contents.shards.map { Int($0.index) })
        let numbers = try restoreSchemas(contents.schemas)
        var end = 0
        var occupied: [Range<Int>] = []
        for record in contents.series.sorted(by: { $0.slot < $1.slot }) {
            let start = Int(record.slot.rawValue)
            guard let metric = numbers[record.schema] else {
                throw .inconsistent("series at cell \(start) belongs to no known metric")
            }
            let range = start..<start + CellLayout.count(of: metrics[metric].schema)
            guard range.lowerBound >= end else { throw .inconsistent("two series share cell \(start)") }
            guard (range.lowerBound >> 8...(range.upperBound - 1) >> 8).allSatisfy(stored.contains) else {
                throw .inconsistent("the cells of the series at \(start) are in no shard")
            }
            try restore(record, metric: metric)
            occupied.append(range)
            end = range.upperBound
        }
        cells.occupy(occupied)
    }

    private func restoreSchemas(_ records: [MetricSchemaRecord]) throws(RegistryError) -> [MetricSchemaID: Int] {
        var numbers: [MetricSchemaID: Int] = [:]
        for record in records.sorted(by: { $0.id < $1.id }) {
            let name = record.schema.name
            do throws(RegistryError) { try record.schema.validate() } catch {
                throw .inconsistent("metric \(name) is not valid")
            }
            guard numbers[record.id] == nil, metricOfSchema[record.schema] == nil, record.id.rawValue < .max else {
                throw .inconsistent("metric \(name) is stored twice")
            }
            numbers[record.id] = insert(Metric(id: record.id, schema: record.schema))
            nextSchemaID = record.id.rawValue + 1
        }
        return numbers
    }

    private func restore(_ record: SeriesRecord, metric: Int) throws(RegistryError) {
        let schema = metrics[metric].schema
        guard record.labelValues.count == schema.labelNames.count else {
            throw .inconsistent("a series of \(schema.name) has \(record.labelValues.count) label values")
        }
        guard RawLabels.with(record.labelValues, { index.find(metric: metric, labels: $0) }) == nil else {
            throw .inconsistent("a series of \(schema.name) is stored twice")
        }
        let start = Int(record.slot.rawValue)
        let counts: Range<Int>
        switch schema.kind {
        case .gauge: counts = start..<start
        case .counter: counts = start..<start + 1
        case .histogram: counts = start..<start + schema.buckets.count
        }
        guard counts.allSatisfy({ cells[$0] >= 0 }) else {
            throw .inconsistent("a count of \(schema.name) is negative or no number")
        }
        _ = insert(record, metric: metric)
    }
}

extension MetricFamily {
    /// The family's series as the ledger keeps them.
    func records(schema id: MetricSchemaID) -> [SeriesRecord] {
        slots.indices.map { series in
            SeriesRecord(slot: slots[series], schema: id, labelValues: labelValues[series], created: created[series])
        }
    }
}

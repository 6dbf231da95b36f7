import LogModel
import SeriesModel

extension EpochChanges {
    /// What one commit must write when a commit of these changes failed and `newer` ones have come since: newer rows win,
    /// removals come before rows that are written again, losses add up (the newest 1,000 are kept).
    ///
    /// Both sides mean: first remove, then write; and so does the result.
    public func merging(_ newer: EpochChanges) -> EpochChanges {
        var result = EpochChanges()
        result.bootIdentifier = newer.bootIdentifier ?? bootIdentifier
        let goneStreams = Set(newer.removedStreams)
        let goneConsumers = Set(newer.droppedConsumers)
        result.removedStreams = union(removedStreams, newer.removedStreams)
        result.droppedConsumers = union(droppedConsumers, newer.droppedConsumers)
        result.streams = overlay(
            streams.filter { !goneStreams.contains($0.id) }, newer.streams, key: \.id)
        result.consumers = overlay(
            consumers.filter { !goneStreams.contains($0.stream) && !goneConsumers.contains($0.consumer) },
            newer.consumers, key: { CursorKey(consumer: $0.consumer, stream: $0.stream) })
        result.scanned = overlay(scanned, newer.scanned, key: \.source)
        result.notes = LineNoteChanges(
            written: notes.written.filter { !goneStreams.contains($0.id.stream) }, removed: notes.removed
        ).merging(newer.notes)
        result.losses = (losses + newer.losses).suffix(LedgerSchema.maximumLosses)
        result.metrics = metrics.merging(newer.metrics)
        return result
    }
}

extension MetricChanges {
    fileprivate func merging(_ newer: MetricChanges) -> MetricChanges {
        var result = MetricChanges()
        let goneSchemas = Set(newer.removedSchemas)
        let goneSeries = Set(newer.removedSeries)
        result.removedSchemas = union(removedSchemas, newer.removedSchemas)
        result.removedSeries = union(removedSeries, newer.removedSeries)
        result.schemas = overlay(schemas.filter { !goneSchemas.contains($0.id) }, newer.schemas, key: \.id)
        result.series = overlay(series.filter { !goneSeries.contains($0.slot) }, newer.series, key: \.slot)
        result.shards = overlay(shards, newer.shards, key: \.index)
        return result
    }
}

private struct CursorKey: Hashable {
    var consumer: ConsumerName
    var stream: StreamID
}

private func union<Element: Hashable>(_ older: [Element], _ newer: [Element]) -> [Element] {
    let known = Set(older)
    return older + newer.filter { !known.contains($0) }
}

/// The older rows without those that have a newer version, then the newer ones.
private func overlay<Row, Key: Hashable>(_ older: [Row], _ newer: [Row], key: (Row) -> Key) -> [Row] {
    let replaced = Set(newer.map(key))
    return older.filter { !replaced.contains(key($0)) } + newer
}

public import LogModel
import SeriesModel

extension SeriesRegistry {
    /// Notes what was updated since this was last called. To be called with every seal, whose distance is then how exactly the
    /// time without an update is known; it is never taken for longer than it was.
    public func noteUpdates(now: MonotonicTime) {
        guard activity.isKept else { return }
        var next: MonotonicTime?
        for number in metrics.indices where metrics[number].isDefined {
            guard let limit = metrics[number].expiresAfter else { continue }
            for series in metrics[number].numbers {
                let due = activity.lastUpdate(of: series, now: now).advanced(by: limit)
                next = min(next ?? due, due)
            }
        }
        activity.nextExpiry = next
    }

    /// Lets series go that were not updated for as long as their metric says: they leave the page and the ledger with the next
    /// seal. One that comes back begins at zero, created then.
    public func expire(now: MonotonicTime) {
        guard activity.isKept, activity.nextExpiry.map({ now >= $0 }) ?? true else { return }
        noteUpdates(now: now)
        for number in metrics.indices where metrics[number].isDefined && metrics[number].expiresAfter != nil {
            expire(metric: number, now: now)
        }
        noteUpdates(now: now)
    }

    private func expire(metric number: Int, now: MonotonicTime) {
        guard let limit = metrics[number].expiresAfter else { return }
        let metric = metrics[number]
        let records = metric.family.records(schema: metric.id)
        let isGone = zip(metric.numbers, records).map { series, record in
            guard now.since(activity.lastUpdate(of: series, now: now)) >= limit else { return false }
            let isPermanent =
                metric.permanent.contains(record.labelValues) || record.labelValues.isEmpty && metric.kind != .gauge
            // It is looked at again when it would be due next.
            if isPermanent { activity.touch(series) }
            return !isPermanent
        }
        guard isGone.contains(true) else { return }
        for (series, isGone) in zip(metric.numbers, isGone) where isGone {
            index.remove(series)
            activity.forget(series)
        }
        let gone = zip(records, isGone).filter(\.1).map(\.0)
        pending.remove(gone, cellCount: CellLayout.count(of: metric.schema), generation)
        keep(
            number, zip(records, isGone).filter { !$0.1 }.map(\.0),
            zip(metric.numbers, isGone).filter { !$0.1 }.map(\.0))
        noteRecordChange()
    }

    /// Leaves a metric only these of its series.
    private func keep(_ number: Int, _ records: [SeriesRecord], _ numbers: [Int]) {
        var family = MetricFamily(
            schema: metrics[number].schema, help: metrics[number].family.help,
            exposesLastUpdate: metrics[number].family.exposesLastUpdate)
        for record in records {
            family.append(slot: record.slot, labelValues: record.labelValues, created: record.created)
        }
        metrics[number].family = family
        metrics[number].numbers = ContiguousArray(numbers)
        metrics[number].seriesCount = records.count { !Self.isOverflow($0.labelValues) }
        if records.isEmpty { metrics[number].onlySeries = nil }
    }
}

public import LogModel
public import SeriesModel

/// SAFETY: all pointers are those of the arguments and of the buffer's arrays, used within one call.
extension SeriesRegistry {
    /// Applies all updates of a batch in their order.
    ///
    /// Updates that a metric cannot take are counted in `outrider_series_updates_refused_total`.
    ///
    /// - Parameters:
    ///   - buffer: its instruments are those of the current definitions.
    ///   - bytes: the batch that its label ranges refer to.
    ///   - batch: the lines that the updates are of, by which counts are known to be theirs; nil when they are of none.
    ///   - now: the time of the update.
    public func apply(
        _ buffer: MatchBuffer, bytes: UnsafeRawBufferPointer, of batch: LineBatch? = nil, now: WallTime
    ) {
        guard buffer.count > 0 else { return }
        let constants = buffer.constants
        let labels = buffer.labels
        constants.withUnsafeBytes { constants in
            labels.withUnsafeBufferPointer { labels in
                applyAll(
                    buffer, bytes: bytes, constants: constants, labels: labels,
                    isOfLines: exemplars.isKept && batch != nil, now: now)
            }
        }
        if exemplars.isKept, let batch { settle(buffer, of: batch, now) }
    }

    private func applyAll(
        _ buffer: MatchBuffer, bytes: UnsafeRawBufferPointer, constants: UnsafeRawBufferPointer,
        labels: UnsafeBufferPointer<MatchBuffer.LabelRange>, isOfLines: Bool, now: WallTime
    ) {
        let updates = buffer.updates
        for number in updates.indices {
            let update = updates[number]
            let instrument = Int(update.instrument)
            precondition(instrument < instruments.count, "BUG: an update names an instrument that is not defined")
            let metric = instruments[instrument]
            let (operation, value) = (update.operation, update.value)
            if let reason = refusal(of: operation, value, kind: metrics[metric].kind) {
                refuse(metric: metric, reason: reason, now: now)
                continue
            }
            let start = Int(update.labelStart)
            let count = metrics[metric].labelCount
            precondition(start + count <= labels.count, "BUG: an update has fewer labels than its instrument")
            let raw = RawLabels(
                bytes: bytes, constants: constants,
                ranges: UnsafeBufferPointer(rebasing: labels[start..<start + count]))
            let series = resolve(metric: metric, labels: raw, now: now)
            let cell = write(series, metric: metric, operation: operation, value: value, now: now)
            if isOfLines, cell >= 0 { exemplars.touch(cell, update: number) }
        }
    }

    /// Keeps which lines the cells counted last.
    private func settle(_ buffer: MatchBuffer, of batch: LineBatch, _ now: WallTime) {
        exemplars.settle { number in
            let update = buffer.updates[number]
            guard Int(update.line) < batch.lineCount else { return nil }
            let position = batch.position(of: Int(update.line))
            return Exemplar(offset: position.offset, value: update.value, time: now, stream: position.stream)
        }
    }

    /// The series of an update: one that exists, a new one, or the overflow series.
    @inline(__always)
    private func resolve(metric: Int, labels: RawLabels, now: WallTime) -> Int {
        if labels.count == 0, let only = metrics[metric].onlySeries { return only }
        return index.find(metric: metric, labels: labels) ?? resolveUnknown(metric: metric, labels: labels, now: now)
    }

    private func resolveUnknown(metric: Int, labels: RawLabels, now: WallTime) -> Int {
        // Values that differ only in bytes that are not UTF-8 would look the same on the page: they are one series.
        let repaired = labels.repaired()
        if let repaired, let known = RawLabels.with(repaired, { index.find(metric: metric, labels: $0) }) {
            return known
        }
        guard labels.count > 0, metrics[metric].seriesCount >= metrics[metric].seriesLimit else {
            return createSeries(metric: metric, labelValues: repaired ?? labels.copied(), now: now)
        }
        increment(metric: overflowMetric, [Array(metrics[metric].schema.name.utf8)], now: now)
        return series(metric: metric, [[UInt8]](repeating: Self.overflowValue, count: labels.count), now: now)
    }

    private func refusal(of operation: MatchBuffer.Operation, _ value: Double, kind: MetricKind) -> StaticString? {
        guard value.isFinite else { return "not_finite" }
        switch (kind, operation) {
        case (.counter, .add): return value < 0 ? "negative" : nil
        case (.gauge, .add), (.gauge, .subtract), (.gauge, .set), (.gauge, .minimum), (.gauge, .maximum): return nil
        case (.histogram, .observe): return nil
        default: return "operation"
        }
    }

    private func refuse(metric: Int, reason: StaticString, now: WallTime) {
        let values = [Array(metrics[metric].schema.name.utf8), Array("\(reason)".utf8)]
        increment(metric: refusedMetric, values, now: now)
    }

    private func increment(metric: Int, _ labelValues: [[UInt8]], now: WallTime) {
        let series = series(metric: metric, labelValues, now: now)
        write(series, metric: metric, operation: .add, value: 1, now: now)
    }

    /// The series with these values, which need no cap.
    private func series(metric: Int, _ labelValues: [[UInt8]], now: WallTime) -> Int {
        RawLabels.with(labelValues) { index.find(metric: metric, labels: $0) }
            ?? createSeries(metric: metric, labelValues: labelValues, now: now)
    }

    /// Returns the cell of the count that grew; negative for a gauge.
    @discardableResult
    private func write(
        _ series: Int, metric: Int, operation: MatchBuffer.Operation, value: Double, now: WallTime
    ) -> Int {
        let slot = slots[series]
        if activity.isKept { activity.touch(series) }
        switch metrics[metric].kind {
        case .counter:
            cells.add(value, at: slot, generation: generation)
            return slot
        case .gauge:
            let old = cells[slot + 1].isNaN ? nil : cells[slot]
            cells.set(slot, combine(old, operation, value), generation: generation)
            cells.set(slot + 1, now.seconds, generation: generation)
            return -1
        case .histogram: return observe(value, metric: metric, slot: slot)
        }
    }

    private func combine(_ old: Double?, _ operation: MatchBuffer.Operation, _ value: Double) -> Double {
        switch operation {
        case .add: (old ?? 0) + value
        case .subtract: (old ?? 0) - value
        case .minimum: min(old ?? value, value)
        case .maximum: max(old ?? value, value)
        case .set, .observe: value
        }
    }

    /// Returns the cell of the bucket; that of all observations where no bound is as high.
    private func observe(_ value: Double, metric: Int, slot: Int) -> Int {
        let (bucket, bucketCount) = metrics[metric].bucket(of: value)
        if bucket < bucketCount { cells.set(slot + bucket, cells[slot + bucket] + 1, generation: generation) }
        cells.add(value, at: slot + bucketCount, generation: generation)
        let count = slot + bucketCount + 2
        cells.set(count, cells[count] + 1, generation: generation)
        return bucket < bucketCount ? slot + bucket : count
    }
}

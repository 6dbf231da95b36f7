import SeriesStore

/// What one look at a page has to append, collected before anything is: zeros come before everything else.
struct TickSamples {
    /// A counter that has begun to count since the last look.
    struct Beginning {
        var reference: SeriesReference
        /// The youngest sample of its labels, from an earlier life.
        var last: Int64?
    }

    var beginnings: [Beginning] = []
    var samples: ContiguousArray<(reference: SeriesReference, value: Double)> = []
    var ended: [SeriesReference] = []

    mutating func removeAll() {
        beginnings.removeAll(keepingCapacity: true)
        samples.removeAll(keepingCapacity: true)
        ended.removeAll(keepingCapacity: true)
    }

    /// One step before its first value a counter was 0, whether or not anybody looked. Where the labels have a sample there
    /// already, the zero follows it at once: what went before was another count.
    func append(to store: SeriesStore, at timestamp: Int64, step: Int64, stale: Double) {
        for beginning in beginnings {
            let zero = max(timestamp - step, beginning.last.map { $0 + 1 } ?? .min)
            if zero < timestamp { store.append(0, at: zero, to: beginning.reference) }
        }
        for sample in samples { store.append(sample.value, at: timestamp, to: sample.reference) }
        for reference in ended { store.append(stale, at: timestamp, to: reference) }
    }
}

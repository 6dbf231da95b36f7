public import QueryModel

/// A store as it was at one moment.
public struct StoreView: SeriesQueryable, Sendable {
    let series: [SeriesStore.Series]
    let index: LabelIndex

    /// The series that fulfil all matchers and have samples from `start` to `end`; see `SeriesQueryable`.
    public func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
        numbers(matchers, from: start, through: end).compactMap { samples(of: $0, from: start, through: end) }
            .sorted { $0.labels < $1.labels }
    }

    private func numbers(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [Int] {
        index.candidates(matchers).filter { number in
            let series = series[number]
            return matchers.allSatisfy { $0.matches(series.labels) }
                && series.chunks.contains { $0.overlaps(start, end) }
        }
    }

    private func samples(of number: Int, from start: Int64, through end: Int64) -> SelectedSeries? {
        var timestamps: [Int64] = []
        var values: [Double] = []
        for chunk in series[number].chunks where chunk.overlaps(start, end) {
            timestamps.reserveCapacity(timestamps.count + chunk.count)
            values.reserveCapacity(values.count + chunk.count)
            chunk.decode(into: &timestamps, &values)
        }
        let first = timestamps.firstIndex { $0 >= start } ?? timestamps.count
        let last = timestamps.lastIndex { $0 <= end }.map { $0 + 1 } ?? 0
        guard first < last else { return nil }
        return SelectedSeries(
            labels: series[number].labels, timestamps: Array(timestamps[first..<last]),
            values: Array(values[first..<last]))
    }

    /// The labels of the series that fulfil all of one of the lists of matchers, and have samples in a range; in their order.
    public func labels(matching lists: [[LabelMatcher]], from start: Int64, through end: Int64) -> [LabelSet] {
        var found: Set<Int> = []
        for matchers in lists { found.formUnion(numbers(matchers, from: start, through: end)) }
        return found.map { series[$0].labels }.sorted()
    }

    /// The names of all labels, in their order.
    public var labelNames: [ByteString] { index.names }

    /// The values of a label, in their order.
    public func values(of name: ByteString) -> [ByteString] { index.values(of: name) }
}

extension SeriesStore.Series {
    /// Oldest first.
    var chunks: [SampleChunk] { open.count > 0 ? closed + [open] : closed }
}

extension SampleChunk {
    func overlaps(_ start: Int64, _ end: Int64) -> Bool { self.start <= end && self.end >= start }
}

public import QueryModel

/// A store as it was at one moment.
public struct StoreView: SeriesQueryable, Sendable {
    let series: [SeriesStore.Series]
    let index: LabelIndex

    /// The series that fulfil all matchers and have samples from `start` to `end`; see `SeriesQueryable`.
    public func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
        let numbers = index.inOrder(numbers(matchers)) { series[$0].labels }
        var reader = RangeReader(from: start, through: end)
        var selected: [SelectedSeries] = []
        selected.reserveCapacity(numbers.count)
        for number in numbers {
            if let samples = reader.samples(of: number, in: series) { selected.append(samples) }
        }
        return selected
    }

    private func numbers(_ matchers: [LabelMatcher]) -> [Int] { index.numbers(matchers) { series[$0].labels } }

    /// The labels of the series that fulfil all of one of the lists of matchers, and have samples in a range; in their order.
    public func labels(matching lists: [[LabelMatcher]], from start: Int64, through end: Int64) -> [LabelSet] {
        var found: Set<Int> = []
        for matchers in lists {
            found.formUnion(numbers(matchers).filter { series[$0].hasChunk(from: start, through: end) })
        }
        return found.map { series[$0].labels }.sorted()
    }

    /// How many chunks there are.
    public var chunkCount: Int { series.reduce(0) { $0 + $1.closed.count + ($1.open.count > 0 ? 1 : 0) } }

    /// The names of all labels, in their order.
    public var labelNames: [ByteString] { index.names }

    /// The values of a label, in their order.
    public func values(of name: ByteString) -> [ByteString] { index.values(of: name) }
}

extension SeriesStore.Series {
    /// Whether a chunk reaches into a range.
    fileprivate func hasChunk(from start: Int64, through end: Int64) -> Bool {
        (open.count > 0 && open.overlaps(start, end)) || closed.contains { $0.overlaps(start, end) }
    }
}

public import QueryModel

extension StoreView: SeriesCatalogue {
    /// The labels of the series that have samples in a range; see `SeriesCatalogue`.
    public func series(matching lists: [[LabelMatcher]], from start: Int64, through end: Int64) -> [LabelSet] {
        labels(matching: lists.isEmpty ? [[]] : lists, from: start, through: end)
    }
}

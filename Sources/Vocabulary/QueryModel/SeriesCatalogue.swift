/// Which series there are: all that listings know of storage.
///
/// Each list of matchers selects series that fulfil all of it, and several lists select what any of them does; no list at all
/// means every series. Only what has samples from `start` to `end` counts (milliseconds, both included).
public protocol SeriesCatalogue {
    /// The labels of the series, in their order.
    func series(
        matching lists: [[LabelMatcher]], from start: Int64, through end: Int64
    ) throws -> [LabelSet]

    /// The names that labels of these series have, in their order.
    func labelNames(
        matching lists: [[LabelMatcher]], from start: Int64, through end: Int64
    ) throws -> [ByteString]

    /// The values that a label of these series has, in their order.
    func labelValues(
        of name: ByteString, matching lists: [[LabelMatcher]], from start: Int64, through end: Int64
    ) throws -> [ByteString]
}

extension SeriesCatalogue {
    /// Goes through the series.
    public func labelNames(
        matching lists: [[LabelMatcher]], from start: Int64, through end: Int64
    ) throws -> [ByteString] {
        var names: Set<ByteString> = []
        for labels in try series(matching: lists, from: start, through: end) {
            names.formUnion(labels.labels.map(\.name))
        }
        return names.sorted()
    }

    /// Goes through the series.
    public func labelValues(
        of name: ByteString, matching lists: [[LabelMatcher]], from start: Int64, through end: Int64
    ) throws -> [ByteString] {
        var values: Set<ByteString> = []
        for labels in try series(matching: lists, from: start, through: end) { values.insert(labels[name]) }
        return values.subtracting([.empty]).sorted()
    }
}

/// A label: a name with its value.
public struct Label: Hashable, Sendable {
    /// The name, such as `job`; `__name__` for the name of the metric.
    public let name: ByteString
    /// Never empty in a `LabelSet`.
    public let value: ByteString
    /// A label with these texts.
    @inlinable
    public init(name: ByteString, value: ByteString) {
        self.name = name
        self.value = value
    }
}

extension ByteString {
    /// The label that holds the name of the metric.
    public static let metricName: ByteString = "__name__"
    /// The label that holds the upper bound of a bucket of a classic histogram.
    public static let bucketBound: ByteString = "le"
}

/// What names a series: labels in the order of their names, none twice, none empty.
public struct LabelSet: Hashable, Sendable {
    /// In the order of their names.
    public let labels: [Label]

    /// No labels.
    public static let empty = LabelSet(sorted: [])

    /// A set of labels that are known to be in order, without empty values and duplicates.
    @inlinable
    public init(sorted labels: [Label]) { self.labels = labels }

    /// The set of any labels: of those with the same name the last one counts, and empty values mean no label.
    public init(_ labels: some Sequence<Label>) {
        var latest: [Label] = []
        for label in labels.sorted(by: { $0.name < $1.name }) {
            if latest.last?.name == label.name { latest.removeLast() }
            latest.append(label)
        }
        self.labels = latest.filter { !$0.value.isEmpty }
    }

    /// The value of a label; empty when there is no such label.
    @inlinable
    public subscript(name: ByteString) -> ByteString {
        for label in labels where label.name == name { return label.value }
        return .empty
    }

    /// The name of the metric; empty when it has none.
    @inlinable public var metricName: ByteString { self[.metricName] }

    /// The labels whose names are in `names`, which is a short list.
    public func keeping(_ names: [ByteString]) -> LabelSet {
        LabelSet(sorted: labels.filter { names.contains($0.name) })
    }

    /// The labels whose names are not in `names`, which is a short list.
    public func removing(_ names: [ByteString]) -> LabelSet {
        LabelSet(sorted: labels.filter { !names.contains($0.name) })
    }

    /// All but the name of the metric.
    public var withoutMetricName: LabelSet {
        guard let index = labels.firstIndex(where: { $0.name == .metricName }) else { return self }
        var rest = labels
        rest.remove(at: index)
        return LabelSet(sorted: rest)
    }

    /// The set with this label added or replaced; removed where `value` is empty.
    public func setting(_ name: ByteString, to value: ByteString) -> LabelSet {
        var changed = labels.filter { $0.name != name }
        if !value.isEmpty {
            let place = changed.firstIndex { name < $0.name } ?? changed.endIndex
            changed.insert(Label(name: name, value: value), at: place)
        }
        return LabelSet(sorted: changed)
    }

    // Name after name and value after value, as if they were one text; ends are what `Array.hash` adds.
    /// Equal sets have equal hashes.
    public func hash(into hasher: inout Hasher) {
        for label in labels {
            label.name.bytes.hash(into: &hasher)
            label.value.bytes.hash(into: &hasher)
        }
    }
}

extension LabelSet: Comparable {
    /// Label by label: by name, then by value; a set that ends first comes first. The order of results in Prometheus.
    public static func < (left: LabelSet, right: LabelSet) -> Bool {
        for (first, second) in zip(left.labels, right.labels) {
            if first.name != second.name { return first.name < second.name }
            if first.value != second.value { return first.value < second.value }
        }
        return left.labels.count < right.labels.count
    }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
    /// A set of literals.
    public init(dictionaryLiteral elements: (ByteString, ByteString)...) {
        self.init(elements.map { Label(name: $0.0, value: $0.1) })
    }
}

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

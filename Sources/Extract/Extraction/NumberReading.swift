/// The base unit that a metric is kept in. Values may then carry a unit of the same dimension, and are converted.
public enum ValueUnit: String, Sendable, CaseIterable {
    /// `ns`, `us`, `µs`, `ms`, `s`, `sec`, `m`, `min`, `h`, `d`, and sequences such as `1h30m`.
    case seconds
    /// `B`, `kB`, `MB`, `GB`, `TB`, `PB` (powers of 1000) and `KiB` to `PiB` (of 1024).
    case bytes
    /// `%` for hundredths.
    case ratio
}

/// How the text of a capture becomes the number that reaches the metric.
public struct NumberReading: Hashable, Sendable {
    /// The unit of the metric; nil when values are bare numbers.
    public var unit: ValueUnit?
    /// What every number is multiplied by.
    public var scale: Double
    /// Whether `1,234.5` is read as 1234.5: commas between groups of three digits before the point.
    public var allowsGroups: Bool
    /// Bare numbers, as they are, unless something else is given.
    public init(unit: ValueUnit? = nil, scale: Double = 1, allowsGroups: Bool = false) {
        self.unit = unit
        self.scale = scale
        self.allowsGroups = allowsGroups
    }

    /// Whether a text is read as a bare number and nothing else.
    var isPlain: Bool { unit == nil && scale == 1 && !allowsGroups }
}

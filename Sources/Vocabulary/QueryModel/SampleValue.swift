/// The meanings of values in a column of samples that are no measurements.
///
/// A column is plain doubles. What is no float is a signalling NaN that no arithmetic yields: Prometheus's staleness marker,
/// and a mark for native histograms, which are carried as placeholders: they are known to be there, and have no content yet.
public enum SampleValue {
    /// The bits that Prometheus writes where a series ends (model/value/value.go).
    public static let staleBits: UInt64 = 0x7ff0_0000_0000_0002
    /// The bits of the NaN that Go yields, and with it Prometheus for every `NaN` in text.
    public static let nanBits: UInt64 = 0x7ff8_0000_0000_0001
    /// The mark of a native histogram; the low 32 bits are left for its place in a table.
    public static let histogramBits: UInt64 = 0x7ff4_0000_0000_0000

    /// The staleness marker as a double.
    public static let stale = Double(bitPattern: staleBits)
    /// The NaN that a measurement can be.
    public static let nan = Double(bitPattern: nanBits)
    /// The placeholder of a native histogram.
    public static let histogram = Double(bitPattern: histogramBits)

    /// Whether this is the staleness marker.
    @inlinable
    public static func isStale(_ value: Double) -> Bool { value.bitPattern == staleBits }

    /// Whether this is the placeholder of a native histogram.
    @inlinable
    public static func isHistogram(_ value: Double) -> Bool {
        value.bitPattern & 0xffff_ffff_0000_0000 == histogramBits
    }
}

/// What extraction found in one batch, in storage that is reused from batch to batch.
///
/// Extraction fills it, the registry applies it whole in one call. Label values are ranges of the batch's bytes, so no text
/// is copied until a series is new.
public struct MatchBuffer {
    /// What to do with a value. The kind of the metric decides which are legal: counters add, gauges do all.
    public enum Operation: UInt8, Sendable {
        case add
        case subtract
        case set
        case minimum
        case maximum
        case observe
    }

    /// A range of the batch's bytes, or of `constants` where `isConstant`.
    public struct LabelRange: Hashable, Sendable {
        /// The offset of the first byte.
        public var start: UInt32
        /// The number of bytes.
        public var length: UInt32
        /// Whether the bytes are those of the configuration.
        public var isConstant: Bool

        /// A range with these bounds.
        @inlinable
        public init(start: UInt32, length: UInt32, isConstant: Bool = false) {
            self.start = start
            self.length = length
            self.isConstant = isConstant
        }
    }

    /// A value on its way to a metric.
    public struct Update: Hashable, Sendable {
        /// Always finite.
        public var value: Double
        /// The metric, as the index in the registry's table of instruments.
        public var instrument: UInt32
        /// The line in the batch; the last one where an update sums up several lines.
        public var line: UInt32
        /// The index of its first label in `labels`; the number of labels is the instrument's.
        public var labelStart: UInt32
        /// What to do with the value.
        public var operation: Operation

        @inlinable
        init(value: Double, instrument: UInt32, line: UInt32, labelStart: UInt32, operation: Operation) {
            self.value = value
            self.instrument = instrument
            self.line = line
            self.labelStart = labelStart
            self.operation = operation
        }
    }

    // The storage is usable from inlined code, so that appending from another module compiles to plain stores.
    @usableFromInline var updateStorage: ContiguousArray<Update> = []
    @usableFromInline var labelStorage: ContiguousArray<LabelRange> = []
    @usableFromInline var constantStorage: ContiguousArray<UInt8> = []
    private var constantCount = 0

    /// An empty buffer without constants.
    public init() {}

    /// In the order in which they are to be applied.
    @inlinable public var updates: ContiguousArray<Update> { updateStorage }
    /// The label values of all updates, one behind the other.
    @inlinable public var labels: ContiguousArray<LabelRange> { labelStorage }
    /// The bytes of label values that stand in the configuration.
    @inlinable public var constants: ContiguousArray<UInt8> { constantStorage }

    /// The number of updates.
    @inlinable public var count: Int { updateStorage.count }

    /// Forgets all updates and texts, and keeps the storage and the constants.
    public mutating func removeAll() {
        constantStorage.removeLast(constantStorage.count - constantCount)
        updateStorage.removeAll(keepingCapacity: true)
        labelStorage.removeAll(keepingCapacity: true)
    }

    /// Adds bytes that label ranges with `isConstant` refer to; they stay across `removeAll`.
    public mutating func addConstant(_ bytes: some Sequence<UInt8>) -> LabelRange {
        let start = constantStorage.count
        constantStorage.append(contentsOf: bytes)
        constantCount = constantStorage.count
        return LabelRange(start: UInt32(start), length: UInt32(constantStorage.count - start), isConstant: true)
    }

    /// Adds bytes of a label's value that stand neither in the batch nor in the configuration, up to the next `removeAll`.
    public mutating func appendText(_ bytes: some Sequence<UInt8>) -> LabelRange {
        let start = constantStorage.count
        constantStorage.append(contentsOf: bytes)
        return LabelRange(start: UInt32(start), length: UInt32(constantStorage.count - start), isConstant: true)
    }

    /// Appends an update; its labels must then be appended in the order of the instrument's label names.
    @inlinable @inline(__always)
    public mutating func append(instrument: UInt32, operation: Operation, value: Double, line: UInt32) {
        updateStorage.append(
            Update(
                value: value, instrument: instrument, line: line,
                labelStart: UInt32(truncatingIfNeeded: labelStorage.count), operation: operation))
    }

    /// Appends the next label value of the update that was appended last.
    @inlinable @inline(__always)
    public mutating func appendLabel(_ range: LabelRange) { labelStorage.append(range) }
}

/// What extraction found in one batch, as a structure of arrays that is reused from batch to batch.
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
        public var start: UInt32
        public var length: UInt32
        public var isConstant: Bool
        @inlinable
        public init(start: UInt32, length: UInt32, isConstant: Bool = false) {
            self.start = start
            self.length = length
            self.isConstant = isConstant
        }
    }

    /// Per update: the metric, as the index in the registry's table of instruments.
    public private(set) var instruments: ContiguousArray<UInt32> = []
    public private(set) var operations: ContiguousArray<Operation> = []
    public private(set) var values: ContiguousArray<Double> = []
    /// Per update: the line in the batch.
    public private(set) var lines: ContiguousArray<UInt32> = []
    /// Per update: the index of its first label in `labels`; the number of labels is the instrument's.
    public private(set) var labelStarts: ContiguousArray<UInt32> = []
    public private(set) var labels: ContiguousArray<LabelRange> = []
    /// The bytes of label values that stand in the configuration.
    public private(set) var constants: ContiguousArray<UInt8> = []

    public init() {}

    public var count: Int { values.count }

    /// Forgets all updates and keeps the storage.
    public mutating func removeAll() {
        instruments.removeAll(keepingCapacity: true)
        operations.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        labelStarts.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
    }

    /// Adds bytes that label ranges with `isConstant` refer to; they stay across `removeAll`.
    public mutating func addConstant(_ bytes: some Sequence<UInt8>) -> LabelRange {
        let start = constants.count
        constants.append(contentsOf: bytes)
        return LabelRange(start: UInt32(start), length: UInt32(constants.count - start), isConstant: true)
    }

    /// Appends an update; its labels must then be appended in the order of the instrument's label names.
    @inline(__always)
    public mutating func append(instrument: UInt32, operation: Operation, value: Double, line: UInt32) {
        instruments.append(instrument)
        operations.append(operation)
        values.append(value)
        lines.append(line)
        labelStarts.append(UInt32(truncatingIfNeeded: labels.count))
    }

    @inline(__always)
    public mutating func appendLabel(_ range: LabelRange) { labels.append(range) }
}

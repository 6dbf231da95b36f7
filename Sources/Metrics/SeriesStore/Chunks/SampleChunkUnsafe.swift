/// Samples of one series, compressed as in Facebook's Gorilla and in Prometheus: times as differences of differences, values
/// as what their bits differ in from the ones before. Samples at a steady interval with values that stay cost two bits each.
///
/// SAFETY: the only pointers are those of the closures that read `bytes`.
struct SampleChunk: CompressedSamples, Sendable {
    /// More make the oldest ones live longer than they need to, fewer cost more memory around them.
    static let maximumCount = 240
    /// What it costs to say which bits of a difference are not zero.
    private static let windowBits = 11

    /// Milliseconds since 1970 of the first sample and of the last one.
    private(set) var start: Int64 = 0
    private(set) var end: Int64 = 0
    private(set) var count = 0
    private var writer = BitWriter()
    /// What the next sample is compared with.
    private var delta: Int64 = 0
    private var value: UInt64 = 0
    private var leading: UInt8 = .max
    private var trailing: UInt8 = 0

    init() {}

    var bytes: [UInt8] { writer.bytes }
    /// Bytes of samples.
    var byteCount: Int { writer.bytes.count }
    /// Bytes of memory for samples.
    var allocated: Int { writer.bytes.capacity }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try writer.bytes.withUnsafeBufferPointer(body)
    }

    /// Adds a sample that is younger than the last one.
    mutating func append(_ timestamp: Int64, _ sample: Double) {
        precondition(count == 0 || timestamp > end, "BUG: samples come in the order of time")
        let bits = sample.bitPattern
        if count == 0 {
            start = timestamp
            writer.append(UInt64(bitPattern: timestamp), count: 64)
            writer.append(bits, count: 64)
        } else {
            let next = timestamp &- end
            appendTime(next &- delta)
            appendValue(bits)
            delta = next
        }
        end = timestamp
        value = bits
        count += 1
    }

    /// A prefix code says how many bits the difference has.
    private mutating func appendTime(_ difference: Int64) {
        if difference == 0 { return writer.append(0, count: 1) }
        for (index, width) in TimeCode.widths.enumerated() where TimeCode.fits(difference, width) {
            writer.append(TimeCode.prefix(index), count: index + 2)
            return writer.append(UInt64(bitPattern: difference) & ((1 << UInt64(width)) - 1), count: width)
        }
        writer.append(TimeCode.prefix(TimeCode.widths.count), count: TimeCode.widths.count + 1)
        writer.append(UInt64(bitPattern: difference), count: 64)
    }

    private mutating func appendValue(_ bits: UInt64) {
        let difference = bits ^ value
        if difference == 0 { return writer.append(0, count: 1) }
        writer.append(1, count: 1)
        let (zerosBefore, zerosBehind) = (
            UInt8(min(difference.leadingZeroBitCount, 31)), UInt8(difference.trailingZeroBitCount)
        )
        let length = 64 - Int(zerosBefore) - Int(zerosBehind)
        if leading != .max, zerosBefore >= leading, zerosBehind >= trailing {
            let known = 64 - Int(leading) - Int(trailing)
            // A window that is much too wide costs more than to say another one.
            if known - length <= Self.windowBits {
                writer.append(0, count: 1)
                return writer.append(difference >> UInt64(trailing), count: known)
            }
        }
        (leading, trailing) = (zerosBefore, zerosBehind)
        writer.append(1, count: 1)
        writer.append(UInt64(leading), count: 5)
        // 64 does not fit, and 0 cannot be.
        writer.append(UInt64(length & 63), count: 6)
        writer.append(difference >> UInt64(trailing), count: length)
    }
}

/// How many bits the second difference of a time has.
enum TimeCode {
    static let widths = [14, 17, 20]
    /// Of the code for all 64 bits; it has no zero at its end.
    static let longestPrefix = 4

    /// How many bits stand behind so many ones and a zero.
    @inline(__always)
    static func width(_ ones: Int) -> Int { 11 + 3 * ones }

    static func fits(_ difference: Int64, _ width: Int) -> Bool {
        -(1 << Int64(width - 1)) < difference && difference <= 1 << Int64(width - 1)
    }

    /// `index` + 1 ones, and a zero but for the last code.
    static func prefix(_ index: Int) -> UInt64 {
        index < widths.count ? (1 << UInt64(index + 2)) - 2 : (1 << UInt64(index + 1)) - 1
    }

    /// The difference that `width` bits stand for: the highest value but one half is negative.
    static func difference(_ bits: UInt64, _ width: Int) -> Int64 {
        let number = Int64(bits)
        return number > 1 << Int64(width - 1) ? number - 1 << Int64(width) : number
    }
}

/// Reads the samples of a chunk, oldest first; ends early where bytes are missing.
struct SampleDecoder {
    private var reader: BitReader
    private let count: Int
    private var read = 0
    private var timestamp: Int64 = 0
    private var delta: Int64 = 0
    private var value: UInt64 = 0
    private var leading: UInt64 = 0
    private var trailing: UInt64 = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) {
        reader = BitReader(bytes)
        self.count = count
    }

    @inline(__always)
    mutating func next() -> (Int64, Double)? {
        guard read < count else { return nil }
        if read == 0 {
            guard let first = reader.read(64), let bits = reader.read(64) else { return nil }
            (timestamp, value) = (Int64(bitPattern: first), bits)
        } else {
            guard let difference = time(), readValue() else { return nil }
            delta &+= difference
            timestamp &+= delta
        }
        read += 1
        return (timestamp, Double(bitPattern: value))
    }

    @inline(__always)
    private mutating func time() -> Int64? {
        let ones = (~reader.peek()).leadingZeroBitCount
        if ones == 0 { return reader.skip(1) ? 0 : nil }
        return wideTime(min(ones, TimeCode.longestPrefix))
    }

    private mutating func wideTime(_ ones: Int) -> Int64? {
        guard ones < TimeCode.longestPrefix else {
            return reader.skip(ones) ? reader.read(64).map { Int64(bitPattern: $0) } : nil
        }
        let width = TimeCode.width(ones)
        return reader.skip(ones + 1) ? reader.read(width).map { TimeCode.difference($0, width) } : nil
    }

    @inline(__always)
    private mutating func readValue() -> Bool {
        let bits = reader.peek()
        if bits >> 63 == 0 { return reader.skip(1) }
        if bits >> 62 == 0b11 {
            // Five bits for the zeros before, six for the length.
            leading = (bits >> 57) & 0x1f
            let length = (bits >> 51) & 0x3f
            let significant = length == 0 ? 64 : length
            guard leading + significant <= 64, reader.skip(13) else { return false }
            trailing = 64 - leading - significant
        } else if !reader.skip(2) {
            return false
        }
        guard let difference = reader.read(Int(64 - leading - trailing)) else { return false }
        value ^= difference &<< trailing
        return true
    }
}

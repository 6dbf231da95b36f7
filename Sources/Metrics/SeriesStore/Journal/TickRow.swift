/// The samples of one moment, packed to be stored until the chunks that they belong to are closed.
///
/// A row is a list of steps. Each begins with a varint: `n << 2 | kind`.
///
///     0 jump       the next series is that whose number is higher by n (zigzag) than the one that would be next
///     1 unchanged  n series with successive numbers, whose values are those before
///     2 changed    n series with successive numbers; for each a difference to the bits of the value before
///     3 first      the same, where a chunk of the series begins: the difference to 0
///
/// A difference is a byte, zero bytes in front << 4 | bytes that are stored, and those bytes, the highest first; the bytes
/// behind them are zero. The value before is that of the same series and chunk in an earlier row.
enum TickRow {
    enum Kind: UInt64 { case jump, unchanged, changed, first }

    /// A sample as a row has it.
    struct Entry: Equatable {
        var serial: Int64
        /// What to combine with the bits before.
        var difference: UInt64
        var isFirst: Bool
    }

    /// Series that one step may have, so that damaged bytes cannot make a reader work for ever.
    static let maximumRun: UInt64 = 1 << 24
}

struct TickRowWriter {
    private(set) var bytes: [UInt8] = []
    private var next: Int64 = 0
    private var kind = TickRow.Kind.unchanged
    private var count: UInt64 = 0
    private var payload: [UInt8] = []

    /// `before`: the bits of the value before in the same chunk; nil for the first one.
    mutating func append(_ serial: Int64, _ bits: UInt64, after before: UInt64?) {
        let difference = bits ^ (before ?? 0)
        let kind: TickRow.Kind = before == nil ? .first : difference == 0 ? .unchanged : .changed
        if serial != next || kind != self.kind || count == TickRow.maximumRun {
            endRun()
            self.kind = kind
        }
        if serial != next { jump(to: serial) }
        count += 1
        next = serial + 1
        guard kind != .unchanged else { return }
        let leading = difference == 0 ? 0 : difference.leadingZeroBitCount / 8
        let trailing = difference == 0 ? 8 : difference.trailingZeroBitCount / 8
        payload.append(UInt8(leading << 4 | 8 - leading - trailing))
        for place in stride(from: 7 - leading, through: trailing, by: -1) {
            payload.append(UInt8(truncatingIfNeeded: difference >> UInt64(place * 8)))
        }
    }

    private mutating func jump(to serial: Int64) {
        let distance = serial &- next
        appendVarint(UInt64(bitPattern: distance << 1 ^ distance >> 63) << 2 | TickRow.Kind.jump.rawValue)
    }

    private mutating func endRun() {
        guard count > 0 else { return }
        appendVarint(count << 2 | kind.rawValue)
        bytes += payload
        payload.removeAll(keepingCapacity: true)
        count = 0
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The finished row.
    consuming func finish() -> [UInt8] {
        endRun()
        return bytes
    }
}

/// Stored bytes that say something impossible.
public struct MalformedHistory: Error, Hashable {
    /// What is wrong.
    public let detail: String
    init(_ detail: String) { self.detail = detail }
}

struct TickRowReader {
    private let bytes: [UInt8]
    private var position = 0
    private var next: Int64 = 0
    private var kind = TickRow.Kind.unchanged
    private var left: UInt64 = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil at the end.
    mutating func nextEntry() throws(MalformedHistory) -> TickRow.Entry? {
        while left == 0 {
            guard position < bytes.count else { return nil }
            try readStep()
        }
        left -= 1
        let serial = next
        next += 1
        let difference = kind == .unchanged ? 0 : try readDifference()
        return TickRow.Entry(serial: serial, difference: difference, isFirst: kind == .first)
    }

    private mutating func readStep() throws(MalformedHistory) {
        let step = try varint()
        guard let kind = TickRow.Kind(rawValue: step & 3) else { throw Self.malformed }
        let argument = step >> 2
        if kind == .jump {
            let distance = Int64(bitPattern: argument >> 1) ^ -Int64(bitPattern: argument & 1)
            next &+= distance
        } else {
            guard argument > 0, argument <= TickRow.maximumRun else { throw Self.malformed }
            (self.kind, left) = (kind, argument)
        }
        guard next >= 0, next < 1 << 60 else { throw Self.malformed }
    }

    private mutating func readDifference() throws(MalformedHistory) -> UInt64 {
        let header = try byte()
        let (leading, stored) = (Int(header >> 4), Int(header & 15))
        guard leading + stored <= 8 else { throw Self.malformed }
        var difference: UInt64 = 0
        for place in 0..<stored { difference |= UInt64(try byte()) << UInt64(56 - (leading + place) * 8) }
        return difference
    }

    private mutating func byte() throws(MalformedHistory) -> UInt8 {
        guard position < bytes.count else { throw Self.malformed }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func varint() throws(MalformedHistory) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw Self.malformed }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw Self.malformed
    }

    private static let malformed = MalformedHistory("a row of samples cannot be understood")
}

/// Small numbers in few bytes: the encoding inside the ledger's blobs.
extension [UInt8] {
    /// Appends an unsigned LEB128: seven bits a byte, lowest first, the top bit set on all bytes but the last.
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Appends eight bytes, lowest first.
    mutating func appendFixed(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Appends a length as varint and the bytes.
    mutating func appendCounted(_ bytes: some Collection<UInt8>) {
        appendVarint(UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

/// Bytes that end early or say something impossible.
struct MalformedBytes: Error {}

/// Reads back what the appenders above wrote.
struct PackedReader {
    private let bytes: [UInt8]
    private var position = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(MalformedBytes) -> UInt8 {
        guard position < bytes.count else { throw MalformedBytes() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func varint() throws(MalformedBytes) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw MalformedBytes() }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw MalformedBytes()
    }

    /// A varint that says how many items of at least one byte follow.
    mutating func count() throws(MalformedBytes) -> Int {
        let value = try varint()
        guard value <= UInt64(bytes.count - position) else { throw MalformedBytes() }
        return Int(value)
    }

    mutating func fixed() throws(MalformedBytes) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) { value |= UInt64(try byte()) << shift }
        return value
    }

    mutating func counted() throws(MalformedBytes) -> [UInt8] {
        let length = try count()
        defer { position += length }
        return Array(bytes[position..<position + length])
    }
}

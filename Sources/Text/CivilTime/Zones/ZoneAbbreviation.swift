/// The short name of a time in a zone, such as `CET`: up to eight bytes in one number, to be compared with a word of a line.
struct ZoneAbbreviation: Hashable, Sendable {
    private(set) var packed: UInt64 = 0

    static let longest = 8
    static let utc = ZoneAbbreviation("UTC")

    init() {}

    init(_ text: some Sequence<UInt8>) {
        for byte in text.prefix(Self.longest) { append(byte) }
    }

    init(_ text: StaticString) {
        self = text.withUTF8Buffer { ZoneAbbreviation($0) }
    }

    var isEmpty: Bool { packed == 0 }

    /// `UTC`, `GMT` or `Z`.
    @inline(__always)
    var isUniversal: Bool { packed == 0x555443 || packed == 0x474D54 || packed == 0x5A }

    @inline(__always)
    mutating func append(_ byte: UInt8) { packed = packed << 8 | UInt64(byte) }

    /// One of 64 bits: where it is not set in the union of some names, this is none of them.
    @inline(__always)
    var mask: UInt64 { 1 << ((packed &* 0x9E37_79B9_7F4A_7C15) >> 58) }

    var text: String {
        let bytes = (0..<Self.longest).reversed().map { UInt8(truncatingIfNeeded: packed >> (8 * UInt64($0))) }
        return String(decoding: bytes.drop { $0 == 0 }, as: UTF8.self)
    }
}

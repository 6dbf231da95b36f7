/// Text as its bytes: label names, label values and string literals, which need not be valid UTF-8.
///
/// Equality and order are those of the bytes, as in Prometheus; `String` would compare by canonical equivalence.
public struct ByteString: Hashable, Sendable, Comparable {
    /// The bytes, UTF-8 as a rule.
    public let bytes: [UInt8]

    /// Text of these bytes.
    @inlinable
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The UTF-8 of a string.
    @inlinable
    public init(_ string: some StringProtocol) { bytes = Array(string.utf8) }

    /// No bytes.
    public static let empty = ByteString([UInt8]())

    /// Whether there are no bytes; a label with such a value is no label.
    @inlinable public var isEmpty: Bool { bytes.isEmpty }

    /// The text, with replacement characters in place of what is no UTF-8.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the bytes are well-formed UTF-8.
    public var isValidUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// In the order of their bytes.
    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension ByteString: ExpressibleByStringLiteral {
    /// The UTF-8 of a literal.
    public init(stringLiteral value: String) { self.init(value) }
}

extension ByteString: CustomStringConvertible {
    /// The text as `string` gives it.
    public var description: String { string }
}

/// A JSON value (RFC 8259). Objects keep the order of their members.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction or exponent; offsets are exact.
    case integer(Int64)
    /// Any other number. NaN and infinities, which JSON does not have, are written as the strings `NaN`, `+Inf`, `-Inf`.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name with its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue
        /// A member of an object.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The member of that name, the last one when there are several; nil when this is no object or has none.
    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text of a string; nil for everything else.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number of an integer; nil for everything else.
    public var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The value of any number; nil for everything else.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The value of a boolean; nil for everything else.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The items of an array; nil for everything else.
    public var array: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The members of an object; nil for everything else.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object, in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    /// A count or an offset; beyond what JSON's readers take for whole (2^63 - 1) it is rounded.
    public init(_ number: UInt64) { self = Int64(exactly: number).map(JSONValue.integer) ?? .number(Double(number)) }

    /// A string of bytes; what is not UTF-8 in them becomes U+FFFD.
    public init(repairing bytes: some Collection<UInt8>) { self = .string(String(decoding: bytes, as: UTF8.self)) }
}

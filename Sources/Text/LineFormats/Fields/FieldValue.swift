/// What one field of a line holds, as a range of the line's own bytes.
public struct FieldValue: Hashable, Sendable {
    /// What a field can hold.
    public enum Kind: UInt8, Hashable, Sendable {
        /// The line has no such field.
        case absent
        case null
        case `false`
        case `true`
        /// The range is the number as it is written.
        case number
        /// The range is what stands between the quotes, or the bare value of logfmt.
        case string
        /// The range is the object as it is written, with its braces.
        case object
        /// The range is the array as it is written, with its brackets.
        case array
        /// A key of logfmt without `=`; the range is empty and lies behind the key.
        case flag
    }

    /// What the field holds.
    public let kind: Kind
    /// Whether the range must be unescaped to be the field's text (`appendUnescaped`); only strings have escapes.
    public let hasEscapes: Bool
    private let start: UInt32
    private let length: UInt32

    /// A value at `range` of a line.
    @inline(__always)
    init(_ kind: Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.hasEscapes = hasEscapes
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        length = UInt32(truncatingIfNeeded: range.count)
    }

    /// Where the value stands in the line; empty at 0 when it is absent.
    public var range: Range<Int> { Int(start)..<Int(start) + Int(length) }

    /// What a field is that the line does not have.
    public static let absent = FieldValue(.absent, 0..<0)
}

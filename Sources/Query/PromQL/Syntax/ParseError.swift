/// Why a text is no expression: what is wrong and where.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as half a sentence.
    public var reason: String
    /// The bytes that are wrong.
    public var range: SourceRange
    /// The start of `range` as `line:column`.
    public var position: String

    init(_ reason: String, at range: SourceRange, in text: [UInt8]) {
        self.reason = reason
        self.range = range
        position = range.position(in: text)
    }

    /// The message as Prometheus writes it.
    public var description: String { "\(position): parse error: \(reason)" }
}

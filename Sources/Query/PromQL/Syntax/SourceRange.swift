/// Where a piece of an expression stands: offsets of bytes in its UTF-8.
public struct SourceRange: Hashable, Sendable {
    /// The offset of the first byte.
    public var start: Int
    /// The offset behind the last byte.
    public var end: Int

    /// A range with these bounds.
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    /// From the start of `left` to the end of `right`.
    static func joining(_ left: SourceRange, _ right: SourceRange) -> SourceRange { SourceRange(left.start, right.end) }

    /// The start as Prometheus shows it: `line:column`, both from 1 (promql/parser/posrange).
    public func position(in text: [UInt8]) -> String {
        var line = 1
        var lineStart = 0
        for (offset, byte) in text.prefix(max(0, start)).enumerated() where byte == UInt8(ascii: "\n") {
            line += 1
            lineStart = offset + 1
        }
        return "\(line):\(start - lineStart + 1)"
    }
}

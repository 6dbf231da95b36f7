/// A pattern that matched a line, with its captures; lent until the next match.
///
/// SAFETY: `offsets` points into the matcher's match data, which holds a pair for every group of every pattern of the set and
/// is overwritten by the next match. It is internal to the module and read only through `capture(_:)`, which checks the
/// number against `captureCount` in debug builds.
public struct PatternMatch {
    /// The index of the pattern in the set.
    public let pattern: Int
    /// The index of the line in the batch; 0 for a single line.
    public let line: Int
    /// Where the line lies in the batch, without its line end.
    public let lineRange: Range<Int>
    @usableFromInline let captureCount: Int
    @usableFromInline let offsets: UnsafePointer<Int>

    @inlinable
    init(pattern: Int, line: Int, lineRange: Range<Int>, captureCount: Int, offsets: UnsafePointer<Int>) {
        self.pattern = pattern
        self.line = line
        self.lineRange = lineRange
        self.captureCount = captureCount
        self.offsets = offsets
    }

    /// The range of group `number` in the batch's bytes; nil when the group took no part in the match.
    @inlinable @inline(__always)
    public func capture(_ number: Int) -> Range<Int>? {
        assert(number >= 0 && number <= captureCount, "BUG: the pattern has no such group")
        let lower = offsets[2 &* number]
        let upper = offsets[2 &* number &+ 1]
        // An unset group is -1. Only group 0 can end before its start: \K inside a look-ahead.
        guard lower >= 0, upper >= lower else { return nil }
        return Range(uncheckedBounds: (lineRange.lowerBound &+ lower, lineRange.lowerBound &+ upper))
    }
}

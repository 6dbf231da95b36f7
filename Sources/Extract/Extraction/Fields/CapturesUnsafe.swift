import LineFormats
import PatternMatching

/// Where the captures of a match lie.
///
/// SAFETY: lent for as long as the match and `bytes` are.
struct Captures {
    let match: PatternMatch
    /// What ranges refer to: the batch, or the unescaped text of a field.
    let bytes: UnsafeRawBufferPointer
    /// What the match's ranges are from the beginning of `bytes`.
    var shift = 0
    var isOfBatch = true

    /// Where a group lies; nil when it took no part in the match.
    @inline(__always)
    func range(_ group: Int) -> Range<Int>? {
        guard let range = match.capture(group) else { return nil }
        return Range(uncheckedBounds: (range.lowerBound &+ shift, range.upperBound &+ shift))
    }
}

extension ExtractionPlan.Condition {
    /// Whether the fields are what they must be; `line` is what they were read from.
    func holds(_ fields: LineFields, _ line: UnsafeRawBufferPointer) -> Bool {
        for field in present where !fields.isPresent(field) { return false }
        for comparison in comparisons {
            let isOne = fields.withText(of: comparison.field, in: line) { text, _ in
                comparison.texts.contains { $0.count == text.count && text.elementsEqual($0) }
            }
            if isOne ?? false == comparison.isExclusion { return false }
        }
        return true
    }
}

/// Where a directive of a layout begins, and by which letter it is known: of those that a letter is short for, that letter.
struct LayoutPlace: Hashable {
    /// Bytes of UTF-8 before it.
    var offset = 0
    /// The first character is 1.
    var character = 1
    var letter: Character = "%"

    func error(_ kind: TimestampLayoutError.Kind, _ reason: String, hint: String) -> TimestampLayoutError {
        TimestampLayoutError(kind: kind, offset: offset, character: character, reason: reason, hint: hint)
    }
}

/// Goes through the text of a layout.
struct LayoutScanner {
    /// Where the next character stands.
    private(set) var place = LayoutPlace()
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text.unicodeScalars[...] }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = rest.popFirst() else { return nil }
        place.offset += UTF8.width(scalar)
        place.character += 1
        return scalar
    }
}

/// What a format consists of, in order.
struct FormatPieces: Hashable {
    enum Piece: Hashable {
        case literal(String)
        case directive(FormatDirective, Place)
    }

    /// Where a directive begins; those that a letter is short for have its place.
    struct Place: Hashable {
        var offset = 0
        var character = 1
        var letter: Character = "%"
    }

    private(set) var pieces: [Piece] = []

    init(_ text: String) throws(TimestampLayoutError) {
        var literal = ""
        var end = Place()
        var rest = text.unicodeScalars[...]
        func next() -> Unicode.Scalar? {
            guard let scalar = rest.popFirst() else { return nil }
            end.offset += UTF8.width(scalar)
            end.character += 1
            return scalar
        }
        while true {
            var place = end
            guard let scalar = next() else { break }
            guard scalar == "%" else {
                literal.unicodeScalars.append(scalar)
                continue
            }
            let letter = next().map { Character($0) }
            if letter == "%" {
                literal += "%"
                continue
            }
            place.letter = letter ?? "%"
            let (directives, separator) = try Self.directives(letter, at: place)
            for (index, directive) in directives.enumerated() {
                if index > 0 { literal = separator }
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(.directive(directive, place))
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    private static func directives(
        _ letter: Character?, at place: Place
    ) throws(TimestampLayoutError) -> ([FormatDirective], String) {
        if let letter, let expansion = FormatDirective.expansion(of: letter) { return expansion }
        if let letter, let directive = FormatDirective(rawValue: letter) { return ([directive], "") }
        throw place.error(
            .unknownDirective, letter.map { "there is no directive `%\($0)`" } ?? "`%` is the last character",
            hint: FormatDirective.advice(insteadOf: letter))
    }
}

extension FormatPieces.Place {
    func error(_ kind: TimestampLayoutError.Kind, _ reason: String, hint: String) -> TimestampLayoutError {
        TimestampLayoutError(kind: kind, offset: offset, character: character, reason: reason, hint: hint)
    }
}

/// What a format consists of, in order.
struct FormatPieces: Hashable {
    enum Piece: Hashable {
        case literal(String)
        case directive(FormatDirective, LayoutPlace)
    }

    private(set) var pieces: [Piece] = []

    init(_ text: String) throws(TimestampLayoutError) {
        var literal = ""
        var scanner = LayoutScanner(text)
        while true {
            var place = scanner.place
            guard let scalar = scanner.next() else { break }
            guard scalar == "%" else {
                literal.unicodeScalars.append(scalar)
                continue
            }
            let letter = scanner.next().map { Character($0) }
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
        _ letter: Character?, at place: LayoutPlace
    ) throws(TimestampLayoutError) -> ([FormatDirective], String) {
        if let letter, let expansion = FormatDirective.expansion(of: letter) { return expansion }
        if let letter, let directive = FormatDirective(rawValue: letter) { return ([directive], "") }
        throw place.error(
            .unknownDirective, letter.map { "there is no directive `%\($0)`" } ?? "`%` is the last character",
            hint: FormatDirective.advice(insteadOf: letter))
    }
}

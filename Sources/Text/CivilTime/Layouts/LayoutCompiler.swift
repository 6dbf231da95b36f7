/// Turns the text of a layout into steps, and says what is wrong with it.
struct LayoutCompiler {
    private(set) var steps: [LayoutStep] = []
    private var uses: [LayoutPart: Use] = [:]

    private struct Place {
        var offset = 0
        var character = 1
    }

    private struct Use {
        var place: Place
        var letter: Character
    }

    init(_ text: String) throws(TimestampLayoutError) {
        var end = Place()
        var rest = text.unicodeScalars[...]
        func next() -> Unicode.Scalar? {
            guard let scalar = rest.popFirst() else { return nil }
            end.offset += UTF8.width(scalar)
            end.character += 1
            return scalar
        }
        while true {
            let place = end
            guard let scalar = next() else { break }
            if scalar != "%" {
                appendLiteral(scalar)
            } else if let letter = next() {
                try append(Character(letter), at: place)
            } else {
                throw error(.unknownDirective, place, "`%` is the last character", hint: "Write %% for a percent sign.")
            }
        }
        try checkParts(end)
    }

    private mutating func appendLiteral(_ scalar: Unicode.Scalar) {
        if scalar != " ", scalar != "\t" {
            steps += Character(scalar).utf8.map { .literal($0) }
        } else if steps.last != .spaces {
            steps.append(.spaces)
        }
    }

    private mutating func append(_ letter: Character, at place: Place) throws(TimestampLayoutError) {
        if letter == "%" {
            appendLiteral("%")
        } else if let (directives, separator) = LayoutDirective.expansion(of: letter) {
            for (index, inner) in directives.enumerated() {
                if index > 0 { appendLiteral(separator) }
                try append(LayoutDirective(inner), Use(place: place, letter: letter))
            }
        } else {
            try append(LayoutDirective(letter), Use(place: place, letter: letter))
        }
    }

    private mutating func append(_ directive: LayoutDirective?, _ use: Use) throws(TimestampLayoutError) {
        guard let directive else {
            throw error(
                .unknownDirective, use.place, "there is no directive `%\(use.letter)`",
                hint: LayoutDirective.advice(insteadOf: use.letter))
        }
        if let other = uses[directive.part] {
            throw error(
                .conflict, use.place,
                "`%\(use.letter)` says \(directive.part.rawValue), which `%\(other.letter)` says already",
                hint: "Leave one of the two away.")
        }
        uses[directive.part] = use
        steps.append(directive.step)
    }
}

extension LayoutCompiler {
    /// Refuses what can name no time, or more than one.
    private func checkParts(_ end: Place) throws(TimestampLayoutError) {
        if let epoch = uses[.epoch] {
            try refuse(
                uses.keys.filter { $0 != .epoch }, beside: epoch, hint: "Leave it away: %s takes a fraction too.")
            return
        }
        if let dayOfYear = uses[.dayOfYear] {
            try refuse([.month, .day], beside: dayOfYear, hint: "Leave it away, or %j.")
        }
        if let hour = uses[.hour], let halfDay = uses[.halfDay], hour.letter != "I" {
            throw error(
                .conflict, halfDay.place, "`%p` means nothing beside `%\(hour.letter)`, the hour of the whole day",
                hint: "Write %I for the hour, or leave %p away.")
        }
        if let hour = uses[.hour], hour.letter == "I", uses[.halfDay] == nil {
            throw error(
                .incomplete, hour.place, "`%I` is one of twelve hours, and the half of the day is missing",
                hint: "Write %p for AM or PM, or %H for the hour of the whole day.")
        }
        let hasDate = uses[.dayOfYear] != nil || uses[.month] != nil
        try require(.hour, for: [], at: end, hint: "Write %H, or %s for seconds since 1970.")
        try require(.minute, for: [.second], at: end, hint: "Write %M.")
        try require(.second, for: [.fraction], at: end, hint: "Write %S.")
        try require(.day, for: [.month], at: end, hint: "Write %d.")
        try require(.month, for: [.day], at: end, hint: "Write %m, or %b for its name.")
        if let year = uses[.year], !hasDate {
            throw error(
                .incomplete, year.place, "there is a year without a date in it", hint: "Write %m and %d, or %j.")
        }
    }

    private func refuse(_ parts: [LayoutPart], beside use: Use, hint: String) throws(TimestampLayoutError) {
        let wrong = parts.compactMap { uses[$0] }.min { $0.place.offset < $1.place.offset }
        guard let wrong else { return }
        throw error(
            .conflict, wrong.place, "`%\(wrong.letter)` says what `%\(use.letter)` says already", hint: hint)
    }

    /// `part` must be there if one of `others` is, or in any case when those are none.
    private func require(
        _ part: LayoutPart, for others: [LayoutPart], at end: Place, hint: String
    ) throws(TimestampLayoutError) {
        guard uses[part] == nil else { return }
        if let other = others.compactMap({ uses[$0] }).first {
            throw error(.incomplete, other.place, "`%\(other.letter)` needs \(part.rawValue) too", hint: hint)
        }
        if others.isEmpty { throw error(.incomplete, end, "\(part.rawValue) is missing", hint: hint) }
    }

    private func error(
        _ kind: TimestampLayoutError.Kind, _ place: Place, _ reason: String, hint: String
    ) -> TimestampLayoutError {
        TimestampLayoutError(
            kind: kind, offset: place.offset, character: place.character, reason: reason, hint: hint)
    }
}

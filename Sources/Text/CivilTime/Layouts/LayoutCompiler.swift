/// Turns the text of a layout into steps, and says what is wrong with it.
struct LayoutCompiler {
    private(set) var steps: [LayoutStep] = []
    private var uses: [LayoutPart: LayoutPlace] = [:]

    init(_ text: String) throws(TimestampLayoutError) {
        var scanner = LayoutScanner(text)
        while true {
            var place = scanner.place
            guard let scalar = scanner.next() else { break }
            if scalar != "%" {
                appendLiteral(scalar)
            } else if let letter = scanner.next() {
                place.letter = Character(letter)
                try append(place)
            } else {
                throw place.error(.unknownDirective, "`%` is the last character", hint: "Write %% for a percent sign.")
            }
        }
        try checkParts(scanner.place)
    }

    private mutating func appendLiteral(_ scalar: Unicode.Scalar) {
        if scalar != " ", scalar != "\t" {
            steps += Character(scalar).utf8.map { .literal($0) }
        } else if steps.last != .spaces {
            steps.append(.spaces)
        }
    }

    private mutating func append(_ use: LayoutPlace) throws(TimestampLayoutError) {
        if use.letter == "%" {
            appendLiteral("%")
        } else if let (directives, separator) = LayoutDirective.expansion(of: use.letter) {
            for (index, inner) in directives.enumerated() {
                if index > 0 { appendLiteral(separator) }
                try append(LayoutDirective(inner), use)
            }
        } else {
            try append(LayoutDirective(use.letter), use)
        }
    }

    private mutating func append(_ directive: LayoutDirective?, _ use: LayoutPlace) throws(TimestampLayoutError) {
        guard let directive else {
            throw use.error(
                .unknownDirective, "there is no directive `%\(use.letter)`",
                hint: LayoutDirective.advice(insteadOf: use.letter))
        }
        if let other = uses[directive.part] {
            throw use.error(
                .conflict, "`%\(use.letter)` says \(directive.part.rawValue), which `%\(other.letter)` says already",
                hint: "Leave one of the two away.")
        }
        uses[directive.part] = use
        steps.append(directive.step)
    }
}

extension LayoutCompiler {
    /// Refuses what can name no time, or more than one.
    private func checkParts(_ end: LayoutPlace) throws(TimestampLayoutError) {
        if let epoch = uses[.epoch] {
            try refuse(
                uses.keys.filter { $0 != .epoch }, beside: epoch, hint: "Leave it away: %s takes a fraction too.")
            return
        }
        if let dayOfYear = uses[.dayOfYear] {
            try refuse([.month, .day], beside: dayOfYear, hint: "Leave it away, or %j.")
        }
        if let hour = uses[.hour], let halfDay = uses[.halfDay], hour.letter != "I" {
            throw halfDay.error(
                .conflict, "`%p` means nothing beside `%\(hour.letter)`, the hour of the whole day",
                hint: "Write %I for the hour, or leave %p away.")
        }
        if let hour = uses[.hour], hour.letter == "I", uses[.halfDay] == nil {
            throw hour.error(
                .incomplete, "`%I` is one of twelve hours, and the half of the day is missing",
                hint: "Write %p for AM or PM, or %H for the hour of the whole day.")
        }
        let hasDate = uses[.dayOfYear] != nil || uses[.month] != nil
        try require(.hour, for: [], at: end, hint: "Write %H, or %s for seconds since 1970.")
        try require(.minute, for: [.second], at: end, hint: "Write %M.")
        try require(.second, for: [.fraction], at: end, hint: "Write %S.")
        try require(.day, for: [.month], at: end, hint: "Write %d.")
        try require(.month, for: [.day], at: end, hint: "Write %m, or %b for its name.")
        if let year = uses[.year], !hasDate {
            throw year.error(.incomplete, "there is a year without a date in it", hint: "Write %m and %d, or %j.")
        }
    }

    private func refuse(_ parts: [LayoutPart], beside use: LayoutPlace, hint: String) throws(TimestampLayoutError) {
        let wrong = parts.compactMap { uses[$0] }.min { $0.offset < $1.offset }
        guard let wrong else { return }
        throw wrong.error(.conflict, "`%\(wrong.letter)` says what `%\(use.letter)` says already", hint: hint)
    }

    /// `part` must be there if one of `others` is, or in any case when those are none.
    private func require(
        _ part: LayoutPart, for others: [LayoutPart], at end: LayoutPlace, hint: String
    ) throws(TimestampLayoutError) {
        guard uses[part] == nil else { return }
        if let other = others.compactMap({ uses[$0] }).first {
            throw other.error(.incomplete, "`%\(other.letter)` needs \(part.rawValue) too", hint: hint)
        }
        if others.isEmpty { throw end.error(.incomplete, "\(part.rawValue) is missing", hint: hint) }
    }
}

/// Finds out what a layout's directives tell of a time together, and refuses layouts whose names come again.
struct NameResolutionCheck {
    private var places: [FormatDirective: LayoutPlace] = [:]
    private(set) var resolution = NameResolution.second

    init(_ format: TimeFormat) throws(TimestampLayoutError) {
        for case .directive(let directive, let place) in format.pieces {
            places[directive] = places[directive] ?? place
        }
        try checkEnds(format)
        if places[.epoch] == nil { resolution = try min(date(), timeOfDay()) }
    }

    private func has(_ directive: FormatDirective) -> Bool { places[directive] != nil }

    /// The first of some directives, in the order of the layout.
    private func place(of directives: [FormatDirective]) -> LayoutPlace? {
        directives.compactMap { places[$0] }.min { $0.offset < $1.offset }
    }

    /// A number of which it is not known how many digits it has must end where the digits end.
    private func checkEnds(_ format: TimeFormat) throws(TimestampLayoutError) {
        for (piece, next) in zip(format.pieces, format.pieces.dropFirst()) {
            guard case .directive(let directive, let place) = piece, directive.hasVariableWidth else { continue }
            let isFollowedByDigit =
                switch next {
                case .literal(let text): text.utf8.first.map(ByteReader.isDigit) ?? false
                case .directive(let next, _): next.beginsWithDigit
                }
            if isFollowedByDigit {
                throw place.error(
                    .conflict, "nothing tells the end of `%\(place.letter)` from the digits behind it",
                    hint: "Write a hyphen between them.")
            }
        }
    }

    private func date() throws(TimestampLayoutError) -> NameResolution {
        let year = has(.year) || has(.yearOfCentury)
        let month = has(.month) || has(.monthName)
        let weekday = has(.weekdayFromMonday) || has(.weekdayFromSunday)
        let week = has(.weekYear) && has(.week)
        if year && (month && has(.day) || has(.dayOfYear)) || week && weekday { return .day }
        let (resolution, parts): (NameResolution, [FormatDirective]) =
            if week {
                (.week, [.weekYear, .week])
            } else if year && month {
                (.month, [.year, .yearOfCentury, .month, .monthName])
            } else {
                (.year, [.year, .yearOfCentury])
            }
        let all: [FormatDirective] = [
            .year, .yearOfCentury, .month, .monthName, .day, .dayOfYear, .weekYear, .week, .weekdayFromMonday,
            .weekdayFromSunday,
        ]
        if let place = place(of: all.filter { !parts.contains($0) }) {
            throw place.error(
                .incomplete, "`%\(place.letter)` does not make a date together with the other directives",
                hint: Self.wholeDate)
        }
        guard place(of: parts) != nil else {
            let place = place(of: FormatDirective.allCases) ?? LayoutPlace()
            throw place.error(.incomplete, "names without a year come again", hint: Self.wholeDate)
        }
        return resolution
    }

    private static let wholeDate = "Write a whole date, such as %Y%m%d, %Y-%j or %G-W%V, or %s."

    /// `day` when there is no time of day.
    private func timeOfDay() throws(TimestampLayoutError) -> NameResolution {
        let parts: [FormatDirective] = [.hour, .hourOfTwelve, .halfDay, .minute, .second, .offset]
        guard let first = place(of: parts) else { return .year }
        guard try date() == .day else {
            throw first.error(
                .incomplete, "`%\(first.letter)` is a time of day, and the day is missing", hint: Self.wholeDate)
        }
        try require(
            has(.hour) || has(.hourOfTwelve), for: [.halfDay, .minute, .second, .offset], hint: "Write %H too.")
        try require(has(.hour) || has(.halfDay), for: [.hourOfTwelve], hint: "Write %H, or %p for AM or PM too.")
        try require(has(.minute), for: [.second, .offset], hint: "Write %M too.")
        return has(.second) ? .second : has(.minute) ? .minute : .hour
    }

    private func require(
        _ isComplete: Bool, for directives: [FormatDirective], hint: String
    ) throws(TimestampLayoutError) {
        guard !isComplete, let place = place(of: directives) else { return }
        throw place.error(.incomplete, "`%\(place.letter)` does not tell a time by itself", hint: hint)
    }
}

public import LogModel

/// How times are written into names of files and the like, as in C's `strftime`, for example `app-%Y-%m-%d.log`.
///
/// `%Y` is the year in four digits and `%y` its last two, `%m` the month, `%b` its English name in three letters, `%d` the day,
/// `%j` the day of the year in three digits, `%H`, `%M` and `%S` the time of day, `%s` the seconds since 1970, `%z` the offset as
/// `+0100`, and `%%` a percent sign. All else stands for itself.
public struct TimeFormat: Hashable, Sendable {
    /// The format as it was written.
    public let text: String
    private let pieces: [Piece]

    private enum Piece: Hashable {
        case literal(String)
        case directive(Character)
    }

    private static let directives: Set<Character> = ["Y", "y", "m", "b", "d", "j", "H", "M", "S", "s", "z"]

    /// Reads a format.
    public init(_ text: String) throws(TimestampLayoutError) {
        self.text = text
        var pieces: [Piece] = []
        var literal = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            let place = text.unicodeScalars[..<rest.startIndex]
            rest.removeFirst()
            guard scalar == "%" else {
                literal.unicodeScalars.append(scalar)
                continue
            }
            let letter = rest.popFirst().map { Character($0) }
            if letter == "%" {
                literal += "%"
            } else if let letter, Self.directives.contains(letter) {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(.directive(letter))
            } else {
                throw TimestampLayoutError(
                    kind: .unknownDirective, offset: String(place).utf8.count, character: place.count + 1,
                    reason: letter.map { "there is no directive `%\($0)`" } ?? "`%` is the last character",
                    hint: "Write %% for a percent sign, or one of %Y %y %m %b %d %j %H %M %S %s %z.")
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    /// The text for an instant on that clock.
    public func text(at instant: WallTime, clock: inout CivilClock) -> String {
        let civil = clock.civil(at: instant)
        let period = clock.period(at: instant)
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .directive(let letter): text += Self.text(of: letter, civil, period)
            }
        }
        return text
    }

    private static func text(of letter: Character, _ civil: CivilDateTime, _ period: ZonePeriod) -> String {
        switch letter {
        case "Y": digits(civil.year, 4)
        case "y": digits(civil.year % 100, 2)
        case "m": digits(civil.month, 2)
        case "b": EnglishNames.months[civil.month - 1].description.prefix(3).capitalizedFirst
        case "d": digits(civil.day, 2)
        case "j": digits(civil.dayOfYear, 3)
        case "H": digits(civil.hour, 2)
        case "M": digits(civil.minute, 2)
        case "S": digits(civil.second, 2)
        case "s": String(civil.localSeconds - period.offset)
        default: offset(period.offset)
        }
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func offset(_ offset: Int) -> String {
        let size = abs(offset)
        let minutes = "\(offset < 0 ? "-" : "+")\(digits(size / 3600, 2))\(digits(size / 60 % 60, 2))"
        return size % 60 == 0 ? minutes : minutes + digits(size % 60, 2)
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// A letter behind `%` in a format that times are written by.
enum FormatDirective: Character, CaseIterable {
    case year = "Y"
    case yearOfCentury = "y"
    case month = "m"
    case monthName = "b"
    case day = "d"
    case dayOfYear = "j"
    case weekYear = "G"
    case week = "V"
    case weekdayFromMonday = "u"
    case weekdayFromSunday = "w"
    case hour = "H"
    case hourOfTwelve = "I"
    case halfDay = "p"
    case minute = "M"
    case second = "S"
    case offset = "z"
    case epoch = "s"

    /// The directives that a letter is short for, with what stands between them.
    static func expansion(of letter: Character) -> (directives: [FormatDirective], separator: String)? {
        switch letter {
        case "F": ([.year, .month, .day], "-")
        case "T": ([.hour, .minute, .second], ":")
        case "R": ([.hour, .minute], ":")
        default: nil
        }
    }

    /// The most bytes that it becomes.
    var width: Int {
        switch self {
        case .weekdayFromMonday, .weekdayFromSunday: 1
        case .yearOfCentury, .month, .day, .week, .hour, .hourOfTwelve, .halfDay, .minute, .second: 2
        case .monthName, .dayOfYear: 3
        case .year, .weekYear: 4
        case .offset: 7
        case .epoch: 11
        }
    }

    /// Whether it becomes more bytes at some times than at others.
    var hasVariableWidth: Bool { self == .offset || self == .epoch }

    /// Whether its first byte is a digit.
    var beginsWithDigit: Bool { self != .monthName && self != .halfDay && self != .offset }

    /// What to write instead of what is none.
    static func advice(insteadOf letter: Character?) -> String {
        switch letter {
        case "U", "W", "g": "Write %G-W%V for the week of ISO 8601."
        case "e": "Write %d for the day in two digits."
        case "k", "l": "Write %H for the hour in two digits, or %I with %p."
        case "B", "h": "Write %b for the month's name in three letters, or %m for its number."
        case "a", "A": "Write %u for the number of the weekday, 1 for Monday."
        case "D", "x": "Write %F, which is %Y-%m-%d."
        case "c", "r", "X": "Write %F and %T, or the parts of a time by themselves."
        case "f", "L", "N": "Write %S: a second is not divided."
        case "Z": "Write %z for the offset from UTC."
        case "C": "Write %Y for the year in four digits."
        case "-", "_", "^", "#", "E", "O", .some("0"..."9"):
            "Leave it away: numbers have as many digits as in the C locale, with zeros before them."
        default:
            "Write %% for a percent sign, or one of %Y %y %m %b %d %j %G %V %u %w %H %I %p %M %S %s %z %F %T %R."
        }
    }
}

/// One thing that a layout expects.
enum LayoutStep: Hashable, Sendable {
    case literal(UInt8)
    case spaces
    case year
    case yearOfCentury
    case month
    case monthName
    case day
    case paddedDay
    case dayOfYear
    case weekday
    case hour
    case halfDay
    case minute
    case second
    case fraction
    case milliseconds
    case zoneOffset
    case zoneName
    case epoch
}

/// What a directive says about a time; a layout says each at most once.
enum LayoutPart: String, Hashable, CaseIterable {
    case year = "the year"
    case month = "the month"
    case day = "the day of the month"
    case dayOfYear = "the day of the year"
    case weekday = "the weekday"
    case hour = "the hour"
    case halfDay = "the half of the day"
    case minute = "the minute"
    case second = "the second"
    case fraction = "the fraction of the second"
    case zone = "the zone"
    case epoch = "the whole time"
}

/// A letter behind `%`.
struct LayoutDirective {
    var step: LayoutStep
    var part: LayoutPart

    init?(_ letter: Character) {
        switch letter {
        case "Y": (step, part) = (.year, .year)
        case "y": (step, part) = (.yearOfCentury, .year)
        case "m": (step, part) = (.month, .month)
        case "b", "B", "h": (step, part) = (.monthName, .month)
        case "d": (step, part) = (.day, .day)
        case "e": (step, part) = (.paddedDay, .day)
        case "j": (step, part) = (.dayOfYear, .dayOfYear)
        case "a", "A": (step, part) = (.weekday, .weekday)
        case "H", "I": (step, part) = (.hour, .hour)
        case "p": (step, part) = (.halfDay, .halfDay)
        case "M": (step, part) = (.minute, .minute)
        case "S": (step, part) = (.second, .second)
        case "f": (step, part) = (.fraction, .fraction)
        case "L": (step, part) = (.milliseconds, .fraction)
        case "z": (step, part) = (.zoneOffset, .zone)
        case "Z": (step, part) = (.zoneName, .zone)
        case "s": (step, part) = (.epoch, .epoch)
        default: return nil
        }
    }

    /// The directives that a letter is short for, and what stands between them.
    static func expansion(of letter: Character) -> (directives: String, separator: Unicode.Scalar)? {
        switch letter {
        case "T": ("HMS", ":")
        case "R": ("HM", ":")
        case "F": ("Ymd", "-")
        case "D": ("mdy", "/")
        default: nil
        }
    }

    /// What to write instead of a letter that other programs know.
    static func advice(insteadOf letter: Character) -> String {
        switch letter {
        case "k": "Write %H, which takes one digit or two."
        case "l": "Write %I, which takes one digit or two."
        case "P": "Write %p, which takes capitals and small letters."
        case "N": "Write %f for the digits behind the point of a second."
        case "c": "Write %a %b %e %H:%M:%S %Y."
        case "x": "Write %m/%d/%y, or the order of your dates."
        case "X": "Write %H:%M:%S."
        case "r": "Write %I:%M:%S %p."
        case "n", "t": "Write a space, which takes any run of spaces and tabs."
        case "u", "w": "Write %a for the weekday's name; its number is not needed."
        case "G", "g", "U", "V", "W": "Write the date as %Y-%m-%d or %Y-%j; weeks are not read."
        case "0"..."9": "Write %f for a fraction of up to nine digits, or %L for exactly three."
        case "-", "_", "^", "#": "Leave `\(letter)` away: a directive takes numbers with and without leading zeros."
        case "E", "O": "Leave `\(letter)` away: names and digits are those of the C locale."
        default:
            "Write %% for a percent sign, or one of %Y %y %m %b %d %e %j %a %H %I %p %M %S %f %L %z %Z %s %F %T %D %R."
        }
    }
}

public import LogModel

/// How times are written into names of files and the like, as in C's `strftime`, for example `app-%Y-%m-%d.log`.
///
///     %Y %y     the year: four digits; its last two                  %H %I %p  the hour; one of twelve with AM or PM
///     %m %b     the month: its number; its English name's beginning  %M %S     minute, second
///     %d %j     the day of the month; of the year, in three digits   %z        the offset from UTC as +0100
///     %G %V     the year and week of ISO 8601                        %s        seconds since 1970
///     %u %w     the weekday: Monday is 1; Sunday is 0                %%        a percent sign
///     %F %T %R  %Y-%m-%d, %H:%M:%S, %H:%M
///
/// All else stands for itself.
public struct TimeFormat: Hashable, Sendable {
    /// The format as it was written.
    public let text: String
    let pieces: [FormatPieces.Piece]

    /// Reads a format.
    public init(_ text: String) throws(TimestampLayoutError) {
        self.text = text
        pieces = try FormatPieces(text).pieces
    }

    /// The text for an instant on that clock.
    public func text(at instant: WallTime, clock: inout CivilClock) -> String {
        let civil = clock.civil(at: instant)
        let period = clock.period(at: instant)
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .directive(let directive, _): text += Self.text(of: directive, civil, period)
            }
        }
        return text
    }

    private static func text(of directive: FormatDirective, _ civil: CivilDateTime, _ period: ZonePeriod) -> String {
        switch directive {
        case .year: digits(civil.year, 4)
        case .yearOfCentury: digits(civil.year % 100, 2)
        case .month: digits(civil.month, 2)
        case .monthName: EnglishNames.months[civil.month - 1].description.prefix(3).capitalizedFirst
        case .day: digits(civil.day, 2)
        case .dayOfYear: digits(civil.dayOfYear, 3)
        case .weekYear: digits(civil.week.year, 4)
        case .week: digits(civil.week.number, 2)
        case .weekdayFromMonday: String(civil.weekday == 0 ? 7 : civil.weekday)
        case .weekdayFromSunday: String(civil.weekday)
        case .hour: digits(civil.hour, 2)
        case .hourOfTwelve: digits((civil.hour + 11) % 12 + 1, 2)
        case .halfDay: civil.hour < 12 ? "AM" : "PM"
        case .minute: digits(civil.minute, 2)
        case .second: digits(civil.second, 2)
        case .epoch: String(civil.localSeconds - period.offset)
        case .offset: offset(period.offset)
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

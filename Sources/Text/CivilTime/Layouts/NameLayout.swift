public import LogModel

/// How files are called that are set aside at some time, as in C's `strftime`: `app.log-%Y%m%d_%H%M%S`.
///
/// The directives are those of `TimeFormat`. Together they must name one stretch of time, its year included, so that no name
/// comes again and every name says how old its file is; `%y` is a year of 1969 to 2068. A layout has no `/` and no NUL. `%T` and
/// `%R` bring colons, which Linux takes, but `scp`, `rsync` and `tar` read as the end of a host's name.
public struct NameLayout: Hashable, Sendable {
    /// The most bytes that Linux takes for a name.
    public static let longestName = 255

    /// The zone whose clock is written down. Where clocks are set back, names come again unless the layout has `%z` or `%s`.
    public let zone: TimeZoneRules
    /// How long a name stays the same. Whoever may need two names in that time must tell them apart by something else.
    public let resolution: NameResolution
    private let format: TimeFormat

    /// The layout as it was written.
    public var text: String { format.text }

    /// Reads a layout.
    public init(_ text: String, zone: TimeZoneRules = .utc) throws(TimestampLayoutError) {
        format = try TimeFormat(text)
        self.zone = zone
        try Self.checkCharacters(text)
        resolution = try NameResolutionCheck(format).resolution
        let longest = format.pieces.reduce(0) { sum, piece in
            switch piece {
            case .literal(let literal): sum + literal.utf8.count
            case .directive(let directive, _): sum + directive.width
            }
        }
        if longest > Self.longestName {
            throw LayoutPlace().error(
                .forbidden, "names would have up to \(longest) bytes", hint: "Write at most \(Self.longestName).")
        }
    }

    /// The text of a layout that gives `literal`, whatever it contains.
    public static func escaped(_ literal: String) -> String {
        literal.unicodeScalars.reduce(into: "") { text, scalar in
            text.unicodeScalars.append(scalar)
            if scalar == "%" { text += "%" }
        }
    }

    private static func checkCharacters(_ text: String) throws(TimestampLayoutError) {
        let scalars = text.unicodeScalars
        guard let index = scalars.firstIndex(where: { $0 == "/" || $0 == "\0" }) else { return }
        let place = LayoutPlace(
            offset: text.utf8.distance(from: text.startIndex, to: index),
            character: scalars.distance(from: text.startIndex, to: index) + 1)
        let isSlash = scalars[index] == "/"
        throw place.error(
            .forbidden, isSlash ? "a name has no `/`" : "a name has no NUL",
            hint: isSlash ? "Write a hyphen, or name the directory by itself." : "Leave it away.")
    }

    /// The name of what is set aside at an instant.
    public func name(at instant: WallTime) -> String {
        var clock = CivilClock(zone)
        return format.text(at: instant, clock: &clock)
    }

    /// When the stretch of time begins that has this name; nil when the layout never gives it.
    ///
    /// It is the first one where clocks show it twice. Endings such as `.gz` are to be taken off before.
    public func time(of name: String) -> WallTime? {
        guard let fields = format.fields(of: name), let instant = NamedTime(fields).instant(zone) else {
            return nil
        }
        return self.name(at: instant).utf8.elementsEqual(name.utf8) ? instant : nil
    }
}

/// The time that the parts of a name tell; whether all of them do is found by writing the name again.
private struct NamedTime {
    private let fields: [FormatDirective: Int]

    init(_ fields: [FormatDirective: Int]) { self.fields = fields }

    func instant(_ zone: TimeZoneRules) -> WallTime? {
        if let epoch = fields[.epoch] { return WallTime(seconds: epoch, nanosecond: 0) }
        let local = (dayNumber * 24 + hour) * 3600 + (fields[.minute] ?? 0) * 60 + (fields[.second] ?? 0)
        if let offset = fields[.offset] { return WallTime(seconds: local - offset, nanosecond: 0) }
        var clock = CivilClock(zone)
        return WallTime(seconds: clock.seconds(ofLocal: local), nanosecond: 0)
    }

    private var hour: Int {
        if let hour = fields[.hour] { return hour }
        return (fields[.hourOfTwelve] ?? 0) % 12 + (fields[.halfDay] ?? 0) * 12
    }

    private var year: Int? {
        fields[.year] ?? fields[.yearOfCentury].map { $0 < 69 ? 2000 + $0 : 1900 + $0 }
    }

    private var dayNumber: Int {
        if let year, let dayOfYear = fields[.dayOfYear] { return firstDay(of: year, month: 1) + dayOfYear - 1 }
        let month = fields[.month] ?? fields[.monthName]
        if let year, let month, let day = fields[.day] { return firstDay(of: year, month: month) + day - 1 }
        if let weekYear = fields[.weekYear], let week = fields[.week] {
            // The fourth of January is always in the first week.
            let fourth = Calendar.dayNumber(year: weekYear, month: 1, day: 4)
            let monday = fourth - (Calendar.weekday(ofDay: fourth) + 6) % 7 + (week - 1) * 7
            let weekday = fields[.weekdayFromMonday] ?? fields[.weekdayFromSunday] ?? 1
            return monday + (weekday + 6) % 7
        }
        return firstDay(of: year ?? 0, month: month ?? 1)
    }

    /// Months that there are not become some other day, which is not written as they are.
    private func firstDay(of year: Int, month: Int) -> Int {
        Calendar.dayNumber(year: year, month: min(max(month, 1), 12), day: 1)
    }
}

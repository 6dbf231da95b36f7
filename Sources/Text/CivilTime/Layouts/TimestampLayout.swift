public import LogModel

/// How times are written in a log, as in C's `strptime`, for example `%d/%b/%Y:%H:%M:%S %z`.
///
///     %Y %y        the year: four digits; two, of 1969 to 2068       %H %I %p   the hour; one of twelve with AM or PM
///     %m %b %B     the month: its number; its English name           %M %S      minute, second
///     %d %e        the day: one digit or two; padded with a space    %f %L      digits behind the point: 1 to 9; exactly 3
///     %j           the day of the year                               %z %Z      +0100, +01:00, +01, Z; UTC, GMT, or a name
///     %a %A        the weekday's English name                                   that the zone in use has, such as CEST
///     %s           seconds since 1970 with or without a fraction
///     %F %T %D %R  %Y-%m-%d, %H:%M:%S, %m/%d/%y, %H:%M               %%         a percent sign
///
/// Names may be whole or the first three letters, and in capitals or not. A space in the layout is one or more spaces and tabs
/// in the line; all else stands for itself. What the layout does not say is as in `Timestamp.Assumptions`. A weekday that
/// contradicts the date makes the time none, and tells which year is meant where that is missing.
public struct TimestampLayout: Hashable, Sendable {
    /// The layout as it was written.
    public let text: String
    private let steps: [LayoutStep]
    private let isEpoch: Bool
    private let endsInDigits: Bool

    /// Reads a layout.
    public init(_ text: String) throws(TimestampLayoutError) {
        self.text = text
        steps = try LayoutCompiler(text).steps
        isEpoch = steps.contains(.epoch)
        endsInDigits =
            switch steps.last {
            case .literal, .spaces, .monthName, .weekday, .halfDay, .zoneName: false
            default: true
            }
    }

    /// The time at `offset` of `bytes`; its range begins there. Nil when the bytes are not as the layout says, or there is no
    /// such time.
    ///
    /// `clock` is that of the zone of times that name none, and `reference` when the line was written at the latest.
    public func timestamp(
        in bytes: Span<UInt8>, at offset: Int, clock: inout CivilClock, reference: WallTime
    ) -> Timestamp? {
        guard offset >= 0, offset <= bytes.count else { return nil }
        var reader = ByteReader(at: offset)
        if isEpoch { return epoch(bytes, &reader) }
        var fields = CivilFields()
        for step in steps {
            guard take(step, bytes, &reader, &fields, clock) else { return nil }
        }
        guard endsWell(bytes, reader) else { return nil }
        return fields.timestamp(range: offset..<reader.position, clock: &clock, reference: reference)
    }

    /// Half a number is no number.
    @inline(__always)
    private func endsWell(_ bytes: Span<UInt8>, _ reader: ByteReader) -> Bool {
        !endsInDigits || !ByteReader.isDigit(reader.next(bytes))
    }

    private func epoch(_ bytes: Span<UInt8>, _ reader: inout ByteReader) -> Timestamp? {
        let start = reader.position
        var nothing = CivilFields()
        let clock = CivilClock(.utc)
        var result: Timestamp?
        for step in steps {
            if step != .epoch {
                guard take(step, bytes, &reader, &nothing, clock) else { return nil }
            } else {
                guard let epoch = reader.epochSeconds(bytes) else { return nil }
                result = epoch
            }
        }
        guard endsWell(bytes, reader) else { return nil }
        result?.range = start..<reader.position
        return result
    }

    /// Reads what one step expects.
    @inline(__always)
    private func take(
        _ step: LayoutStep, _ bytes: Span<UInt8>, _ reader: inout ByteReader, _ fields: inout CivilFields,
        _ clock: CivilClock
    ) -> Bool {
        switch step {
        case .literal(let byte): reader.take(bytes, byte: byte)
        case .spaces: reader.spaces(bytes)
        case .year: set(&fields.year, reader.fourDigits(bytes))
        case .yearOfCentury: set(&fields.year, reader.twoDigits(bytes).map { $0 < 69 ? 2000 + $0 : 1900 + $0 })
        case .month: setDate(.monthAndDay, &fields.date) && set(&fields.month, reader.number(bytes, digits: 2))
        case .monthName: setDate(.monthAndDay, &fields.date) && set(&fields.month, reader.month(bytes))
        case .day: set(&fields.day, reader.number(bytes, digits: 2))
        case .paddedDay: set(&fields.day, reader.paddedDay(bytes))
        case .dayOfYear: setDate(.dayOfYear, &fields.date) && set(&fields.day, reader.number(bytes, digits: 3))
        case .weekday: set(&fields.weekday, reader.weekday(bytes))
        case .hour: set(&fields.hour, reader.number(bytes, digits: 2))
        case .halfDay: set(&fields.isAfternoon, reader.isAfternoon(bytes))
        case .minute: set(&fields.minute, reader.number(bytes, digits: 2))
        case .second: set(&fields.second, reader.number(bytes, digits: 2))
        case .fraction: setFraction(&fields, reader.fraction(bytes))
        case .milliseconds:
            setFraction(&fields, reader.fraction(bytes, digits: 3).flatMap { $0.digits == 3 ? $0 : nil })
        case .zoneOffset: set(&fields.zone, reader.zoneOffset(bytes).map { .offset($0) })
        case .zoneName: set(&fields.zone, reader.zoneName(bytes, clock))
        case .epoch: false
        }
    }

    @inline(__always)
    private func set<Value>(_ field: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    @inline(__always)
    private func set<Value>(_ field: inout Value?, _ value: Value?) -> Bool {
        field = value
        return value != nil
    }

    @inline(__always)
    private func setDate(_ date: CivilFields.Date, _ field: inout CivilFields.Date) -> Bool {
        field = date
        return true
    }

    @inline(__always)
    private func setFraction(_ fields: inout CivilFields, _ fraction: (nanosecond: Int, digits: Int)?) -> Bool {
        guard let fraction else { return false }
        (fields.nanosecond, fields.fractionDigits) = fraction
        return true
    }
}

extension ByteReader {
    /// A day of one digit, with or without a space before it, or two digits.
    @inline(__always)
    fileprivate mutating func paddedDay(_ bytes: Span<UInt8>) -> Int? {
        take(bytes, " ") ? number(bytes, digits: 1) : number(bytes, digits: 2)
    }

    /// `UTC`, `GMT`, a name that the clock's zone has, or what such zones have that have no names: an offset.
    fileprivate mutating func zoneName(_ bytes: Span<UInt8>, _ clock: CivilClock) -> CivilFields.Zone? {
        let word = zoneWord(bytes)
        if word.isEmpty { return zoneOffset(bytes).map { .offset($0) } }
        guard !ByteReader.isLetter(next(bytes)) else { return nil }
        if word.isUniversal { return .offset(0) }
        return clock.knows(word) ? .abbreviation(word) : nil
    }

    /// Seconds since 1970 with up to nine digits behind a point; of the seconds there are eleven digits at most.
    fileprivate mutating func epochSeconds(_ bytes: Span<UInt8>) -> Timestamp? {
        let isNegative = take(bytes, "-")
        guard let seconds = number(bytes, digits: 11), !Self.isDigit(next(bytes)) else { return nil }
        var fraction = (nanosecond: 0, digits: 0)
        if next(bytes) == UInt8(ascii: "."), Self.isDigit(peek(bytes, 1)) {
            position += 1
            fraction = self.fraction(bytes) ?? fraction
        }
        let instant = WallTime(
            seconds: isNegative ? -seconds : seconds,
            nanosecond: isNegative ? -fraction.nanosecond : fraction.nanosecond)
        return instant.map {
            Timestamp(instant: $0, fractionDigits: fraction.digits, range: 0..<0, assumed: [])
        }
    }
}

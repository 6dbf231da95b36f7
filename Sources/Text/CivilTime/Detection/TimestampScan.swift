import LogModel

/// One attempt to read a time that begins at a given place.
struct TimestampScan {
    let start: Int
    /// Whether the line begins here: what is only a number elsewhere may be a time then.
    let isBeginning: Bool
    var reader: ByteReader
    var fields = CivilFields()
    /// What was read where that is no civil time.
    var epoch: WallTime?
    /// Whether the time is called by the name of a zone that is not known.
    var hasForeignZone = false

    static let years = 1970...2199

    init(at start: Int, isBeginning: Bool) {
        self.start = start
        self.isBeginning = isBeginning
        reader = ByteReader(at: start)
    }

    /// Whether a time may begin with a byte: a digit, or the first letter of a month, a weekday or a level of klog.
    @inline(__always)
    static func mayBegin(with byte: UInt8) -> Bool {
        if ByteReader.isDigit(byte) { return true }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 && firstLetters & (1 << UInt32(letter)) != 0
    }

    /// A bit for each of the letters a, d, e, f, i, j, m, n, o, s, t and w.
    private static let firstLetters: UInt32 = 0b10011000111001100111001

    /// Whether a time may begin with the byte behind this one: not within a word, a number, a path or a file's name.
    @inline(__always)
    static func mayPrecede(_ byte: UInt8) -> Bool {
        if isAlphanumeric(byte) { return false }
        return switch Unicode.Scalar(byte) {
        case "_", "-", "+", ".", "/", "\\", "%", "@": false
        default: true
        }
    }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { ByteReader.isDigit(byte) || ByteReader.isLetter(byte) }

    /// Reads the time; nil when what stands there is none. Whether there is such a date is not known yet.
    @inline(__always)
    mutating func format(_ bytes: Span<UInt8>, _ clock: CivilClock) -> TimestampFormat? {
        guard ByteReader.isDigit(bytes[start]) else { return named(bytes, clock) }
        switch Unicode.Scalar(reader.peek(bytes, 4)) {
        case "-", "/", ".": return yearFirst(bytes, clock)
        default: break
        }
        if isBeginning, epoch(bytes) { return .epoch }
        reader.position = start
        if isBeginning, logcat(bytes) { return .logcat }
        reader.position = start
        return dayFirst(bytes, clock)
    }

    /// Nil when there is no such time.
    @inline(__always)
    func timestamp(clock: inout CivilClock, reference: WallTime) -> Timestamp? {
        let range = start..<reader.position
        if let epoch {
            return Timestamp(instant: epoch, fractionDigits: fields.fractionDigits, range: range, assumed: [])
        }
        return fields.timestamp(range: range, clock: &clock, reference: reference)
    }
}

extension TimestampScan {
    @inline(__always)
    private mutating func year(_ bytes: Span<UInt8>) -> Bool {
        guard let year = reader.fourDigits(bytes), Self.years.contains(year) else { return false }
        fields.year = year
        return true
    }

    /// `2025-11-23 10:00:00`, and with slashes or points between the numbers.
    @inline(__always)
    private mutating func yearFirst(_ bytes: Span<UInt8>, _ clock: CivilClock) -> TimestampFormat? {
        guard year(bytes) else { return nil }
        let separator = reader.next(bytes)
        reader.position += 1
        guard let month = reader.twoDigits(bytes), reader.next(bytes) == separator else { return nil }
        reader.position += 1
        guard let day = reader.twoDigits(bytes) else { return nil }
        let hasDashes = separator == UInt8(ascii: "-")
        let between = reader.next(bytes)
        reader.position += 1
        if between == UInt8(ascii: " ") {
            // As apt writes.
            _ = reader.take(bytes, " ")
        } else {
            guard hasDashes, between | 0x20 == UInt8(ascii: "t") else { return nil }
        }
        (fields.date, fields.month, fields.day) = (.monthAndDay, month, day)
        guard time(bytes), zone(bytes, clock) else { return nil }
        return hasDashes ? .iso8601 : .numeric
    }

    /// `23/Nov/2025:10:00:00`, `23-Nov-2025 10:00:00`, `23 Nov 2025 10:00:00`.
    private mutating func dayFirst(_ bytes: Span<UInt8>, _ clock: CivilClock) -> TimestampFormat? {
        guard let day = reader.number(bytes, digits: 2) else { return nil }
        let separator = reader.next(bytes)
        reader.position += 1
        switch Unicode.Scalar(separator) {
        case "/", "-", " ": break
        default: return nil
        }
        guard let month = reader.month(bytes), reader.next(bytes) == separator else { return nil }
        reader.position += 1
        guard year(bytes) else { return nil }
        (fields.date, fields.month, fields.day) = (.monthAndDay, month, day)
        let isAccess = separator == UInt8(ascii: "/")
        guard isAccess && reader.take(bytes, ":") || reader.take(bytes, " "), time(bytes), zone(bytes, clock) else {
            return nil
        }
        return isAccess ? .access : .dayFirst
    }

    /// What begins with a letter.
    private mutating func named(_ bytes: Span<UInt8>, _ clock: CivilClock) -> TimestampFormat? {
        if isBeginning, ByteReader.isDigit(reader.peek(bytes, 1)) { return klog(bytes) ? .klog : nil }
        guard let weekday = reader.weekday(bytes) else { return monthFirst(bytes, clock) ? .monthFirst : nil }
        fields.weekday = weekday
        _ = reader.take(bytes, ",")
        guard reader.take(bytes, " ") else { return nil }
        if ByteReader.isDigit(reader.next(bytes)) { return dayFirst(bytes, clock) }
        return monthFirst(bytes, clock) ? .weekdayFirst : nil
    }

    /// `Nov 23 10:00:00`, where the year may stand behind the day or at the end.
    private mutating func monthFirst(_ bytes: Span<UInt8>, _ clock: CivilClock) -> Bool {
        guard let month = reader.month(bytes), reader.take(bytes, " ") else { return false }
        _ = reader.take(bytes, " ")
        guard let day = reader.number(bytes, digits: 2) else { return false }
        (fields.date, fields.month, fields.day) = (.monthAndDay, month, day)
        _ = reader.take(bytes, ",")
        guard reader.take(bytes, " ") else { return false }
        // An hour has a colon within three bytes.
        if ByteReader.isDigit(reader.peek(bytes, 1)), ByteReader.isDigit(reader.peek(bytes, 2)) {
            guard year(bytes) else { return false }
            _ = reader.take(bytes, ",")
            guard reader.take(bytes, " ") else { return false }
        }
        guard time(bytes), zone(bytes, clock) else { return false }
        if fields.year == nil { yearAtEnd(bytes) }
        return true
    }

    private mutating func yearAtEnd(_ bytes: Span<UInt8>) {
        let end = reader
        if reader.take(bytes, " "), year(bytes), !Self.isAlphanumeric(reader.next(bytes)) { return }
        reader = end
        fields.year = nil
    }

    /// `I1123 10:00:00.123456`, or with the year before the month.
    private mutating func klog(_ bytes: Span<UInt8>) -> Bool {
        switch Unicode.Scalar(reader.next(bytes)) {
        case "I", "W", "E", "F": break
        default: return false
        }
        reader.position += 1
        if ByteReader.isDigit(reader.peek(bytes, 4)), !year(bytes) { return false }
        guard let month = reader.twoDigits(bytes), let day = reader.twoDigits(bytes), reader.take(bytes, " ") else {
            return false
        }
        (fields.date, fields.month, fields.day) = (.monthAndDay, month, day)
        return time(bytes) && fields.fractionDigits == 6 && reader.next(bytes) == UInt8(ascii: " ")
    }

    /// `11-23 10:00:00.123`, which is a time only before the numbers of process and thread and a level, or before `I/`.
    private mutating func logcat(_ bytes: Span<UInt8>) -> Bool {
        guard let month = reader.twoDigits(bytes), reader.take(bytes, "-"), let day = reader.twoDigits(bytes),
            reader.take(bytes, " "), time(bytes), fields.fractionDigits == 3
        else { return false }
        (fields.date, fields.month, fields.day) = (.monthAndDay, month, day)
        var rest = reader
        guard rest.spaces(bytes) else { return false }
        let hasNumbers = ByteReader.isDigit(rest.next(bytes))
        if hasNumbers {
            for _ in 0..<2 where rest.number(bytes, digits: 10) == nil || !rest.spaces(bytes) { return false }
        }
        switch Unicode.Scalar(rest.next(bytes)) {
        case "V", "D", "I", "W", "E", "F", "A": return rest.peek(bytes, 1) == UInt8(ascii: hasNumbers ? " " : "/")
        default: return false
        }
    }

    /// `10:00:00` with or without a fraction; the hour may have one digit.
    @inline(__always)
    private mutating func time(_ bytes: Span<UInt8>) -> Bool {
        guard let hour = reader.number(bytes, digits: 2), reader.take(bytes, ":"),
            let minute = reader.twoDigits(bytes), reader.take(bytes, ":"), let second = reader.twoDigits(bytes)
        else { return false }
        (fields.hour, fields.minute, fields.second) = (hour, minute, second)
        let point = reader.next(bytes)
        guard point == UInt8(ascii: ".") || point == UInt8(ascii: ","), ByteReader.isDigit(reader.peek(bytes, 1)) else {
            return true
        }
        var behind = reader
        behind.position += 1
        guard let fraction = behind.fraction(bytes), !ByteReader.isDigit(behind.next(bytes)) else {
            // Behind a comma it may be another column.
            return point == UInt8(ascii: ",")
        }
        reader = behind
        (fields.nanosecond, fields.fractionDigits) = fraction
        return true
    }
}

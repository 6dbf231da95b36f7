/// Reads numbers and names out of bytes that are handed in with every call, and stands behind what it took.
///
/// What returns nil or false may leave the position anywhere: the whole attempt has failed.
struct ByteReader {
    var position: Int

    init(at position: Int = 0) { self.position = position }
}

extension ByteReader {
    @inline(__always)
    static func digit(_ byte: UInt8) -> Int? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? Int(digit) : nil
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// An ASCII letter.
    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension ByteReader {
    /// The byte that comes next; 0 at the end, which nothing here takes for anything.
    @inline(__always)
    func next(_ bytes: Span<UInt8>) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// The byte `distance` behind the position; 0 behind the end.
    @inline(__always)
    func peek(_ bytes: Span<UInt8>, _ distance: Int) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, _ character: Unicode.Scalar) -> Bool {
        take(bytes, byte: UInt8(ascii: character))
    }

    /// Exactly two digits.
    @inline(__always)
    mutating func twoDigits(_ bytes: Span<UInt8>) -> Int? {
        guard position + 2 <= bytes.count else { return nil }
        let tens = bytes[position] &- UInt8(ascii: "0")
        let ones = bytes[position + 1] &- UInt8(ascii: "0")
        guard tens < 10, ones < 10 else { return nil }
        position += 2
        return Int(tens) * 10 + Int(ones)
    }

    /// Exactly four digits.
    @inline(__always)
    mutating func fourDigits(_ bytes: Span<UInt8>) -> Int? {
        guard let high = twoDigits(bytes), let low = twoDigits(bytes) else { return nil }
        return high * 100 + low
    }

    /// One digit up to `most`, as many as there are.
    @inline(__always)
    mutating func number(_ bytes: Span<UInt8>, digits most: Int) -> Int? {
        let start = position
        var number = 0
        while position < bytes.count, position - start < most, let digit = Self.digit(bytes[position]) {
            number = number * 10 + digit
            position += 1
        }
        return position > start ? number : nil
    }

    /// Digits behind the point of a second, one to `most`; `digits` is how many there were.
    @inline(__always)
    mutating func fraction(_ bytes: Span<UInt8>, digits most: Int = 9) -> (nanosecond: Int, digits: Int)? {
        let start = position
        guard var nanosecond = number(bytes, digits: most) else { return nil }
        let digits = position - start
        for _ in digits..<9 { nanosecond *= 10 }
        return (nanosecond, digits)
    }

    /// At least one space or tab, and all that follow it.
    @inline(__always)
    mutating func spaces(_ bytes: Span<UInt8>) -> Bool {
        let start = position
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        return position > start
    }

    /// Three bytes in one number, letters as small ones.
    ///
    /// Only letters become small letters by setting that bit, so that the number is a name only for letters.
    @inline(__always)
    private func threeLetters(_ bytes: Span<UInt8>) -> UInt32 {
        guard position + 3 <= bytes.count else { return 0 }
        let first = UInt32(bytes[position] | 0x20) << 16
        return first | UInt32(bytes[position + 1] | 0x20) << 8 | UInt32(bytes[position + 2] | 0x20)
    }

    /// The first three letters of an English month, in capitals or not: 1–12.
    @inline(__always)
    mutating func shortMonth(_ bytes: Span<UInt8>) -> Int? {
        let month: Int
        switch threeLetters(bytes) {
        case 0x6A616E: month = 1
        case 0x666562: month = 2
        case 0x6D6172: month = 3
        case 0x617072: month = 4
        case 0x6D6179: month = 5
        case 0x6A756E: month = 6
        case 0x6A756C: month = 7
        case 0x617567: month = 8
        case 0x736570: month = 9
        case 0x6F6374: month = 10
        case 0x6E6F76: month = 11
        case 0x646563: month = 12
        default: return nil
        }
        position += 3
        return month
    }

    /// The first three letters of an English weekday, in capitals or not: 0 for Sunday to 6.
    @inline(__always)
    mutating func shortWeekday(_ bytes: Span<UInt8>) -> Int? {
        let weekday: Int
        switch threeLetters(bytes) {
        case 0x73756E: weekday = 0
        case 0x6D6F6E: weekday = 1
        case 0x747565: weekday = 2
        case 0x776564: weekday = 3
        case 0x746875: weekday = 4
        case 0x667269: weekday = 5
        case 0x736174: weekday = 6
        default: return nil
        }
        position += 3
        return weekday
    }

    /// An English month, whole or its first three letters.
    @inline(__always)
    mutating func month(_ bytes: Span<UInt8>) -> Int? {
        guard let month = shortMonth(bytes) else { return nil }
        if Self.isLetter(next(bytes)) { takeRest(bytes, of: EnglishNames.months[month - 1]) }
        return month
    }

    /// An English weekday, whole or its first three letters.
    @inline(__always)
    mutating func weekday(_ bytes: Span<UInt8>) -> Int? {
        guard let weekday = shortWeekday(bytes) else { return nil }
        if Self.isLetter(next(bytes)) { takeRest(bytes, of: EnglishNames.weekdays[weekday]) }
        return weekday
    }

    /// Takes what follows the first three letters of `name` if all of it is there.
    private mutating func takeRest(_ bytes: Span<UInt8>, of name: StaticString) {
        let count = name.utf8CodeUnitCount - 3
        guard position + count <= bytes.count else { return }
        let isThere = name.withUTF8Buffer { name in
            (0..<count).allSatisfy { bytes[position + $0] | 0x20 == name[$0 + 3] }
        }
        if isThere { position += count }
    }

    /// `AM` or `PM`, in capitals or not; true for the latter.
    @inline(__always)
    mutating func isAfternoon(_ bytes: Span<UInt8>) -> Bool? {
        guard peek(bytes, 1) | 0x20 == UInt8(ascii: "m") else { return nil }
        let half = next(bytes) | 0x20
        guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p") else { return nil }
        position += 2
        return half == UInt8(ascii: "p")
    }

    /// `Z`, `+01`, `+0100`, `+01:00` or either with seconds, in seconds ahead of UTC.
    @inline(__always)
    mutating func zoneOffset(_ bytes: Span<UInt8>) -> Int? {
        let sign = next(bytes)
        position += 1
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = twoDigits(bytes) else { return nil }
        var offset = hours * 3600
        let hasColons = next(bytes) == UInt8(ascii: ":") && Self.isDigit(peek(bytes, 1))
        for unit in [60, 1] {
            if hasColons ? next(bytes) != UInt8(ascii: ":") : !Self.isDigit(next(bytes)) { break }
            if hasColons { position += 1 }
            guard let part = twoDigits(bytes), part < 60 else { return nil }
            offset += part * unit
        }
        guard offset <= 26 * 3600 else { return nil }
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    /// The capital letters that come next as the name of a zone; empty when there are none, or more than eight.
    @inline(__always)
    mutating func zoneWord(_ bytes: Span<UInt8>) -> ZoneAbbreviation {
        var word = ZoneAbbreviation()
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "A") < 26 {
            word.append(bytes[position])
            position += 1
        }
        return position - start <= ZoneAbbreviation.longest ? word : ZoneAbbreviation()
    }
}

/// The names of months and weekdays in the C locale.
enum EnglishNames {
    static let months: [StaticString] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    static let weekdays: [StaticString] = [
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    ]
}

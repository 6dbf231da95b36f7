extension TimestampScan {
    /// The zone behind a time, or nothing. False when what stands there says that it is no time, or one in a zone that is not
    /// known.
    @inline(__always)
    mutating func zone(_ bytes: Span<UInt8>, _ clock: CivilClock) -> Bool {
        let next = reader.next(bytes)
        switch Unicode.Scalar(next) {
        case " ":
            return zoneBehindSpace(bytes, clock)
        case "Z", "z":
            fields.zone = .offset(0)
            reader.position += 1
            return !Self.isAlphanumeric(reader.next(bytes))
        case "+", "-":
            guard ByteReader.isDigit(reader.peek(bytes, 1)) else { return true }
            guard let offset = plausibleOffset(bytes, from: reader) else { return false }
            (fields.zone, reader) = (.offset(offset.seconds), offset.end)
            return true
        case ".":
            return !Self.isAlphanumeric(reader.peek(bytes, 1))
        case "A", "P", "a", "p":
            return halfDay(bytes, from: reader) && zone(bytes, clock)
        case "_":
            return false
        default:
            return !Self.isAlphanumeric(next)
        }
    }

    /// What stands behind a space may be a zone or the line's text.
    @inline(__always)
    private mutating func zoneBehindSpace(_ bytes: Span<UInt8>, _ clock: CivilClock) -> Bool {
        let first = reader.peek(bytes, 1)
        var behind = reader
        behind.position += 1
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            guard isFourDigitOffset(bytes, behind) else { return true }
            guard let offset = plausibleOffset(bytes, from: behind) else { return false }
            (fields.zone, reader) = (.offset(offset.seconds), offset.end)
            return true
        }
        guard ByteReader.isLetter(first) else { return true }
        if halfDay(bytes, from: behind) { return zone(bytes, clock) }
        let word = behind.zoneWord(bytes)
        guard !word.isEmpty, !Self.isAlphanumeric(behind.next(bytes)) else { return true }
        if word.isUniversal {
            (fields.zone, reader) = (.offset(0), behind)
            return zoneBehindUniversal(bytes)
        }
        if clock.knows(word) {
            (fields.zone, reader) = (.abbreviation(word), behind)
            return true
        }
        hasForeignZone = word.isForeignZone
        return !hasForeignZone
    }

    /// `GMT+0100`, as JavaScript writes.
    private mutating func zoneBehindUniversal(_ bytes: Span<UInt8>) -> Bool {
        let sign = reader.next(bytes)
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), ByteReader.isDigit(reader.peek(bytes, 1)) else {
            return true
        }
        guard let offset = plausibleOffset(bytes, from: reader) else { return false }
        (fields.zone, reader) = (.offset(offset.seconds), offset.end)
        return true
    }

    /// Takes `AM` or `PM` where no half of the day has been named yet.
    @inline(__always)
    private mutating func halfDay(_ bytes: Span<UInt8>, from place: ByteReader) -> Bool {
        var behind = place
        guard fields.isAfternoon == nil, let isAfternoon = behind.isAfternoon(bytes),
            !Self.isAlphanumeric(behind.next(bytes))
        else { return false }
        (fields.isAfternoon, reader) = (isAfternoon, behind)
        return true
    }

    /// Whether there are four digits behind a sign, with or without a colon between them: a zone or something unknown that looks
    /// like one, but not any number.
    @inline(__always)
    private func isFourDigitOffset(_ bytes: Span<UInt8>, _ place: ByteReader) -> Bool {
        var end = place
        end.position += 1
        guard end.twoDigits(bytes) != nil else { return false }
        _ = end.take(bytes, ":")
        return end.twoDigits(bytes) != nil && !Self.isAlphanumeric(end.next(bytes))
    }

    /// An offset of whole five minutes that some place on earth has or had, and not a part of a longer number.
    @inline(__always)
    private func plausibleOffset(
        _ bytes: Span<UInt8>, from place: ByteReader
    ) -> (seconds: Int, end: ByteReader)? {
        var end = place
        guard let seconds = end.zoneOffset(bytes), (-12 * 3600...14 * 3600).contains(seconds), seconds % 300 == 0,
            end.position - place.position <= 6, !Self.isAlphanumeric(end.next(bytes)),
            end.next(bytes) != UInt8(ascii: ":") || !ByteReader.isDigit(end.peek(bytes, 1))
        else { return nil }
        return (seconds, end)
    }
}

extension ZoneAbbreviation {
    /// Whether this is a zone that many logs name. Where the zone in use does not have it, the time is not known: taking it for
    /// one of the zone in use would be hours off.
    @inline(__always)
    var isForeignZone: Bool {
        // All of them end so, and few words that stand behind a time do: INFO, ERROR.
        let last = UInt8(truncatingIfNeeded: packed)
        return (last == UInt8(ascii: "T") || last == UInt8(ascii: "K")) && Self.known.contains(packed)
    }

    private static let known = [
        "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "AKDT", "HST", "AST", "ADT", "NST", "NDT",
        "BRT",
        "WET", "WEST", "CET", "CEST", "MET", "MEST", "EET", "EEST", "BST", "IST", "MSK", "SAST", "PKT", "JST", "KST",
        "HKT",
        "SGT", "AEST", "AEDT", "ACST", "ACDT", "AWST", "NZST", "NZDT",
    ].map { ZoneAbbreviation($0.utf8).packed }
}

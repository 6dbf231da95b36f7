import LogModel

extension TimestampScan {
    /// Seconds since 1970 of the years 2001 to 2099: numbers of ten digits.
    private static let epochSeconds: Range<UInt64> = 1_000_000_000..<4_102_444_800

    /// A number of 10, 13, 16 or 19 digits in a range that makes it a time, with nothing beside it that makes it another thing.
    @inline(__always)
    mutating func epoch(_ bytes: Span<UInt8>) -> Bool {
        let digits = countDigits(bytes)
        let fractionDigits = digits - 10
        guard fractionDigits >= 0, fractionDigits <= 9, fractionDigits % 3 == 0 else { return false }
        var number: UInt64 = 0
        for index in start..<start + digits { number = number &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0")) }
        var nanosecondsPerUnit: UInt64 = 1_000_000_000
        for _ in 0..<fractionDigits / 3 { nanosecondsPerUnit /= 1000 }
        let seconds = number / (1_000_000_000 / nanosecondsPerUnit)
        guard Self.epochSeconds.contains(seconds) else { return false }
        reader.position += digits
        fields.fractionDigits = fractionDigits
        var nanoseconds = Int64(number * nanosecondsPerUnit)
        if fractionDigits == 0, reader.next(bytes) == UInt8(ascii: "."), ByteReader.isDigit(reader.peek(bytes, 1)) {
            reader.position += 1
            guard let fraction = reader.fraction(bytes) else { return false }
            nanoseconds += Int64(fraction.nanosecond)
            fields.fractionDigits = fraction.digits
        }
        epoch = WallTime(nanoseconds: nanoseconds)
        return endsNumber(bytes)
    }

    @inline(__always)
    private func countDigits(_ bytes: Span<UInt8>) -> Int {
        var end = start
        while end < bytes.count, end - start < 20, ByteReader.isDigit(bytes[end]) { end += 1 }
        return end - start
    }

    @inline(__always)
    private func endsNumber(_ bytes: Span<UInt8>) -> Bool {
        guard reader.position < bytes.count else { return true }
        return switch Unicode.Scalar(bytes[reader.position]) {
        case " ", "\t", ",", ";", ":", "|", "]", ")", "\"", "'": true
        default: false
        }
    }
}

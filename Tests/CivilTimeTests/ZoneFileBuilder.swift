/// A time zone file that a test makes, right or wrong; the layout is that of RFC 9636.
struct ZoneFileBuilder {
    var version: UInt8 = UInt8(ascii: "2")
    var changes: [Int] = []
    var typesAfterChanges: [UInt8] = []
    /// Seconds from UTC, daylight-saving time, index of the abbreviation.
    var types: [(Int, UInt8, UInt8)] = [(3600, 0, 0)]
    var abbreviations = "CET\0CEST\0"
    var leapSeconds = 0
    var indicators = 0
    var footer = "\nCET-1CEST,M3.5.0,M10.5.0/3\n"

    var bytes: [UInt8] {
        if version == 0 { return block(timeSize: 4) }
        return ZoneFileBuilder(version: version).block(timeSize: 4) + block(timeSize: 8) + Array(footer.utf8)
    }

    private func block(timeSize: Int) -> [UInt8] {
        var bytes = Array("TZif".utf8) + [version] + Array(repeating: 0, count: 15)
        for count in [0, indicators, leapSeconds, changes.count, types.count, abbreviations.utf8.count] {
            bytes += number(count, 4)
        }
        for change in changes { bytes += number(change, timeSize) }
        bytes += typesAfterChanges
        for (offset, daylight, abbreviation) in types { bytes += number(offset, 4) + [daylight, abbreviation] }
        bytes += Array(abbreviations.utf8)
        return bytes + Array(repeating: 0, count: leapSeconds * (timeSize + 4) + indicators)
    }

    private func number(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}

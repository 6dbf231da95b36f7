// The layout of RFC 9636. Numbers are big-endian; version 2 and later repeat header and data with 64-bit times.
//
//     header   "TZif"  version  15 reserved  counts: UT/local, standard/wall, leap seconds, changes, types, abbreviations
//     data     changes x time   changes x type index   types x (offset:4 daylight:1 abbreviation index:1)
//              abbreviations    leap seconds x (time, correction:4)   standard/wall x 1   UT/local x 1
//     footer   "\n" rule for the time after the last change, as in POSIX's TZ "\n"

extension TimeZoneRules {
    /// Seconds after 1970 that a `WallTime` can hold. What changed earlier is what applies at the beginning.
    static let representable = -9_223_372_037...9_223_372_036

    /// Reads a file of the system's time zone database, such as `/usr/share/zoneinfo/Europe/Berlin`; `name` is for messages.
    public init(tzif bytes: [UInt8], name: String) throws(TimeZoneError) {
        var reader = TZifReader(bytes: bytes, name: name)
        var header = try reader.header()
        var timeSize = 4
        if header.version > 0 {
            try reader.skip(header.dataSize(timeSize: 4), "the 32-bit data")
            header = try reader.header()
            timeSize = 8
        }
        guard header.leapSeconds == 0 else { throw TimeZoneError.leapSeconds(name) }
        var data = try reader.data(header, timeSize: timeSize)
        if header.version > 0 { try reader.footer(&data) }
        self.init(
            name: name, types: data.types, initialType: data.initialType, changes: data.changes,
            typesAfterChanges: data.typesAfterChanges)
    }
}

/// The counts of a header and the version before them.
private struct TZifHeader {
    /// 0 for the first version, which has no 64-bit data.
    var version: Int
    var utIndicators: Int
    var standardIndicators: Int
    var leapSeconds: Int
    var changes: Int
    var types: Int
    var abbreviationBytes: Int

    func dataSize(timeSize: Int) -> Int {
        changes * (timeSize + 1) + types * 6 + abbreviationBytes + leapSeconds * (timeSize + 4) + standardIndicators
            + utIndicators
    }
}

private struct TZifData {
    var types: [ZoneLocalTime]
    var initialType: UInt8
    var changes: [Int]
    var typesAfterChanges: [UInt8]

    mutating func append(_ change: Int, _ type: UInt8) {
        if change <= TimeZoneRules.representable.lowerBound {
            initialType = type
        } else if change <= TimeZoneRules.representable.upperBound {
            changes.append(change)
            typesAfterChanges.append(type)
        }
    }
}

private struct TZifReader {
    let bytes: [UInt8]
    let name: String
    private var offset = 0

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    private func damaged(_ detail: String, at place: Int? = nil) -> TimeZoneError {
        .damaged(name, at: place ?? offset, detail)
    }

    private func require(_ count: Int, _ what: String) throws(TimeZoneError) {
        guard count <= bytes.count - offset else {
            throw damaged("\(what) should have \(count) bytes, and \(bytes.count - offset) are left")
        }
    }

    mutating func skip(_ count: Int, _ what: String) throws(TimeZoneError) {
        try require(count, what)
        offset += count
    }

    /// The next `count` bytes as a signed number; the caller has made sure that they are there.
    private mutating func number(_ count: Int) -> Int {
        var bits = bytes[offset] & 0x80 == 0 ? 0 : -1
        for byte in bytes[offset..<offset + count] { bits = bits << 8 | Int(byte) }
        offset += count
        return bits
    }

    mutating func header() throws(TimeZoneError) -> TZifHeader {
        let start = offset
        guard bytes[start...].starts(with: "TZif".utf8) else {
            throw start == 0 ? TimeZoneError.foreign(name) : damaged("the 64-bit header does not begin with `TZif`")
        }
        try require(44, "the header")
        let version = bytes[start + 4]
        guard version == 0 || version >= UInt8(ascii: "2") else {
            throw damaged("there is no version \(version)", at: start + 4)
        }
        offset = start + 20
        let counts = (0..<6).map { _ in number(4) }
        guard let smallest = counts.min(), smallest >= 0 else {
            throw damaged("a count is out of range", at: start + 20)
        }
        let header = TZifHeader(
            version: Int(version), utIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
            changes: counts[3], types: counts[4], abbreviationBytes: counts[5])
        for indicators in counts[0...1] where indicators != 0 && indicators != header.types {
            throw damaged("\(indicators) indicators belong to \(header.types) types", at: start + 20)
        }
        return header
    }

    /// The data behind a header, without its rule.
    mutating func data(_ header: TZifHeader, timeSize: Int) throws(TimeZoneError) -> TZifData {
        guard header.types > 0, header.types <= 256 else { throw damaged("it has \(header.types) types, not 1 to 256") }
        try require(header.dataSize(timeSize: timeSize), "the data")
        let start = offset
        let times = (0..<header.changes).map { _ in number(timeSize) }
        for index in times.indices.dropFirst() where times[index] <= times[index - 1] {
            throw damaged("change \(index + 1) does not come after the one before", at: start + index * timeSize)
        }
        let indicesStart = offset
        let indices = Array(bytes[offset..<offset + header.changes])
        if let wrong = indices.firstIndex(where: { $0 >= header.types }) {
            throw damaged("there is no type \(indices[wrong])", at: indicesStart + wrong)
        }
        offset += header.changes
        var data = TZifData(types: try types(header), initialType: 0, changes: [], typesAfterChanges: [])
        for (time, type) in zip(times, indices) { data.append(time, type) }
        offset = start + header.dataSize(timeSize: timeSize)
        return data
    }

    private mutating func types(_ header: TZifHeader) throws(TimeZoneError) -> [ZoneLocalTime] {
        let names = bytes[(offset + header.types * 6)...].prefix(header.abbreviationBytes)
        var types: [ZoneLocalTime] = []
        for _ in 0..<header.types {
            let place = offset
            let difference = number(4)
            let isDaylightSaving = bytes[offset]
            let nameIndex = Int(bytes[offset + 1])
            offset += 2
            guard ZoneLocalTime.offsets.contains(difference) else {
                throw damaged("a type is \(difference) seconds from UTC", at: place)
            }
            guard isDaylightSaving <= 1 else {
                throw damaged("a type is neither standard nor daylight time", at: place + 4)
            }
            guard let end = names.dropFirst(nameIndex).firstIndex(of: 0) else {
                throw damaged("a type has no abbreviation", at: place + 5)
            }
            types.append(
                ZoneLocalTime(
                    offset: difference, isDaylightSaving: isDaylightSaving == 1,
                    abbreviation: ZoneAbbreviation(names[(names.startIndex + nameIndex)..<end])))
        }
        return types
    }

    /// Writes out the rule for the time after the last change.
    mutating func footer(_ data: inout TZifData) throws(TimeZoneError) {
        let start = offset
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\n"),
            let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw damaged("the rule for the time after the last change is missing") }
        let text = bytes[start + 1..<end]
        if text.isEmpty { return }
        guard let rule = PosixZoneRule(Array(text)) else {
            throw damaged(
                "`\(String(decoding: text, as: UTF8.self))` is no rule for the time after the last change",
                at: start + 1)
        }
        let last = data.changes.last
        guard let daylight = rule.daylight else {
            // What applies after the last change is given already.
            if last == nil {
                data.append(TimeZoneRules.representable.lowerBound, try index(of: rule.standard, in: &data))
            }
            return
        }
        let types = (try index(of: rule.standard, in: &data), try index(of: daylight.time, in: &data))
        for change in rule.changes where last.map({ change.second > $0 }) ?? true {
            data.append(change.second, change.isToDaylight ? types.1 : types.0)
        }
    }

    /// The index of a type, which is added where the file does not have it.
    private func index(of type: ZoneLocalTime, in data: inout TZifData) throws(TimeZoneError) -> UInt8 {
        if let known = data.types.firstIndex(of: type) { return UInt8(known) }
        guard data.types.count < 256 else { throw damaged("it has too many types") }
        data.types.append(type)
        return UInt8(data.types.count - 1)
    }
}

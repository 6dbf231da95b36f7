/// When and by how much the clocks of a zone differ from UTC, for all instants that a `WallTime` can name.
///
/// Changes that a file gives as a rule for the years to come are written out to the year 2262, where `WallTime` ends: 5 KB for
/// a zone with summer time, and one way to look everything up.
public struct TimeZoneRules: Hashable, Sendable {
    /// What the zone is called in messages.
    public let name: String
    /// In seconds after 1970, ascending.
    let changes: [Int]
    /// For each change the index in `types` of what applies from then on.
    let typesAfterChanges: [UInt8]
    /// What applies before the first change.
    let initialType: UInt8
    let types: [ZoneLocalTime]
    /// The union of the masks of all abbreviations.
    let abbreviations: UInt64

    init(
        name: String, types: [ZoneLocalTime], initialType: UInt8 = 0, changes: [Int] = [],
        typesAfterChanges: [UInt8] = []
    ) {
        self.name = name
        self.types = types
        self.initialType = initialType
        self.changes = changes
        self.typesAfterChanges = typesAfterChanges
        abbreviations = types.reduce(0) { $0 | $1.abbreviation.mask }
    }

    /// UTC at all times.
    public static let utc = TimeZoneRules(
        name: "UTC", types: [ZoneLocalTime(offset: 0, isDaylightSaving: false, abbreviation: .utc)])

    /// The same difference from UTC at all times: 3600 for `+01:00`. Nil beyond 26 hours.
    public init?(fixedOffset seconds: Int) {
        guard ZoneLocalTime.offsets.contains(seconds) else { return nil }
        let name = Self.offsetText(seconds)
        self.init(
            name: name,
            types: [ZoneLocalTime(offset: seconds, isDaylightSaving: false, abbreviation: ZoneAbbreviation(name.utf8))])
    }

    /// The zones that need no file: `UTC`, `GMT`, `Z`, and offsets written as `+01:00`, `+0100` or `+01`. Nil for anything
    /// else.
    public init?(fixed text: String) {
        if ["UTC", "GMT", "Z"].contains(text) {
            self = .utc
            return
        }
        let bytes = Array(text.utf8)
        var reader = ByteReader()
        guard let offset = reader.zoneOffset(bytes.span), reader.position == bytes.count, !bytes.isEmpty else {
            return nil
        }
        self.init(fixedOffset: offset)
    }

    /// `+01:00`, with seconds where there are some.
    static func offsetText(_ offset: Int) -> String {
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let size = abs(offset)
        let minutes = "\(offset < 0 ? "-" : "+")\(twoDigits(size / 3600)):\(twoDigits(size / 60 % 60))"
        return size % 60 == 0 ? minutes : "\(minutes):\(twoDigits(size % 60))"
    }
}

extension TimeZoneRules {
    /// The period that `second` after 1970 lies in.
    func period(at second: Int) -> ZonePeriod {
        // The number of changes that are not after it.
        period(afterChanges: partition { changes[$0] <= second })
    }

    /// The period that a local time is taken as within: of a repeated time the first, of a skipped one that before the skip.
    func period(atLocal localSecond: Int) -> ZonePeriod {
        period(afterChanges: partition { localBound(ofChange: $0) <= localSecond })
    }

    /// As `period(atLocal:)`, and of a repeated time the second.
    func laterPeriod(atLocal localSecond: Int) -> ZonePeriod {
        period(afterChanges: partition { changes[$0] + type(afterChanges: $0 + 1).offset <= localSecond })
    }

    private func type(afterChanges count: Int) -> ZoneLocalTime {
        types[Int(count == 0 ? initialType : typesAfterChanges[count - 1])]
    }

    private func period(afterChanges count: Int) -> ZonePeriod {
        let localStart = count == 0 ? Int.min : localBound(ofChange: count - 1)
        let localEnd = count == changes.count ? Int.max : localBound(ofChange: count)
        return ZonePeriod(
            start: count == 0 ? Int.min : changes[count - 1], end: count == changes.count ? Int.max : changes[count],
            localSeconds: localStart..<max(localStart, localEnd), type: type(afterChanges: count))
    }

    /// The first local second that belongs to the time after a change. Where clocks go forward the skipped ones belong to the
    /// time before, and where they go back the repeated ones do: the bound is the later of what both clocks show.
    private func localBound(ofChange index: Int) -> Int {
        changes[index] + max(type(afterChanges: index).offset, type(afterChanges: index + 1).offset)
    }

    /// How many changes there are for which `isBefore` holds; those are the first ones.
    private func partition(_ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

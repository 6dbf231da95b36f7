public import CivilTime
public import LogModel

/// A file that was a live log once, as its name tells.
public struct Generation: Hashable, Sendable {
    /// What it is called in its directory.
    public var name: String
    /// When the stretch of time began in which it was set aside.
    public var time: WallTime
    /// Tells apart what was set aside in the same stretch of time: 0, 1, …
    public var sequence: Int
    /// Whether it is a gzip file.
    public var isCompressed: Bool

    /// The name that it had, or has, uncompressed.
    public var plainName: String { isCompressed ? String(name.dropLast(GenerationNames.compressedEnding.count)) : name }

    /// What becomes of one that is not compressed yet.
    var compressed: Generation {
        Generation(
            name: name + GenerationNames.compressedEnding, time: time, sequence: sequence, isCompressed: true)
    }
}

extension Generation: Comparable {
    /// Whether it was set aside earlier.
    public static func < (left: Generation, right: Generation) -> Bool {
        (left.time, left.sequence, left.name) < (right.time, right.sequence, right.name)
    }
}

/// How the generations of one live log are called: `app.log-20251123_100500`, and `.gz` behind it once it is compressed. What is set
/// aside in the same stretch of time gets `.1`, `.2`, … before that.
public struct GenerationNames: Sendable {
    /// What stands between the live name and the time unless another layout is chosen.
    public static let defaultLayout = "-%Y%m%d_%H%M%S"
    static let compressedEnding = ".gz"
    /// Room for a sequence, `.gz`, and what stands around the name while it is written.
    private static let reserve = 32

    /// The name of the file that is written.
    public let live: String
    private let layout: NameLayout

    /// Names for a log.
    ///
    /// - Parameters:
    ///   - live: the name of the file that is written, without its directory.
    ///   - layout: what comes behind it, as `strftime`.
    ///   - zone: whose clock the names show.
    /// - Throws: what is wrong with the layout.
    public init(
        live: String, layout: String = defaultLayout, zone: TimeZoneRules = .utc
    ) throws(TimestampLayoutError) {
        self.live = live
        self.layout = try NameLayout(NameLayout.escaped(live) + layout, zone: zone)
    }

    /// Whether names, with all that may come behind them, are as long as Linux takes them.
    public var fit: Bool { layout.name(at: .unixEpoch).utf8.count + Self.reserve <= NameLayout.longestName }

    /// A name that nothing has, neither plain nor compressed.
    ///
    /// - Parameters:
    ///   - time: when the log is set aside.
    ///   - taken: the names in the directory.
    /// - Returns: the name of the time, with the lowest sequence that is free.
    public func unused(at time: WallTime, taken: Set<String>) -> String {
        let base = layout.name(at: time)
        var name = base
        var sequence = 0
        while taken.contains(name) || taken.contains(name + Self.compressedEnding) {
            sequence += 1
            name = "\(base).\(sequence)"
        }
        return name
    }

    /// What a name says of its file; nil when it is not one of these.
    public func generation(_ name: String) -> Generation? {
        let isCompressed = name.hasSuffix(Self.compressedEnding)
        let plain = isCompressed ? String(name.dropLast(Self.compressedEnding.count)) : name
        if let time = layout.time(of: plain) {
            return Generation(name: name, time: time, sequence: 0, isCompressed: isCompressed)
        }
        guard let dot = plain.lastIndex(of: "."), let sequence = Int(plain[plain.index(after: dot)...]), sequence > 0,
            plain[plain.index(after: dot)...] == "\(sequence)", let time = layout.time(of: String(plain[..<dot]))
        else { return nil }
        return Generation(name: name, time: time, sequence: sequence, isCompressed: isCompressed)
    }

    /// All generations among some names, oldest first.
    public func generations(among names: some Sequence<String>) -> [Generation] {
        names.compactMap(generation).sorted()
    }
}

import LogModel

/// How the bytes of a rotated file are stored, judged by its name.
enum RotatedCodec: Sendable, Equatable {
    case plain
    case gzip
    /// A compression that is not read (`.xz`, `.zst`, `.bz2` …); such a file is recognised, and left alone.
    case unsupported
}

/// A name that a rotation gave to an older file of a stream, such as `app.log.1`, `app.log-20251123.gz`, `app-20251123.log`.
struct RotatedName: Equatable {
    /// The age that the name tells. Numbers grow with age, dates shrink with it.
    enum Order: Equatable {
        case number(UInt64)
        case date([UInt64])
        case unknown
    }

    var order: Order
    var codec: RotatedCodec

    /// Reads `name` as a rotated sibling of the live file `live`; nil when it is none.
    init?(_ name: String, ofLive live: String) {
        guard name != live else { return nil }
        let (plain, codec) = Self.strippingCompression(name)
        if plain == live, codec != .plain {
            self.init(order: .unknown, codec: codec)
        } else if plain.hasPrefix(live), let order = Self.suffixOrder(plain.dropFirst(live.count)) {
            self.init(order: order, codec: codec)
        } else if let order = Self.middleOrder(plain, live: live) {
            self.init(order: order, codec: codec)
        } else {
            return nil
        }
    }

    private init(order: Order, codec: RotatedCodec) {
        self.order = order
        self.codec = codec
    }

    /// How all names begin that are rotations of a live file.
    static func commonBeginning(ofLive live: String) -> String {
        guard let dot = live.lastIndex(of: "."), dot != live.startIndex else { return live }
        return String(live[..<dot])
    }

    /// The live name that `name` is a numbered rotation of (`app.log.1`, `app.log.2.gz`); nil when it does not look like one.
    /// Dates are not taken for rotations here: many services write into files that are named by the day.
    static func liveName(ofNumbered name: String) -> String? {
        let (plain, _) = strippingCompression(name)
        guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return nil }
        let digits = plain[plain.index(after: dot)...]
        guard (1...4).contains(digits.count), digits.utf8.allSatisfy(isDigit),
            digits.utf8.first != 0x30 || digits == "0"
        else { return nil }
        let live = String(plain[..<dot])
        // A version, as in `tool-1.2`, is no rotation.
        return live.utf8.last.map(isDigit) == true ? nil : live
    }

    private static func strippingCompression(_ name: String) -> (Substring, RotatedCodec) {
        if name.hasSuffix(".gz") { return (name.dropLast(3), .gzip) }
        for suffix in [".xz", ".zst", ".bz2", ".lz4", ".Z", ".zip"] where name.hasSuffix(suffix) {
            return (name.dropLast(suffix.count), .unsupported)
        }
        return (Substring(name), .plain)
    }

    /// `.1`, `-20251123`, `.2025-11-23_10-00`, `.old`, `~`.
    private static func suffixOrder(_ suffix: Substring) -> Order? {
        guard let separator = suffix.first, ".-_~".contains(separator) else { return nil }
        let rest = suffix.dropFirst()
        if rest.isEmpty { return separator == "~" ? .unknown : nil }
        if ["old", "bak", "prev", "previous", "orig", "save", "backup", "copy"].contains(rest) { return .unknown }
        guard let numbers = numbers(in: rest) else { return nil }
        if numbers.count == 1, rest.utf8.count <= 6 { return .number(numbers[0]) }
        return .date(numbers)
    }

    /// `app-20251123.log` beside `app.log`: only a date of at least six digits, because `worker-1.log` is a log of its own.
    private static func middleOrder(_ plain: Substring, live: String) -> Order? {
        guard let dot = live.lastIndex(of: "."), dot != live.startIndex else { return nil }
        let (stem, ending) = (live[..<dot], live[dot...])
        guard plain.hasPrefix(stem), plain.hasSuffix(ending), plain.count > stem.count + ending.count + 1 else {
            return nil
        }
        let middle = plain.dropFirst(stem.count).dropLast(ending.count)
        guard let separator = middle.first, ".-_".contains(separator), let numbers = numbers(in: middle.dropFirst()),
            middle.utf8.count(where: isDigit) >= 6
        else { return nil }
        return .date(numbers)
    }

    /// The numbers of a text of digits and date punctuation; nil when anything else is in it.
    private static func numbers(in text: Substring) -> [UInt64]? {
        var numbers: [UInt64] = []
        var current: UInt64?
        for byte in text.utf8 {
            if isDigit(byte) {
                current = (current ?? 0) &* 10 &+ UInt64(byte - 0x30)
            } else if "-_.:TZ+".utf8.contains(byte) {
                if let number = current { numbers.append(number) }
                current = nil
            } else {
                return nil
            }
        }
        if let number = current { numbers.append(number) }
        return numbers.isEmpty || text.utf8.first.map(isDigit) != true ? nil : numbers
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

extension RotatedName {
    /// Whether `left` is older than `right`: by what the names say where they say the same kind of thing, else by the time
    /// of the last write.
    static func isOlder(
        _ left: (name: RotatedName, modified: WallTime), _ right: (name: RotatedName, modified: WallTime)
    )
        -> Bool
    {
        switch (left.name.order, right.name.order) {
        case (.number(let a), .number(let b)) where a != b: a > b
        case (.date(let a), .date(let b)) where a != b: a.lexicographicallyPrecedes(b)
        default: left.modified < right.modified
        }
    }
}

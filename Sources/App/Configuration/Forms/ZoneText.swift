import CivilTime

/// A zone as it is named.
enum ZoneChoice: Hashable, Sendable {
    /// That of this machine.
    case local
    /// One that needs no file.
    case fixed(TimeZoneRules)
    /// One of tzdata.
    case named(String)
}

/// Names of zones: `local`, `UTC`, `+01:00`, `Europe/Berlin`.
enum ZoneText {
    static func parse(_ text: String) throws(FormProblem) -> ZoneChoice {
        if text == "local" { return .local }
        if let rules = TimeZoneRules(fixed: text) { return .fixed(rules) }
        guard isName(text) else {
            throw FormProblem(
                hint: "write `local`, `UTC`, a name such as `Europe/Berlin`, or an offset such as `+01:00`")
        }
        return .named(text)
    }

    /// Whether it may be the name of a file of tzdata, below its folder.
    static func isName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            part.utf8.first.map { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A } ?? false
                && part.utf8.allSatisfy {
                    $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "_+-".utf8.contains($0)
                }
        }
    }
}

/// Layouts of times.
enum TimestampLayoutText {
    /// `auto`, which is nil, or a layout as of `strptime`.
    static func parse(_ text: String) throws(FormProblem) -> TimestampLayout? {
        if text == "auto" { return nil }
        do throws(TimestampLayoutError) {
            return try TimestampLayout(text)
        } catch {
            throw FormProblem(
                "\(error.reason), at character \(error.character)",
                hint: error.hint.map(FormProblem.phrase) ?? "write `auto`, or a layout such as `%Y-%m-%d %H:%M:%S`")
        }
    }
}

extension TimeZoneRules {
    /// A zone as in POSIX's `TZ`, such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil when the text is none.
    public init?(posix text: String) {
        guard let rule = PosixZoneRule(Array(text.utf8)) else { return nil }
        let changes = rule.changes.filter { Self.representable.contains($0.second) }
        self.init(
            name: text, types: [rule.standard] + [rule.daylight?.time].compactMap { $0 },
            initialType: changes.first.map { $0.isToDaylight ? 0 : 1 } ?? 0, changes: changes.map(\.second),
            typesAfterChanges: changes.map { $0.isToDaylight ? 1 : 0 })
    }
}

import JSONText

/// An answer is read leniently: what is missing counts as nothing, so that another version's answer can still be shown.
extension JSONValue {
    func text(_ name: String) -> String { (self[name]?.string ?? "").printable }

    func amount(_ name: String) -> UInt64 {
        guard let number = self[name]?.double, number > 0 else { return 0 }
        return self[name]?.integer.map { UInt64(clamping: $0) } ?? UInt64(exactly: number.rounded()) ?? .max
    }

    func flag(_ name: String) -> Bool { self[name]?.bool ?? false }

    func items(_ name: String) -> [JSONValue] { self[name]?.array ?? [] }

    /// The sum of the numbers in an object.
    func total(_ name: String) -> UInt64 {
        (self[name]?.members ?? []).reduce(0) { $0 + UInt64(clamping: $1.value.integer ?? 0) }
    }
}

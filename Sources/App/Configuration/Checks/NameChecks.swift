import YAMLNodes

/// Names that must differ, and names that must lead somewhere.
struct NameChecks {
    let context: DecodingContext

    /// Reports each name that occurred before.
    func checkUnique(_ names: [Located<String>?], of plural: String) {
        var first: [String: TextLocation] = [:]
        for name in names.compactMap({ $0 }) {
            guard let other = first.updateValue(name.location, forKey: name.value) else { continue }
            first[name.value] = other
            context.error(
                "two \(plural) are named `\(name.value)`, here and at \(other)", at: name.location,
                hint: "give each its own name")
        }
    }

    /// Reports references to sources that do not exist.
    func checkSources(_ references: [Located<String>], known: [String]) {
        for reference in references where !known.contains(reference.value) {
            let nearest = NearestName.of(reference.value, among: known)
            context.error(
                "there is no source named `\(reference.value)`", at: reference.location,
                hint: nearest.map { "write `\($0)`" } ?? "the sources are \(known.quotedList)")
        }
    }
}

import YAMLNodes

/// Reads the known keys of one mapping. Creating it reports unknown and missing keys.
struct ObjectReader {
    let location: TextLocation
    let context: DecodingContext
    private let entries: [String: YAMLEntry]
    /// Missing keys of which an unknown key is obviously a misspelling: one message is enough.
    private let misspelled: Set<String>

    /// Nil, and reported, when the node is no mapping.
    init?(_ node: YAMLNode, _ schema: ObjectSchema, _ context: DecodingContext) {
        guard case .mapping(let list) = node.content else {
            let keys = schema.keys.map(\.key).quotedList
            context.mismatch(node, .object(schema), hint: "write `key: value` pairs; the keys are \(keys)")
            return nil
        }
        location = node.location
        self.context = context
        let entries = Dictionary(list.map { ($0.key, $0) }) { first, _ in first }
        let missing = schema.keys.map(\.key).filter { entries[$0] == nil }
        let unknown = list.map(\.key).filter { schema.key($0) == nil }
        misspelled = Set(unknown.compactMap { NearestName.of($0, among: missing) })
        self.entries = entries
        reportKeys(list, schema)
    }

    private func reportKeys(_ list: [YAMLEntry], _ schema: ObjectSchema) {
        for entry in list where schema.key(entry.key) == nil { reportUnknown(entry, schema) }
        for key in schema.keys where key.isRequired && entries[key.key] == nil && !misspelled.contains(key.key) {
            context.error(
                "\(schema.phrase) needs the key `\(key.key)`", at: location, hint: "add `\(key.key): \(key.example)`")
        }
        for group in schema.exactlyOneOf where misspelled.isDisjoint(with: group) { check(group, schema) }
    }

    /// The value of a key, or its default. Nil when it has a mistake, or is absent and has no default.
    func callAsFunction<Value>(_ field: Field<Value>) -> Value? { located(field)?.value }

    /// The value of a key and its location; for a default the location is the mapping's.
    func located<Value>(_ field: Field<Value>) -> Located<Value>? {
        let key = field.schema.key
        guard let entry = entries[key] else { return defaultValue(of: field) }
        let value = context.within(key: key) { field.reader.read(entry.value, context) }
        return value.map { Located(value: $0, location: entry.value.location) }
    }

    /// Whether the key is absent, and no other key looks like a misspelling of it.
    func isMissing<Value>(_ field: Field<Value>) -> Bool { isMissing(field.schema) }

    func isMissing(_ key: KeySchema) -> Bool { entries[key.key] == nil && !misspelled.contains(key.key) }

    /// Whether the key has a list or a mapping of nothing.
    func isEmpty(_ key: KeySchema) -> Bool {
        guard let content = entries[key.key]?.value.content else { return false }
        return content == .sequence([]) || content == .mapping([])
    }

    /// Whether the key is absent, and another key looks like a misspelling of it.
    func isMisspelled<Value>(_ field: Field<Value>) -> Bool { misspelled.contains(field.schema.key) }

    /// Where the key itself stands; nil when it is absent.
    func keyLocation<Value>(_ field: Field<Value>) -> TextLocation? { keyLocation(field.schema) }

    func keyLocation(_ key: KeySchema) -> TextLocation? { entries[key.key]?.keyLocation }

    private func defaultValue<Value>(of field: Field<Value>) -> Located<Value>? {
        guard let text = field.schema.defaultText else { return nil }
        guard let node = YAMLDocument(Array(text.utf8), file: "default").root,
            let value = field.reader.read(node, context)
        else { preconditionFailure("BUG: the default of \(field.schema.key) is not a value of its own type") }
        return Located(value: value, location: location)
    }

    private func reportUnknown(_ entry: YAMLEntry, _ schema: ObjectSchema) {
        let known = schema.keys.map(\.key)
        let nearest = NearestName.of(entry.key, among: known)
        context.error(
            "unknown key `\(entry.key)` in \(schema.phrase)", at: entry.keyLocation,
            hint: nearest.map { "write `\($0)`" } ?? "the keys here are \(known.quotedList)")
    }

    private func check(_ group: [String], _ schema: ObjectSchema) {
        let present = group.compactMap { entries[$0] }.sorted { order($0.keyLocation) < order($1.keyLocation) }
        let names = group.map { "`\($0)`" }.joinedAsAlternatives
        if present.isEmpty {
            let example = group.first.flatMap { schema.key($0) }
            context.error(
                "\(schema.phrase) needs one of the keys \(names)", at: location,
                hint: "add `\(example?.key ?? ""): \(example?.example ?? "")`")
        }
        for surplus in present.dropFirst() {
            context.error(
                "\(schema.phrase) has both `\(present[0].key)` and `\(surplus.key)`", at: surplus.keyLocation,
                hint: schema.isOneOfSeveral
                    ? "keep one of them, and write a second entry for the other" : "choose one of them")
        }
    }

    private func order(_ location: TextLocation) -> Int { location.line * 100_000 + location.column }
}

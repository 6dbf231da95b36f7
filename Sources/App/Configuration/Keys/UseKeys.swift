import YAMLNodes

/// Libraries that a configuration uses, as it is written.
struct UseDraft: Sendable {
    var names: [Located<String>]
    var sources: [Located<String>]?
}

/// An item of `patterns`.
enum PatternItem: Sendable {
    case pattern(PatternDraft)
    case use(UseDraft)
}

/// The keys of an item of `patterns` that names libraries.
enum UseKeys {
    static let use = Field(
        "use", .oneOrMore(.name), isRequired: true,
        doc: "Libraries of patterns that come with Outrider, by name: \(PatternLibrary.all.map(\.name).quotedList).",
        example: "[python-logging, heartbeat]")
    static let sources = Field(
        "sources", .list(of: .name, isNonEmpty: true), absence: "all sources",
        doc: "The sources whose lines their patterns are tried on.", example: "[app]")

    static let schema = ObjectSchema(
        phrase: "an item with `use`",
        doc:
            "The patterns of libraries, as if they stood here. `outrider docs patterns` lists the libraries, and prints one with its patterns and their tests.",
        keys: [use.schema, sources.schema])

    /// A pattern, or libraries of patterns.
    static let itemReader = ValueReader<PatternItem>(type: .objects([PatternKeys.schema, schema])) { node, context in
        guard isMeant(by: node) else { return PatternKeys.reader.read(node, context).map { .pattern($0) } }
        return ObjectReader(node, schema, context).map { object in
            .use(UseDraft(names: object(use) ?? [], sources: object(sources)))
        }
    }

    /// Whether a mapping has the key `use`, or one that is a misspelling of it.
    private static func isMeant(by node: YAMLNode) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        let keys = entries.map(\.key)
        if keys.contains(use.schema.key) { return true }
        let others = [PatternKeys.name.schema, PatternKeys.match.schema, PatternKeys.required.schema].map(\.key)
        return !keys.contains(where: others.contains) && keys.contains { NearestName.of($0, among: ["use"]) != nil }
    }

    /// All patterns, those of libraries where `use` names them.
    static func patterns(_ items: [PatternItem], _ context: DecodingContext) -> [PatternDraft] {
        items.flatMap { item in
            switch item {
            case .pattern(let draft): [draft]
            case .use(let draft): draft.names.flatMap { patterns(of: $0, draft.sources, context) }
            }
        }
    }

    private static func patterns(
        of name: Located<String>, _ sources: [Located<String>]?, _ context: DecodingContext
    ) -> [PatternDraft] {
        guard let library = PatternLibrary.named(name.value) else {
            let known = PatternLibrary.all.map(\.name)
            context.error(
                "there is no library named `\(name.value)`", at: name.location,
                hint: NearestName.of(name.value, among: known).map { "write `\($0)`" }
                    ?? "the libraries are \(known.quotedList)")
            return []
        }
        if let other = context.use(ofFile: library.file) {
            context.error(
                "the library `\(name.value)` is used twice, here and at \(other)", at: name.location,
                hint: "use it once, with all of its `sources`")
            return []
        }
        context.note(use: name, ofFile: library.file)
        let patterns = library.patterns(sources: sources, context)
        let needsFields = patterns.allSatisfy { $0.fieldPlace != nil }
        return patterns.map { pattern in
            var pattern = pattern
            pattern.library = PatternDraft.Library(name: name, needsFields: needsFields)
            return pattern
        }
    }
}

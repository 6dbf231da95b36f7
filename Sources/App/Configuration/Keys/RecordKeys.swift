import LogModel

/// A record consumer as it is written; parts with mistakes are nil.
struct RecordDraft: Sendable {
    var name: Located<String>?
    var path: Located<String>?
    var sources: [Located<String>]?
}

/// The keys of an item of `records`.
enum RecordKeys {
    static let name = Field(
        "name", .name, isRequired: true,
        doc: "The consumer's name. Its positions belong to the name, so it should stay the same; `metrics` is taken.",
        example: "copy")
    static let path = Field(
        "to", .path, isRequired: true,
        doc: "The file to which the lines are appended; no source may read it, and no other record write to it.",
        example: "/tmp/lines.txt")
    static let sources = Field(
        "sources", .list(of: .name, isNonEmpty: true), absence: "all sources",
        doc: "The sources whose lines are written.", example: "[app]")

    static let schema = ObjectSchema(
        phrase: "a record", doc: "A consumer that writes every line it gets to a file, for tests and for debugging.",
        keys: [name.schema, path.schema, sources.schema])

    static let reader = ValueReader<RecordDraft>.object(schema) { object in
        RecordDraft(name: object.located(name), path: object.located(path), sources: object(sources))
    }
}

/// The tables of the ledger. docs/FORMATS.md says what each column means, and a test compares it with this.
enum LedgerSchema {
    /// "outr", in SQLite's header at offset 68: by it `file` and we know whose database it is.
    static let applicationID: Int64 = 0x6F75_7472
    /// Written as SQLite's user_version.
    static let version: Int64 = 2

    /// One row. It is no part of the digest that it holds.
    static let meta = LedgerTable(
        "meta", key: [.integer("id")],
        body: [.integer("epoch"), .text("boot"), .integer("created"), .integer("digest")])
    static let streams = LedgerTable(
        "streams", key: [.integer("id")], body: [.text("source"), .text("path"), .blob("known")])
    static let segments = LedgerTable(
        "segments", key: [.integer("stream"), .integer("ordinal")],
        body: [
            .integer("start"), .integer("length"), .integer("base"), .text("path"), .integer("codec"),
            .integer("device"), .integer("inode"), .integer("generation"), .integer("head_length"),
            .integer("head_hash"), .integer("state"),
        ])
    static let sources = LedgerTable("sources", key: [.text("source")], body: [.integer("globs")])
    static let consumers = LedgerTable(
        "consumers", key: [.text("consumer"), .integer("stream")], body: [.blob("state")])
    static let notes = LedgerTable(
        "notes", key: [.integer("stream"), .integer("kind"), .text("name"), .blob("key")],
        body: [.integer("time"), .blob("value")])
    static let losses = LedgerTable(
        "losses", key: [.integer("number")],
        body: [
            .integer("stream"), .text("consumer"), .text("reason"), .integer("lower"), .integer("upper"),
            .integer("open_ended"), .text("path"), .integer("time"),
        ])
    static let schemas = LedgerTable(
        "schemas", key: [.integer("id")],
        body: [.text("name"), .text("kind"), .blob("label_names"), .blob("buckets"), .text("unit")])
    static let series = LedgerTable(
        "series", key: [.integer("slot")], body: [.integer("schema"), .blob("label_values"), .integer("created")])
    static let shards = LedgerTable("shards", key: [.integer("number")], body: [.blob("cells")])

    /// All tables that the digest covers.
    static let sealedTables = [streams, segments, sources, consumers, notes, losses, schemas, series, shards]
    static let tables = [meta] + sealedTables

    /// Losses beyond this many go, oldest first; the accounts keep their sums.
    static let maximumLosses = 1000
}

/// One step from a format to the next.
package struct LedgerMigration: Sendable {
    /// The version that the step starts from; it ends at the next.
    let from: Int64
    /// Statements to run in order. Seals and the digest are computed anew afterwards.
    let statements: [String]
    package init(from: Int64, statements: [String]) {
        self.from = from
        self.statements = statements
    }

    /// The steps that released formats need, oldest first.
    package static let released = [LedgerMigration(from: 1, statements: [LedgerSchema.notes.creation])]
}

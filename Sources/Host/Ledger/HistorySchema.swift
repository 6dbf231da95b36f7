/// The tables of the history. docs/FORMATS.md says what each column means, and a test compares it with this.
enum HistorySchema {
    /// "outh", in SQLite's header at offset 68.
    static let applicationID: Int64 = 0x6F75_7468
    /// Written as SQLite's user_version. A history of another one is put aside: it is not worth a migration.
    static let version: Int64 = 1

    /// One row.
    static let meta = LedgerTable(
        "meta", key: [.integer("id")], body: [.integer("created"), .integer("tick"), .integer("sealed")])
    static let series = LedgerTable("series", key: [.integer("serial")], body: [.integer("origin"), .blob("labels")])
    static let chunks = LedgerTable(
        "chunks", key: [.integer("serial"), .integer("first")],
        body: [.integer("last"), .integer("count"), .blob("samples")])
    static let ticks = LedgerTable("ticks", key: [.integer("number")], body: [.integer("time"), .blob("samples")])
    static let tables = [meta, series, chunks, ticks]
}

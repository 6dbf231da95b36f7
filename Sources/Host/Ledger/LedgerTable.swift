import LogModel

/// One table of the ledger: a key, the columns behind it, and a seal over both.
///
/// All statements are made from this description, so the schema, the reading and the writing cannot disagree.
struct LedgerTable: Sendable {
    struct Column: Sendable {
        enum Kind: String, Sendable { case integer = "INTEGER", text = "TEXT", blob = "BLOB" }
        let name: String
        let kind: Kind
        static func integer(_ name: String) -> Column { Column(name: name, kind: .integer) }
        static func text(_ name: String) -> Column { Column(name: name, kind: .text) }
        static func blob(_ name: String) -> Column { Column(name: name, kind: .blob) }
    }

    let name: String
    let key: [Column]
    let body: [Column]
    let creation: String
    let readAll: String
    fileprivate let readSeal: String
    fileprivate let deleteByKey: String
    fileprivate let write: String

    init(_ name: String, key: [Column], body: [Column]) {
        self.name = name
        self.key = key
        self.body = body
        let columns = key + body
        let isRowID = key.count == 1 && key[0].kind == .integer
        var lines = columns.map { "    \($0.name) \($0.kind.rawValue) NOT NULL" }
        if isRowID { lines[0] = "    \(key[0].name) INTEGER PRIMARY KEY" }
        lines.append("    seal INTEGER NOT NULL")
        let keyNames = key.map(\.name).joined(separator: ", ")
        if !isRowID { lines.append("    PRIMARY KEY (\(keyNames))") }
        creation =
            "CREATE TABLE \(name) (\n\(lines.joined(separator: ",\n"))\n) \(isRowID ? "STRICT" : "STRICT, WITHOUT ROWID")"
        let names = columns.map(\.name) + ["seal"]
        readAll = "SELECT \(names.joined(separator: ", ")) FROM \(name) ORDER BY \(keyNames)"
        let isOfKey = key.map { "\($0.name) = ?" }.joined(separator: " AND ")
        readSeal = "SELECT seal FROM \(name) WHERE \(isOfKey)"
        deleteByKey = "DELETE FROM \(name) WHERE \(isOfKey) RETURNING seal"
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let updates = (body.map(\.name) + ["seal"]).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        write =
            "INSERT INTO \(name) (\(names.joined(separator: ", "))) VALUES (\(marks)) "
            + "ON CONFLICT (\(keyNames)) DO UPDATE SET \(updates)"
    }

    /// The XXH64 of the table's name and of every value: by it a row that was damaged at rest is told from a good one.
    func seal(_ row: [SQLiteValue]) -> Int64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(contentsOf: name.utf8)
        for value in row {
            switch value {
            case .integer(let number):
                bytes.append(1)
                bytes.appendFixed(UInt64(bitPattern: number))
            case .text(let text):
                bytes.append(2)
                bytes.appendVarint(UInt64(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .blob(let blob):
                bytes.append(3)
                bytes.appendVarint(UInt64(blob.count))
                bytes.append(contentsOf: blob)
            }
        }
        return Int64(bitPattern: ContentHash(bytes).rawValue)
    }
}

/// The writing half of one transaction. It keeps the digest, the wrapping sum of the seals of all rows, so that a row that
/// vanished or an old one that came back is noticed too.
struct LedgerRowWriter {
    let connection: SQLiteConnection
    var digest: Int64

    /// Writes a row unless the very same one is there.
    mutating func put(_ table: LedgerTable, _ row: [SQLiteValue]) throws(SQLiteFailure) {
        let seal = table.seal(row)
        let reading = try connection.statement(table.readSeal)
        try reading.bind(Array(row.prefix(table.key.count)))
        if try reading.step() {
            let old = reading.value(0)
            reading.reset()
            if old == .integer(seal) { return }
            if case .integer(let number) = old { digest &-= number }
        }
        digest &+= seal
        try overwrite(table, row, seal: seal)
    }

    /// Writes a row without a look at what is there; the digest is not kept.
    func overwrite(_ table: LedgerTable, _ row: [SQLiteValue], seal: Int64) throws(SQLiteFailure) {
        let writing = try connection.statement(table.write)
        try writing.bind(row + [.integer(seal)])
        _ = try writing.step()
    }

    /// Deletes the row of a key, if it is there.
    mutating func remove(_ table: LedgerTable, key: [SQLiteValue]) throws(SQLiteFailure) {
        let deleting = try connection.statement(table.deleteByKey)
        try deleting.bind(key)
        while try deleting.step() {
            if case .integer(let seal) = deleting.value(0) { digest &-= seal }
        }
    }

    /// Deletes the rows that the condition names; `?` stand for `values`.
    mutating func remove(
        _ table: LedgerTable, where condition: String, _ values: SQLiteValue...
    ) throws(SQLiteFailure) {
        let deleting = try connection.statement("DELETE FROM \(table.name) WHERE \(condition) RETURNING seal")
        try deleting.bind(values)
        while try deleting.step() {
            if case .integer(let seal) = deleting.value(0) { digest &-= seal }
        }
    }
}

extension LedgerOpener {
    /// Brings an older format up to date, step by step in one transaction, after a copy of the file was kept.
    func migrate(_ connection: SQLiteConnection) throws -> [LedgerNotice] {
        let path = storage.databasePath
        guard case .integer(let found) = try connection.first("PRAGMA user_version") else {
            throw LedgerError.corrupt(path: path, detail: "it has no format version")
        }
        guard found <= LedgerSchema.version else {
            throw LedgerError.newer(path: path, version: found, known: LedgerSchema.version)
        }
        guard found < LedgerSchema.version else { return [] }
        let copy = LedgerFileName.copy(ofVersion: found)
        let steps = try steps(from: found)
        try keepCopy(connection, as: copy)
        _ = try connection.transaction { connection throws(SQLiteFailure) in
            for statement in steps.flatMap(\.statements) { try connection.execute(statement) }
            try reseal(connection)
            try connection.execute("PRAGMA user_version = \(LedgerSchema.version)")
        }
        return [
            LedgerNotice(
                .migrated, "ledger \(path) went from format \(found) to \(LedgerSchema.version)",
                hint: "the old one is kept as \(copy)")
        ]
    }

    private func steps(from found: Int64) throws(LedgerError) -> [LedgerMigration] {
        var steps: [LedgerMigration] = []
        for version in found..<LedgerSchema.version {
            guard let step = migrations.first(where: { $0.from == version }) else {
                throw .corrupt(path: storage.databasePath, detail: "there never was a format \(version)")
            }
            steps.append(step)
        }
        return steps
    }

    /// The copy gets its name only when it is whole, so that one of that name is always good.
    private func keepCopy(_ connection: SQLiteConnection, as name: String) throws {
        let partial = name + ".new"
        let names = try storage.names()
        for stale in [partial, name] where names.contains(stale) { try storage.remove(stale) }
        let target = storage.databasePath.dropLast(LedgerFileName.database.count) + partial
        let statement = try connection.statement("VACUUM INTO ?")
        try statement.bind([.text(String(target))])
        _ = try statement.step()
        try storage.rename(partial, to: name)
        storage.synchronizeNames()
    }

    /// Seals every row and the whole anew, for rows of the present format that older code, or a migration, wrote.
    private func reseal(_ connection: SQLiteConnection) throws(SQLiteFailure) {
        var writer = LedgerRowWriter(connection: connection, digest: 0)
        for table in LedgerSchema.sealedTables {
            for row in try rows(of: table, connection) {
                let seal = table.seal(row)
                writer.digest &+= seal
                try writer.overwrite(table, row, seal: seal)
            }
        }
        guard var meta = try rows(of: LedgerSchema.meta, connection).first else { return }
        meta[meta.count - 1] = .integer(writer.digest)
        try writer.overwrite(LedgerSchema.meta, meta, seal: LedgerSchema.meta.seal(meta))
    }

    private func rows(
        of table: LedgerTable, _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> [[SQLiteValue]] {
        let reading = try connection.statement(table.readAll)
        var rows: [[SQLiteValue]] = []
        while try reading.step() {
            if let row = reading.row() { rows.append(Array(row.dropLast())) }
        }
        return rows
    }
}

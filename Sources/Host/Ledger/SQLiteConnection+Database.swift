import CSQLite

/// What the ledger and the history, two databases with sealed rows, have in common.
extension SQLiteConnection {
    /// Bytes of a page of a database that is begun.
    static let pageSize = 4096

    /// How the two differ for SQLite.
    struct Traits {
        /// What becomes of pages that are not needed any more, as `PRAGMA auto_vacuum` takes it.
        var autoVacuum: String
        /// When the disk is waited for, as `PRAGMA synchronous` takes it.
        var synchronous: String
    }

    /// Opens or creates a database that nobody else uses.
    static func exclusive(_ storage: any LedgerStorage, _ traits: Traits) throws(SQLiteFailure) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: storage.databasePath, vfs: storage.vfsName)
        connection.waitForLocks(milliseconds: 500)
        // Exclusive before the first access: then the write-ahead log needs no shared memory.
        try connection.execute(
            """
            PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = \(pageSize); PRAGMA auto_vacuum = \(traits.autoVacuum);
            PRAGMA cache_size = -256; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF;
            PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = \(traits.synchronous);
            """)
        return connection
    }

    /// Refuses a file that cannot be written.
    func checkIsWritable() throws(SQLiteFailure) {
        guard isReadOnly else { return }
        throw SQLiteFailure(code: SQLITE_READONLY, message: "the file is read-only", errorNumber: 0)
    }

    /// Keeps the write-ahead log small. SQLite forgets it with the connection.
    func limitLog() throws(SQLiteFailure) {
        try execute("PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304")
    }

    /// Whose database it is; nil when its process ended between making the file and the first commit.
    func applicationID() throws(SQLiteFailure) -> SQLiteValue? {
        let application = try first("PRAGMA application_id")
        if application == .integer(0), try first("SELECT count(*) FROM sqlite_schema") == .integer(0) { return nil }
        return application ?? .integer(0)
    }

    /// Makes the tables of a database that is empty, and says whose it is.
    func create(_ tables: [LedgerTable], applicationID: Int64, version: Int64) throws(SQLiteFailure) {
        for table in tables { try execute(table.creation) }
        try execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }

    /// Runs `body` in one transaction and takes all of it back when it fails.
    func transaction<Result>(
        _ body: (SQLiteConnection) throws(SQLiteFailure) -> Result
    ) throws(SQLiteFailure) -> Result {
        do {
            _ = try statement("BEGIN IMMEDIATE").step()
            let result = try body(self)
            _ = try statement("COMMIT").step()
            return result
        } catch {
            // When this fails too, SQLite has rolled back by itself or does so before the next transaction.
            if !isIdle { _ = try? statement("ROLLBACK").step() }
            throw error
        }
    }

    /// Writes rows in one transaction, all or none.
    ///
    /// - Parameters:
    ///   - digest: that of the rows that are there; it does not matter where rows are only overwritten.
    ///   - body: writes.
    /// - Returns: the digest of the rows that are there now.
    /// - Throws: what the disk refused, or what `body` throws; nothing is written then.
    @discardableResult
    func writeRows(
        digest: Int64 = 0, _ body: (inout LedgerRowWriter) throws(SQLiteFailure) -> Void
    ) throws(SQLiteFailure) -> Int64 {
        try transaction { connection throws(SQLiteFailure) in
            var writer = LedgerRowWriter(connection: connection, digest: digest)
            try body(&writer)
            return writer.digest
        }
    }
}

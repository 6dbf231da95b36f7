import CSQLite
public import LogModel

/// What opening or creating a ledger yields.
struct OpenedLedger {
    var connection: SQLiteConnection
    var contents: LedgerContents
    var created: WallTime
    var digest: Int64
    var usesWriteAheadLog: Bool
    var notices: [LedgerNotice]
}

extension Ledger {
    /// Opens the ledger of a state directory, or begins one, and reads all that it holds.
    ///
    /// Errors of healing `byItself` (a full disk, an I/O error) are worth trying again, while the agent runs without a
    /// durable state; those of `byOperator` are not.
    /// - Parameters:
    ///   - settings: where it lies, and what to do when it is damaged.
    ///   - now: names what has to be put aside.
    /// - Returns: the ledger, what it held, and what an operator should know.
    /// - Throws: why there can be no ledger; nothing is locked then.
    public static func open(
        _ settings: LedgerSettings, now: WallTime
    ) throws(LedgerError) -> (ledger: Ledger, contents: LedgerContents, notices: [LedgerNotice]) {
        try open(LocalStateDirectory(settings.directory), onCorrupt: settings.onCorrupt, now: now)
    }

    /// As above, in a place that is handed in.
    package static func open(
        _ storage: any LedgerStorage, onCorrupt: CorruptLedgerPolicy, now: WallTime,
        migrations: [LedgerMigration] = LedgerMigration.released
    ) throws(LedgerError) -> (ledger: Ledger, contents: LedgerContents, notices: [LedgerNotice]) {
        let preparation = try storage.prepare()
        let opener = LedgerOpener(storage: storage, preparation: preparation, now: now, migrations: migrations)
        do {
            let opened = try opener.open(onCorrupt: onCorrupt)
            return (Ledger(storage: storage, opened: opened), opened.contents, preparation.notices + opened.notices)
        } catch {
            storage.release()
            throw error
        }
    }
}

extension LedgerError {
    /// What a failure means that came up while opening. A statement that SQLite does not understand then means that the schema
    /// is damaged: the statements are ours.
    static func opening(_ error: any Error, path: String, subject: String = "ledger") -> LedgerError {
        switch error {
        case let failure as SQLiteFailure where failure.primaryCode != SQLITE_ERROR:
            LedgerError(failure, doing: "opened", path: path, subject: subject)
        case let failure as SQLiteFailure: .corrupt(path: path, detail: failure.message, subject: subject)
        case let error as LedgerError: error
        default: .corrupt(path: path, detail: "\(error)", subject: subject)
        }
    }
}

/// The steps of opening: find what is there, check it, bring it up to date, read it; or begin anew.
struct LedgerOpener {
    let storage: any LedgerStorage
    let preparation: StoragePreparation
    let now: WallTime
    var migrations: [LedgerMigration] = LedgerMigration.released

    private var path: String { storage.databasePath }

    func open(onCorrupt: CorruptLedgerPolicy) throws(LedgerError) -> OpenedLedger {
        try checkLibrary()
        let names = try storage.names()
        guard names.contains(LedgerFileName.database) else {
            // SQLite would replay a stray log into the new database.
            try setAside()
            var opened = try create(with: EpochChanges(), epoch: EpochID(0))
            if preparation.wasUsedBefore || names.contains(where: { $0.hasPrefix(LedgerFileName.database) }) {
                opened.notices.append(
                    LedgerNotice(
                        .missing, "ledger \(path) is missing, though an agent was here before: counters begin at zero",
                        hint: "leave the state directory to the agent, or restore it from a backup"))
            }
            return opened
        }
        do {
            return try openExisting()
        } catch {
            guard error.kind == .corrupt, onCorrupt == .startFresh else { throw error }
            let aside = try setAside()
            var opened = try create(with: EpochChanges(), epoch: EpochID(0))
            opened.notices.append(
                LedgerNotice(
                    .startedFresh, "\(error.message); it is kept as \(aside ?? "-"), and counters begin at zero",
                    hint: "look for disk errors in the kernel's log (dmesg); the file can be deleted"))
            return opened
        }
    }

    private func checkLibrary() throws(LedgerError) {
        // STRICT tables came with 3.37.
        guard SQLiteConnection.libraryVersion < 3_037_000 else { return }
        throw LedgerError(
            .libraryTooOld, "the SQLite library is \(SQLiteConnection.libraryVersionText), and the ledger needs 3.37",
            hint: "install a newer libsqlite3", healing: .byOperator)
    }

    private func openExisting() throws(LedgerError) -> OpenedLedger {
        try LogInspection(storage: storage).check()
        do {
            let connection = try connect()
            guard let application = try connection.applicationID() else {
                return try fill(connection, with: EpochChanges(), epoch: EpochID(0))
            }
            guard application == .integer(LedgerSchema.applicationID) else {
                throw LedgerError.corrupt(path: path, detail: "it is a database, but no ledger of outrider")
            }
            let notices = try migrate(connection)
            let check = try connection.first("PRAGMA quick_check(1)")
            guard check == .text("ok") else {
                guard case .text(let detail) = check else {
                    throw LedgerError.corrupt(path: path, detail: "unreadable")
                }
                throw LedgerError.corrupt(path: path, detail: detail)
            }
            let mode = try enterJournalMode(connection)
            let (contents, meta) = try LedgerReader(connection: connection, path: path).contents()
            return OpenedLedger(
                connection: connection, contents: contents, created: meta.created, digest: meta.digest,
                usesWriteAheadLog: mode.usesWriteAheadLog, notices: notices + mode.notices)
        } catch {
            throw .opening(error, path: path)
        }
    }

    /// Begins a ledger where there is none and makes `contents` its first commit.
    func create(
        with contents: EpochChanges, epoch: EpochID
    ) throws(LedgerError) -> OpenedLedger {
        try storage.createDatabase()
        do {
            return try fill(try connect(), with: contents, epoch: epoch)
        } catch {
            throw LedgerError(error, doing: "created", path: path)
        }
    }

    private func connect() throws(SQLiteFailure) -> SQLiteConnection {
        // EXTRA is FULL, and syncs the directory when a journal is deleted: else a power cut may bring it back, and with it the
        // state before the commit.
        try .exclusive(storage, SQLiteConnection.Traits(autoVacuum: "NONE", synchronous: "EXTRA"))
    }

    /// Enters the journal mode that the file system takes. The file format remembers it, the settings below do not last.
    private func enterJournalMode(
        _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> (usesWriteAheadLog: Bool, notices: [LedgerNotice]) {
        try connection.checkIsWritable()
        var notices: [LedgerNotice] = []
        if preparation.takesWriteAheadLog {
            if try connection.first("PRAGMA journal_mode = WAL") == .text("wal") {
                try connection.limitLog()
                return (true, [])
            }
            notices.append(
                LedgerNotice(
                    .rollbackJournal,
                    "ledger \(path) cannot use a write-ahead log here: commits take a few more syncs"))
        }
        _ = try connection.first("PRAGMA journal_mode = DELETE")
        return (false, notices)
    }

    private func fill(
        _ connection: SQLiteConnection, with contents: EpochChanges, epoch: EpochID
    ) throws(SQLiteFailure) -> OpenedLedger {
        let mode = try enterJournalMode(connection)
        let digest = try connection.writeRows { writer throws(SQLiteFailure) in
            try connection.create(
                LedgerSchema.tables, applicationID: LedgerSchema.applicationID, version: LedgerSchema.version)
            try writer.write(contents)
            try writer.writeMeta(epoch: epoch, bootIdentifier: contents.bootIdentifier ?? "", created: now)
        }
        storage.synchronizeNames()
        var held = LedgerContents()
        held.epoch = epoch
        return OpenedLedger(
            connection: connection, contents: held, created: now, digest: digest,
            usesWriteAheadLog: mode.usesWriteAheadLog, notices: mode.notices)
    }
}

import CSQLite
public import LogModel
public import SeriesStore

/// The history on disk: a second, disposable database beside the ledger, so that its bulk never holds up a commit.
///
/// It is consistent after any crash. A kill loses nothing that was committed; a power cut may lose what came after the last
/// checkpoint. Whatever cannot be used is put aside, and never the ledger. Belongs to one thread at a time.
/// docs/FORMATS.md states the layout.
public final class HistoryFile {
    /// The name of the database in the state directory.
    public static let fileName = LedgerFileName.history
    /// Histories that were put aside and are kept; they are as great as what memory holds.
    static let maximumAside = 2
    /// Free pages that are not worth making the file smaller.
    private static let keptFreePages: Int64 = 64

    /// The path of the database.
    public var path: String { storage.databasePath }
    private let storage: any LedgerStorage
    private let preparation: StoragePreparation
    private var connection: SQLiteConnection?
    private var created: Int64
    /// Whether it held anything when it was opened.
    private(set) var heldSamples = false

    private init(_ storage: any LedgerStorage, _ preparation: StoragePreparation, _ now: WallTime) {
        self.storage = storage
        self.preparation = preparation
        created = now.nanoseconds
    }

    // MARK: Opening

    /// Opens the history of a state directory, or begins one.
    ///
    /// - Parameters:
    ///   - directory: exists, and is locked by the ledger.
    ///   - now: names what has to be put aside.
    /// - Returns: the file, what it held, and what an operator should know.
    /// - Throws: why there can be none now; it may be tried again.
    public static func open(
        in directory: String, now: WallTime
    ) throws(LedgerError) -> (file: HistoryFile, contents: StoreContents, notices: [LedgerNotice]) {
        try open(LocalStateDirectory(ofHistoryIn: directory), now: now)
    }

    /// As above, in a place that is handed in.
    package static func open(
        _ storage: any LedgerStorage, now: WallTime
    ) throws(LedgerError) -> (file: HistoryFile, contents: StoreContents, notices: [LedgerNotice]) {
        let file = HistoryFile(storage, try storage.prepare(), now)
        guard try storage.names().contains(storage.databaseName) else {
            try file.begin(.corrupt, now)
            return (file, StoreContents(), [])
        }
        do {
            return (file, try file.openExisting(), [])
        } catch {
            file.connection = nil
            guard let reason = Self.reasonToSetAside(error) else { throw error }
            let aside = try file.begin(reason, now)
            let notice = LedgerNotice(
                .historyStartedFresh, "\(error.message); it is kept as \(aside ?? "-"), and the history begins anew",
                hint: error.hint)
            return (file, StoreContents(), [notice])
        }
    }

    /// Nil where the file may still be used later.
    private static func reasonToSetAside(_ error: LedgerError) -> AsideFiles.Reason? {
        switch error.kind {
        case .corrupt: .corrupt
        case .foreign: .foreign
        case .newer: .version
        default: nil
        }
    }

    /// Begins a history after the one that was there could not be used after all, which is put aside.
    ///
    /// - Parameters:
    ///   - detail: what was wrong with it.
    ///   - now: names what is put aside.
    /// - Returns: what an operator should know.
    /// - Throws: what the disk refused; a `rewrite` may be tried later.
    public func startOver(_ detail: String, now: WallTime) throws(LedgerError) -> LedgerNotice {
        connection = nil
        let aside = try begin(.corrupt, now)
        return LedgerNotice(
            .historyStartedFresh,
            "history \(path) is damaged: \(detail); it is kept as \(aside ?? "-"), and the history begins anew")
    }

    private func openExisting() throws(LedgerError) -> StoreContents {
        do {
            let connection = try connect()
            self.connection = connection
            guard let application = try connection.applicationID() else {
                try fill(connection, StoreContents())
                return StoreContents()
            }
            guard application == .integer(HistorySchema.applicationID) else {
                throw foreign("it is a database of another program")
            }
            guard try connection.first("PRAGMA user_version") == .integer(HistorySchema.version) else {
                throw LedgerError(
                    .newer, "history \(path) has a format that this agent does not know", hint: nil,
                    healing: .byOperator)
            }
            try enterJournalMode(connection)
            let (contents, created) = try LedgerReader(connection: connection, path: path, subject: "history").history()
            self.created = created
            heldSamples = !contents.chunks.isEmpty || !contents.rows.isEmpty
            return contents
        } catch {
            if let failure = error as? SQLiteFailure, failure.primaryCode == SQLITE_NOTADB {
                throw foreign(failure.message)
            }
            throw .opening(error, path: path, subject: "history")
        }
    }

    private func corrupt(_ detail: String) -> LedgerError { .corrupt(path: path, detail: detail, subject: "history") }

    private func foreign(_ detail: String) -> LedgerError { .foreign(path: path, detail: detail, subject: "history") }

    /// Puts aside what lies under the name, and begins an empty history.
    @discardableResult
    private func begin(
        _ reason: AsideFiles.Reason, _ now: WallTime, with contents: StoreContents = StoreContents()
    ) throws(LedgerError) -> String? {
        let files = AsideFiles(storage: storage, now: now, maximum: Self.maximumAside)
        let aside = try files.setAside(reason)
        created = now.nanoseconds
        do {
            try storage.createDatabase()
            let connection = try connect()
            try fill(connection, contents)
            self.connection = connection
        } catch {
            connection = nil
            try? files.discard()
            throw failure(error, "created")
        }
        storage.synchronizeNames()
        return aside
    }

    private func failure(_ error: any Error, _ action: String) -> LedgerError {
        switch error {
        case let error as SQLiteFailure: LedgerError(error, doing: action, path: path, subject: "history")
        case let error as LedgerError: error
        default: corrupt("\(error)")
        }
    }

    private func connect() throws(SQLiteFailure) -> SQLiteConnection {
        // NORMAL: the log is synced when it is copied back, and not with every commit.
        try .exclusive(storage, SQLiteConnection.Traits(autoVacuum: "INCREMENTAL", synchronous: "NORMAL"))
    }

    private func enterJournalMode(_ connection: SQLiteConnection) throws(SQLiteFailure) {
        try connection.checkIsWritable()
        let mode = preparation.takesWriteAheadLog ? "WAL" : "DELETE"
        _ = try connection.first("PRAGMA journal_mode = \(mode)")
        try connection.limitLog()
    }

    private func fill(_ connection: SQLiteConnection, _ contents: StoreContents) throws(SQLiteFailure) {
        try enterJournalMode(connection)
        let created = created
        try connection.writeRows { writer throws(SQLiteFailure) in
            try connection.create(
                HistorySchema.tables, applicationID: HistorySchema.applicationID, version: HistorySchema.version)
            try writer.replaceAll(contents, created: created)
        }
    }

    // MARK: Writing

    /// Writes changes in the order in which they were taken, all or none. After an error they may be written again.
    public func commit(_ changes: [StoreChanges]) throws(LedgerError) {
        let connection = try ours()
        let created = created
        do {
            try connection.writeRows { writer throws(SQLiteFailure) in
                for change in changes { try writer.write(change, created: created) }
            }
        } catch {
            throw failure(error, "written")
        }
    }

    /// Makes the file hold exactly `contents`.
    ///
    /// - Parameters:
    ///   - contents: all of a store.
    ///   - reason: why the old file, which has samples that are not among them, is put aside; nil when it need not be.
    ///   - now: names it.
    /// - Throws: what the disk refused; then only another `rewrite` makes sense.
    func rewrite(
        _ contents: StoreContents, puttingAside reason: AsideFiles.Reason?, now: WallTime
    ) throws(LedgerError) {
        // A new file needs room beside the old one, and so does a log of all of it.
        if let free = storage.freeSpace, free < 2 * contents.size + (64 << 10) {
            throw LedgerError(
                .diskFull, "history \(path) cannot be written anew: it needs \((2 * contents.size >> 10) + 64) KiB",
                hint: "free some space on its file system", healing: .byItself)
        }
        guard reason == nil, let connection = try? ours() else {
            connection = nil
            try begin(reason ?? .corrupt, now, with: contents)
            return
        }
        let created = created
        do {
            try connection.writeRows { writer throws(SQLiteFailure) in
                try writer.replaceAll(contents, created: created)
            }
        } catch {
            throw failure(error, "written")
        }
    }

    private func ours() throws(LedgerError) -> SQLiteConnection {
        guard let connection, !connection.hasMoved else { throw .moved(path: path, subject: "history") }
        return connection
    }

    /// Copies the log into the database, makes that durable, and gives back room that is not needed any more.
    public func checkpoint() throws(LedgerError) {
        let connection = try ours()
        do {
            if case .integer(let free) = try connection.first("PRAGMA freelist_count"),
                case .integer(let all) = try connection.first("PRAGMA page_count"), free > Self.keptFreePages,
                free > all / 4
            {
                try connection.execute("PRAGMA incremental_vacuum(\(free - Self.keptFreePages / 2))")
            }
            _ = try connection.first("PRAGMA wal_checkpoint(TRUNCATE)")
        } catch {
            throw failure(error, "checkpointed")
        }
    }

    /// Bytes of the database, without its log.
    public var size: Int {
        guard let connection, case .integer(let pages)? = try? connection.first("PRAGMA page_count") else { return 0 }
        return Int(pages) * SQLiteConnection.pageSize
    }

    /// Closes the file. Nothing that was committed depends on it.
    public func close() { connection = nil }
}

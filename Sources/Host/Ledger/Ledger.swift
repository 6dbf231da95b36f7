public import LogModel
import SeriesModel

/// The durable truth: one small SQLite file that takes an epoch in one transaction, or leaves everything as it was.
///
/// It belongs to one thread at a time and to one process: the state directory is locked for as long as the ledger lives.
/// docs/FORMATS.md states the layout.
public final class Ledger {
    /// The name of the database in its state directory.
    public static let fileName = LedgerFileName.database
    /// The path of the database.
    public var path: String { storage.databasePath }
    /// The last epoch that is in it.
    public private(set) var epoch: EpochID
    /// Whether it commits to a write-ahead log; otherwise to a rollback journal.
    public let usesWriteAheadLog: Bool
    private let storage: any LedgerStorage
    private var connection: SQLiteConnection?
    private var created: WallTime
    private var bootIdentifier: String
    private var digest: Int64
    private var logIdentity: FileIdentity?
    private var pagesOfEarlierConnections = 0
    private var undecided: Undecided?
    /// What the old file listed, while a new one is not yet written.
    private var lossesToCarry: [LossRecord] = []

    /// What is not known after a commit that failed; nil when the last commit succeeded.
    private struct Undecided {
        /// The losses of the last attempt, which may be in the ledger all the same.
        var losses: Set<LossRecord> = []
        /// The losses of attempts that turned out to be in the ledger.
        var storedLosses: Set<LossRecord> = []
    }

    init(storage: any LedgerStorage, opened: OpenedLedger) {
        self.storage = storage
        connection = opened.connection
        epoch = opened.contents.epoch
        created = opened.created
        bootIdentifier = opened.contents.bootIdentifier ?? ""
        digest = opened.digest
        usesWriteAheadLog = opened.usesWriteAheadLog
        logIdentity = storage.identity(LedgerFileName.writeAheadLog)
    }

    /// Bytes written by commits so far, page by page; what a checkpoint copies back is not in it.
    public var bytesWritten: UInt64 {
        UInt64(pagesOfEarlierConnections + (connection?.pagesWritten ?? 0)) * UInt64(SQLiteConnection.pageSize)
    }

    /// Makes an epoch durable: all of it, or, when this throws, none of it.
    ///
    /// After an error the ledger takes further commits; whoever failed merges the changes into the next ones. One case is
    /// undecided: when the disk refused only the last step, the epoch may be found committed by the next agent.
    /// - Parameters:
    ///   - changes: first what they remove is removed, then what they hold is written. Rows that are there already, byte
    ///     for byte, cost nothing.
    ///   - epoch: greater than every epoch committed before.
    /// - Throws: what the disk refused; `ledger_moved` when `verifyStillOurs` does not hold.
    public func commit(_ changes: EpochChanges, epoch: EpochID) throws(LedgerError) {
        guard verifyStillOurs() else { throw .moved(path: path) }
        let connection = try open()
        let changes = try withoutStoredLosses(changes, connection)
        let boot = changes.bootIdentifier ?? bootIdentifier
        do {
            digest = try connection.writeRows(digest: digest) { writer throws(SQLiteFailure) in
                try writer.write(changes)
                try writer.writeMeta(epoch: epoch, bootIdentifier: boot, created: created)
            }
            bootIdentifier = boot
            self.epoch = epoch
            undecided = nil
        } catch {
            undecided = Undecided(losses: Set(changes.losses), storedLosses: undecided?.storedLosses ?? [])
            throw LedgerError(error, doing: "written", path: path)
        }
    }

    /// A commit whose very last step failed may have taken place: SQLite then reports an error, and shows the new state to
    /// the next transaction. All rows but losses are written by key, so writing them again is harmless; the digest must
    /// follow what is there, and losses must not be listed twice.
    private func withoutStoredLosses(
        _ changes: EpochChanges, _ connection: SQLiteConnection
    ) throws(LedgerError) -> EpochChanges {
        guard var undecided else { return changes }
        let meta = try LedgerReader(connection: connection, path: path).meta()
        if meta.epoch != epoch {
            (epoch, digest) = (meta.epoch, meta.digest)
            undecided.storedLosses.formUnion(undecided.losses)
            self.undecided = undecided
        }
        var remaining = changes
        remaining.losses.removeAll { undecided.storedLosses.contains($0) }
        return remaining
    }

    /// Whether the database, and its log, under the ledger's name are still the files that are open. When they are not,
    /// nothing that is committed would be found again, and `rewrite` is due.
    public func verifyStillOurs() -> Bool {
        guard let connection else { return false }
        if connection.hasMoved { return false }
        return !usesWriteAheadLog || storage.identity(LedgerFileName.writeAheadLog) == logIdentity
    }

    /// Writes the ledger anew with everything that it is to hold, after it was deleted, replaced or damaged at run time.
    /// A file that lies under its name is put aside, not overwritten. The losses that the old file lists are taken over as
    /// far as it can still be read.
    /// - Parameters:
    ///   - contents: every stream, consumer, note, schema, series and shard; losses that no commit holds yet.
    ///   - epoch: greater than every epoch committed before.
    ///   - now: names what is put aside.
    /// - Throws: what the disk refused. Until it succeeds, only another `rewrite` makes sense.
    public func rewrite(
        _ contents: EpochChanges, epoch: EpochID, now: WallTime
    ) throws(LedgerError) {
        if let connection, let known = try? LedgerReader(connection: connection, path: path).losses() {
            lossesToCarry = known
        }
        var complete = contents
        complete.losses = (lossesToCarry + contents.losses).suffix(LedgerSchema.maximumLosses)
        pagesOfEarlierConnections += connection?.pagesWritten ?? 0
        connection = nil
        let preparation = try storage.prepare()
        let opener = LedgerOpener(storage: storage, preparation: preparation, now: now)
        try opener.setAside()
        let opened: OpenedLedger
        do {
            opened = try opener.create(with: complete, epoch: epoch)
        } catch {
            // The next attempt must not put an unfinished file aside, and with it push out one that is worth keeping.
            try? opener.discard()
            throw error
        }
        connection = opened.connection
        created = opened.created
        bootIdentifier = complete.bootIdentifier ?? ""
        digest = opened.digest
        logIdentity = storage.identity(LedgerFileName.writeAheadLog)
        self.epoch = epoch
        undecided = nil
        lossesToCarry = []
    }

    /// Copies the write-ahead log into the database and empties it. For idle moments: commits do it by themselves when the
    /// log has grown to four MiB.
    public func checkpoint() throws(LedgerError) {
        guard usesWriteAheadLog else { return }
        let connection = try open()
        do {
            _ = try connection.first("PRAGMA wal_checkpoint(TRUNCATE)")
        } catch {
            throw LedgerError(error, doing: "checkpointed", path: path)
        }
    }

    /// Closes the files and gives up the state directory. Nothing that was committed depends on it.
    public func close() {
        pagesOfEarlierConnections += connection?.pagesWritten ?? 0
        connection = nil
        storage.release()
    }

    private func open() throws(LedgerError) -> SQLiteConnection {
        guard let connection else {
            throw LedgerError(.moved, "ledger \(path) is closed", hint: nil, healing: .byItself)
        }
        return connection
    }
}

extension LedgerRowWriter {
    mutating func write(_ changes: EpochChanges) throws(SQLiteFailure) {
        for id in changes.removedStreams {
            try remove(LedgerSchema.streams, where: "id = ?", .number(id.rawValue))
            try remove(LedgerSchema.segments, where: "stream = ?", .number(id.rawValue))
            try remove(LedgerSchema.consumers, where: "stream = ?", .number(id.rawValue))
            try remove(LedgerSchema.notes, where: "stream = ?", .number(id.rawValue))
        }
        for name in changes.droppedConsumers {
            try remove(LedgerSchema.consumers, where: "consumer = ?", .text(name.rawValue))
        }
        for stream in changes.streams { try write(stream) }
        for source in changes.scanned { try put(LedgerSchema.sources, source.ledgerRow) }
        for consumer in changes.consumers { try put(LedgerSchema.consumers, consumer.ledgerRow) }
        for id in changes.notes.removed { try remove(LedgerSchema.notes, key: id.ledgerKey) }
        for note in changes.notes.written { try put(LedgerSchema.notes, note.ledgerRow) }
        if !changes.losses.isEmpty { try write(changes.losses) }
        for id in changes.metrics.removedSchemas {
            try remove(LedgerSchema.schemas, where: "id = ?", .number(id.rawValue))
        }
        for slot in changes.metrics.removedSeries {
            try remove(LedgerSchema.series, where: "slot = ?", .number(slot.rawValue))
        }
        for schema in changes.metrics.schemas { try put(LedgerSchema.schemas, schema.ledgerRow) }
        for series in changes.metrics.series { try put(LedgerSchema.series, series.ledgerRow) }
        for shard in changes.metrics.shards { try put(LedgerSchema.shards, shard.ledgerRow) }
    }

    private mutating func write(_ stream: StreamRecord) throws(SQLiteFailure) {
        try put(LedgerSchema.streams, stream.ledgerRow)
        for (ordinal, segment) in stream.segments.enumerated() {
            try put(LedgerSchema.segments, segment.ledgerRow(stream: stream.id, ordinal: ordinal))
        }
        try remove(
            LedgerSchema.segments, where: "stream = ? AND ordinal >= ?", .number(stream.id.rawValue),
            .number(stream.segments.count))
    }

    private mutating func write(_ losses: [LossRecord]) throws(SQLiteFailure) {
        let reading = try connection.statement("SELECT max(number) FROM losses")
        var number: Int64 = 0
        if try reading.step(), case .integer(let last) = reading.value(0) { number = last }
        reading.reset()
        for loss in losses {
            number += 1
            try put(LedgerSchema.losses, loss.ledgerRow(number: number))
        }
        try remove(LedgerSchema.losses, where: "number <= ?", .integer(number - Int64(LedgerSchema.maximumLosses)))
    }

    func writeMeta(epoch: EpochID, bootIdentifier: String, created: WallTime) throws(SQLiteFailure) {
        let row: [SQLiteValue] = [
            .integer(1), .offset(epoch.rawValue), .text(bootIdentifier), .integer(created.nanoseconds),
            .integer(digest),
        ]
        // When a commit failed after it had taken place, the next one may find nothing to write, and must go to the disk all
        // the same: SQLite leaves a page alone on which nothing changes, but not one on which a row was deleted.
        _ = try connection.statement("DELETE FROM meta").step()
        try overwrite(LedgerSchema.meta, row, seal: LedgerSchema.meta.seal(row))
    }
}

import FileAccess
import Glibc
import LogModel
import SeriesModel
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerOpeningTests {
    private let parent: TemporaryDirectory
    private let settings: LedgerSettings
    private var directory: String { settings.directory }
    private var database: String { directory + "/ledger.db" }

    init() throws {
        parent = try TemporaryDirectory()
        settings = LedgerSettings(directory: parent("lib/outrider"))
    }

    private func names() throws -> [String] {
        try LinuxFileAccess().list(directory).map { $0.map(\.name).sorted() } ?? []
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private func write(_ text: String, to path: String) {
        let file = fopen(path, "w")
        fputs(text, file)
        fclose(file)
    }

    /// A ledger with some epochs in it, closed.
    private func filled(_ count: Int = 4) throws -> SampleEpochs {
        var epochs = SampleEpochs(seed: 1)
        let ledger = try Ledger.open(settings, now: someTime).ledger
        for _ in 0..<count { try ledger.commit(epochs.next(), of: epochs) }
        ledger.close()
        return epochs
    }

    @Test func directoryAndFilesAreForTheOwnerOnly() throws {
        let (ledger, contents, notices) = try Ledger.open(settings, now: someTime)
        var epochs = SampleEpochs(seed: 1)
        try ledger.commit(epochs.next(), of: epochs)
        #expect(contents.epoch == EpochID(0))
        #expect(contents.bootIdentifier == nil)
        #expect(notices == [])
        #expect(mode(directory) == 0o700)
        // Locked exclusively, the log needs no shared memory.
        #expect(try names() == ["agent.lock", "ledger.db", "ledger.db-wal"])
        for name in try names() { #expect(mode("\(directory)/\(name)") == 0o600) }
        ledger.close()
        #expect(try names() == ["agent.lock", "ledger.db"])
    }

    @Test func aSecondAgentIsToldThePidOfTheFirst() throws {
        let ledger = try Ledger.open(settings, now: someTime).ledger
        let error = #expect(throws: LedgerError.self) { try Ledger.open(settings, now: someTime) }
        #expect(error?.code == "state_dir_in_use")
        #expect(error?.message == "state directory \(directory) is in use by outrider with pid \(getpid())")
        #expect(error?.healing == .byOperator)
        ledger.close()
        #expect(try Ledger.open(settings, now: someTime).notices == [])
    }

    @Test func aLockFileThatNobodyHoldsIsNoObstacle() throws {
        mkdir(parent("lib"), 0o755)
        mkdir(directory, 0o755)
        write("4242 77\n", to: directory + "/agent.lock")
        let (_, _, notices) = try Ledger.open(settings, now: someTime)
        // But it says that an agent was here, and its ledger is gone.
        #expect(notices.map(\.code) == ["ledger_missing"])
    }

    @Test func aDamagedLedgerIsPutAsideAndANewOneBegun() throws {
        _ = try filled()
        write(
            "rubbish that is no database, and longer than its header would be, one hundred bytes as they say",
            to: database)
        let (ledger, contents, notices) = try Ledger.open(settings, now: someTime)
        #expect(contents.epoch == EpochID(0))
        #expect(notices.map(\.code) == ["ledger_started_fresh"])
        #expect(notices.first?.message.contains("ledger.db.corrupt-20261121T071206Z") == true)
        ledger.close()
        #expect(try names() == ["agent.lock", "ledger.db", "ledger.db.corrupt-20261121T071206Z"])
    }

    @Test func atMostFiveDamagedLedgersAreKept() throws {
        for second in 0..<8 as Range<Int64> {
            _ = try filled(1)
            write(
                "rubbish that is no database, and longer than its header would be, one hundred bytes: \(second)",
                to: database)
            // Two of them within one second.
            let now = WallTime(nanoseconds: someTime.nanoseconds + max(0, second - 1) * 1_000_000_000)
            try Ledger.open(settings, now: now).ledger.close()
        }
        let aside = try names().filter { $0.hasPrefix("ledger.db.corrupt-") }
        #expect(aside.count == 5)
        #expect(aside.first == "ledger.db.corrupt-20261121T071208Z")
    }

    @Test func refusingNamesTheFileAndTheTwoWaysOut() throws {
        _ = try filled()
        write(
            "rubbish that is no database, and longer than its header would be, one hundred bytes as they say",
            to: database)
        var refusing = settings
        refusing.onCorrupt = .refuse
        let error = #expect(throws: LedgerError.self) { try Ledger.open(refusing, now: someTime) }
        #expect(error?.code == "ledger_corrupt")
        #expect(error?.message.contains(database) == true)
        #expect(
            error?.hint
                == "restore it from a backup, or move it away (on_corrupt: start_fresh does that) to begin with an empty one"
        )
        #expect(try names() == ["agent.lock", "ledger.db"])
        // The refusal let go of the state directory.
        #expect(try Ledger.open(settings, now: someTime).notices.map(\.code) == ["ledger_started_fresh"])
    }

    @Test func aStrayLogIsNotReplayedIntoANewLedger() throws {
        var epochs = SampleEpochs(seed: 2)
        let ledger = try Ledger.open(settings, now: someTime).ledger
        for _ in 0..<3 { try ledger.commit(epochs.next(), of: epochs) }
        unlink(database)
        #expect(rename(database + "-wal", database + "-wal.kept") == 0)
        ledger.close()
        #expect(rename(database + "-wal.kept", database + "-wal") == 0)
        let (_, contents, notices) = try Ledger.open(settings, now: someTime)
        #expect(contents.epoch == EpochID(0))
        #expect(notices.map(\.code) == ["ledger_missing"])
        #expect(try names().contains("ledger.db.corrupt-20261121T071206Z-wal"))
    }

    @Test func aNewerFormatIsRefusedAndLeftAlone() throws {
        _ = try filled()
        SQLiteShell(database).execute("PRAGMA user_version = 99")
        let error = #expect(throws: LedgerError.self) { try Ledger.open(settings, now: someTime) }
        #expect(error?.code == "ledger_newer")
        #expect(error?.message == "ledger \(database) has format 99, and this agent knows formats up to 2")
        #expect(try names() == ["agent.lock", "ledger.db"])
    }

    @Test func anotherProgramsDatabaseIsPutAside() throws {
        try Ledger.open(settings, now: someTime).ledger.close()
        unlink(database)
        SQLiteShell(database).execute("CREATE TABLE theirs (x)")
        #expect(try Ledger.open(settings, now: someTime).notices.map(\.code) == ["ledger_started_fresh"])
    }

    @Test func anOlderFormatIsMigratedAndACopyKept() throws {
        let epochs = try filled()
        let older = "ALTER TABLE losses RENAME TO lost; DROP TABLE shards; DROP TABLE notes; PRAGMA user_version = 0"
        #expect(SQLiteShell(database).execute(older) == 0)
        let storage = LocalStateDirectory(directory)
        let step = LedgerMigration(
            from: 0, statements: ["ALTER TABLE lost RENAME TO losses", LedgerSchema.shards.creation])
        let (ledger, contents, notices) = try Ledger.open(
            storage, onCorrupt: .refuse, now: someTime, migrations: [step] + LedgerMigration.released)
        var expected = epochs.contents.comparable
        expected.metrics.shards = []
        expected.notes = []
        #expect(contents.isOne(of: [expected]))
        #expect(notices.map(\.code) == ["ledger_migrated"])
        ledger.close()
        #expect(try names() == ["agent.lock", "ledger.db", "ledger.db.v0.bak"])
        // The copy is a whole database of the old format.
        #expect(SQLiteShell(directory + "/ledger.db.v0.bak").execute("SELECT path FROM lost") == 0)
        // The digest was computed anew, so that the next start finds nothing amiss.
        #expect(try Ledger.open(settings, now: someTime).contents.isOne(of: [expected]))
    }

    @Test func formatOneHadNoNotes() throws {
        let epochs = try filled()
        #expect(SQLiteShell(database).execute("DROP TABLE notes; PRAGMA user_version = 1") == 0)
        let (ledger, contents, notices) = try Ledger.open(settings, now: someTime)
        var expected = epochs.contents.comparable
        expected.notes = []
        #expect(contents.isOne(of: [expected]))
        #expect(notices.map(\.code) == ["ledger_migrated"])
        var next = epochs
        try ledger.commit(next.next(), of: next)
        ledger.close()
        #expect(try names() == ["agent.lock", "ledger.db", "ledger.db.v1.bak"])
        #expect(try Ledger.open(settings, now: someTime).contents.notes.map(\.id.name).contains("job"))
    }

    @Test func anOlderFormatWithoutAWayForwardIsCorrupt() throws {
        _ = try filled()
        SQLiteShell(database).execute("PRAGMA user_version = 0")
        #expect(try Ledger.open(settings, now: someTime).notices.map(\.code) == ["ledger_started_fresh"])
    }

    @Test func aDirectoryThatCannotBeMadeSaysWhy() throws {
        write("", to: parent("file"))
        let error = #expect(throws: LedgerError.self) {
            try Ledger.open(LedgerSettings(directory: parent("file/state")), now: someTime)
        }
        #expect(error?.code == "state_dir_unusable")
        #expect(error?.message == "state directory \(parent("file/state")) cannot be created: Not a directory")
    }

    @Test func aLedgerThatAnotherProgramHasLockedIsSaidToBe() throws {
        _ = try filled()
        let shell = SQLiteShell(database)
        shell.execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
        let error = #expect(throws: LedgerError.self) { try Ledger.open(settings, now: someTime) }
        #expect(error?.code == "ledger_locked")
        #expect(error?.healing == .byItself)
    }

    @Test(arguments: ["ledger.db", "ledger.db-wal"], [true, false])
    func aFileDeletedOrReplacedWhileRunningIsNoticedAndWrittenAnew(name: String, isReplaced: Bool) throws {
        var epochs = SampleEpochs(seed: 3)
        let ledger = try Ledger.open(settings, now: someTime).ledger
        for _ in 0..<4 { try ledger.commit(epochs.next(), of: epochs) }
        #expect(ledger.verifyStillOurs())
        unlink("\(directory)/\(name)")
        if isReplaced { write("something else", to: "\(directory)/\(name)") }
        #expect(!ledger.verifyStillOurs())
        let changes = epochs.next()
        let error = #expect(throws: LedgerError.self) { try ledger.commit(changes, of: epochs) }
        #expect(error?.code == "ledger_moved")
        var everything = EpochChanges()
        everything.bootIdentifier = SampleEpochs.boot
        everything.streams = epochs.contents.streams
        everything.scanned = epochs.contents.scanned
        everything.consumers = epochs.contents.consumers
        everything.notes.written = epochs.contents.notes
        everything.losses = changes.losses
        everything.metrics = epochs.contents.metrics
        try ledger.rewrite(
            everything, epoch: epochs.contents.epoch, now: someTime)
        try ledger.commit(epochs.next(), of: epochs)
        ledger.close()
        #expect(try Ledger.open(settings, now: someTime).contents.isOne(of: [epochs.contents.comparable]))
    }

    @Test func theLogStaysSmall() throws {
        let ledger = try Ledger.open(settings, now: someTime).ledger
        var largest: UInt64 = 0
        for round in 0..<60 as Range<UInt64> {
            var changes = EpochChanges()
            changes.metrics.shards = (0..<64).map { index in
                ShardRecord(index: index, cells: .cells((0..<256).map { Double($0) + Double(round) / 3 }))
            }
            try ledger.commit(changes, epoch: EpochID(round + 1))
            largest = max(largest, try LinuxFileAccess().status(database + "-wal")?.size ?? 0)
        }
        #expect(largest > 1 << 20)
        #expect(largest < 6 << 20)
        try ledger.checkpoint()
        #expect(try LinuxFileAccess().status(database + "-wal")?.size == 0)
    }

    @Test(
        arguments: [
            (0xEF53, true, []), (0x0102_1994, true, ["state_dir_in_memory"]),
            (0x6969, false, ["ledger_rollback_journal"]),
            (0x0102_1997, false, ["ledger_rollback_journal"]), (0xFF53_4D42, false, ["ledger_rollback_journal"]),
            (0x794C_7630, false, ["ledger_rollback_journal", "state_dir_in_container_layer"]),
        ] as [(UInt32, Bool, [String])])
    func theFileSystemDecidesOnTheJournal(magic: UInt32, takesWriteAheadLog: Bool, notices: [String]) {
        let kind = FileSystemKind(magic: magic)
        #expect(kind.takesWriteAheadLog == takesWriteAheadLog)
        #expect(kind.notices(directory: "/x").map(\.code) == notices)
    }
}

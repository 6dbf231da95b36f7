import FileAccess
import LogModel
import QueryModel
import SeriesStore
import TestSupport
import Testing

@testable import Ledger

/// The history on disk.
@Suite struct HistoryFileTests {
    private let now = WallTime(nanoseconds: 1_763_892_000_000_000_000)

    @Test(arguments: [true, false]) func whatWasCommittedComesBack(usesWriteAheadLog: Bool) throws {
        let disk = FaultyDisk("history-back-\(usesWriteAheadLog)", database: "history.db")
        disk.takesWriteAheadLog = usesWriteAheadLog
        var history = SampleHistory(seed: 1)
        var (file, contents, notices) = try HistoryFile.open(on: disk)
        #expect(contents == StoreContents() && notices.isEmpty)
        for round in 0..<700 {
            try file.commit([history.next()])
            if round % 100 == 50 { try file.checkpoint() }
            guard round % 70 == 0 else { continue }
            disk.reboot(.afterKill)
            (file, contents, notices) = try HistoryFile.open(on: disk)
            #expect(notices.isEmpty)
            #expect(try SampleHistory.text(contents) == history.contents)
        }
        // Rows go with the chunks that have their samples, and chunks when they are too old.
        #expect(contents.rows.count < 150)
        #expect(contents.chunks.count < 60)
        #expect(file.size < 200_000)
    }

    @Test func changesMayBeWrittenTwice() throws {
        let disk = FaultyDisk("history-twice", database: "history.db")
        var history = SampleHistory(seed: 2)
        let file = try HistoryFile.open(on: disk).file
        for _ in 0..<300 {
            let changes = [history.next(), history.next()]
            try file.commit(changes)
            try file.commit(changes)
        }
        file.close()
        #expect(try SampleHistory.text(try HistoryFile.open(on: disk).contents) == history.contents)
    }

    @Test func allOfItCanBeWrittenAnew() throws {
        let disk = FaultyDisk("history-anew", database: "history.db")
        var history = SampleHistory(seed: 3)
        let file = try HistoryFile.open(on: disk).file
        for _ in 0..<100 { try file.commit([history.next()]) }
        for _ in 0..<50 { _ = history.next() }
        let late = history.next()
        try file.rewrite(history.store.takeContents(), puttingAside: nil, now: now)
        // What was on its way meanwhile changes nothing.
        try file.commit([late])
        #expect(disk.names().filter { $0.contains("ahead") }.isEmpty)
        for _ in 0..<50 { try file.commit([history.next()]) }
        disk.reboot(.afterKill)
        let again = try HistoryFile.open(on: disk)
        #expect(try SampleHistory.text(again.contents) == history.contents)
        try again.file.rewrite(history.store.takeContents(), puttingAside: .ahead, now: now)
        #expect(disk.names().contains("history.db.ahead-20251123T100000Z"))
        again.file.close()
        #expect(try SampleHistory.text(try HistoryFile.open(on: disk).contents) == history.contents)
    }

    @Test func theFileShrinksWithTheHistory() throws {
        let directory = try TemporaryDirectory()
        let (file, _, _) = try HistoryFile.open(in: directory.path, now: now)
        var changes = StoreChanges()
        changes.chunks = (0..<300).map {
            StoreChanges.Chunk(serial: 1, start: $0, end: $0, count: 1, bytes: [UInt8](repeating: 7, count: 2000))
        }
        try file.commit([changes])
        try file.checkpoint()
        let full = file.size
        changes = StoreChanges()
        changes.removedChunks = (0..<300).map { StoreChanges.ChunkKey(serial: 1, start: $0) }
        try file.commit([changes])
        try file.checkpoint()
        #expect(full > 600_000)
        #expect(file.size < 200_000)
    }

    @Test func aFileThatIsDeletedIsNoticed() throws {
        let directory = try TemporaryDirectory()
        let (file, _, _) = try HistoryFile.open(in: directory.path, now: now)
        var history = SampleHistory(seed: 5)
        try file.commit([history.next()])
        try LocalStateDirectory(ofHistoryIn: directory.path).remove("history.db")
        let error = #expect(throws: LedgerError.self) { try file.commit([history.next()]) }
        #expect(error?.kind == .moved)
        try file.rewrite(history.store.takeContents(), puttingAside: nil, now: now)
        file.close()
        let contents = try HistoryFile.open(in: directory.path, now: now).contents
        #expect(try SampleHistory.text(contents) == history.contents)
    }

    // MARK: What cannot be used

    @Test func aFlippedByteIsFoundAndTheFilePutAside() throws {
        let disk = FaultyDisk("history-flip", database: "history.db")
        var history = SampleHistory(seed: 6)
        let file = try HistoryFile.open(on: disk).file
        for _ in 0..<200 { try file.commit([history.next()]) }
        try file.checkpoint()
        file.close()
        let files = disk.files
        let size = try #require(disk.size("history.db"))
        var putAside = 0
        for offset in stride(from: 0, to: size, by: 389) {
            disk.restore(files)
            disk.flip("history.db", at: offset, mask: 0x10)
            let (file, contents, notices) = try HistoryFile.open(on: disk)
            file.close()
            if notices.isEmpty {
                // Nobody looks at that byte.
                #expect(try SampleHistory.text(contents) == history.contents, "byte \(offset)")
            } else {
                putAside += 1
                #expect(notices.map(\.code) == ["history_started_fresh"])
                #expect(contents == StoreContents())
                #expect(
                    disk.names().contains { name in
                        ["corrupt", "foreign", "version"].contains { name.hasPrefix("history.db.\($0)-") }
                    })
                #expect(try HistoryFile.open(on: disk).notices.isEmpty)
            }
        }
        #expect(putAside > 10)
    }

    @Test func anotherFormatIsPutAside() throws {
        let directory = try TemporaryDirectory()
        try HistoryFile.open(in: directory.path, now: now).file.close()
        SQLiteShell(directory("history.db")).execute("PRAGMA user_version = 2")
        let (file, contents, notices) = try HistoryFile.open(in: directory.path, now: now)
        file.close()
        #expect(contents == StoreContents())
        let aside = "history.db.version-20251123T100000Z"
        #expect(notices.first?.message.contains("is kept as \(aside)") == true, "\(notices)")
        let names = try LocalStateDirectory(ofHistoryIn: directory.path).names()
        #expect(names.contains(aside))
    }

    @Test func whatIsOfAnotherProgramIsCalledSoAndKept() throws {
        let directory = try TemporaryDirectory()
        let storage = LocalStateDirectory(ofHistoryIn: directory.path)
        let reasons = ["it is a database of another program", "file is not a database"]
        for (second, reason) in reasons.enumerated() {
            if second == 0 {
                #expect(SQLiteShell(directory("history.db")).execute("CREATE TABLE visits (url TEXT)") == 0)
            } else {
                let text = [UInt8](repeating: UInt8(ascii: "x"), count: 5000)
                try FileWriter().replace(directory("history.db"), with: text)
            }
            let bytes = storage.read("history.db", offset: 0, count: 1 << 20)
            let later = WallTime(nanoseconds: now.nanoseconds + Int64(second) * 1_000_000_000)
            let (file, contents, notices) = try HistoryFile.open(in: directory.path, now: later)
            file.close()
            #expect(contents == StoreContents())
            let aside = "history.db.foreign-20251123T10000\(second)Z"
            #expect(
                notices.map(\.message) == [
                    "\(directory("history.db")) is not a history of Outrider: \(reason); it is kept as \(aside), and the history begins anew"
                ])
            #expect(notices.first?.hint == "move it to where it belongs; leave the state directory to the agent")
            #expect(storage.read(aside, offset: 0, count: 1 << 20) == bytes)
            try storage.remove("history.db")
        }
    }

    @Test func ofFilesPutAsideTheNewestTwoAreKept() throws {
        let disk = FaultyDisk("history-aside", database: "history.db")
        let file = try HistoryFile.open(on: disk).file
        for (second, reason) in [AsideFiles.Reason.foreign, .corrupt, .ahead, .version, .ahead].enumerated() {
            let later = WallTime(nanoseconds: now.nanoseconds + Int64(second) * 1_000_000_000)
            try file.rewrite(StoreContents(), puttingAside: reason, now: later)
        }
        let aside = disk.names().filter { $0.contains("-2025") && !$0.hasSuffix("-wal") }.sorted()
        #expect(
            aside == [
                "history.db.ahead-20251123T100004Z", "history.db.foreign-20251123T100000Z",
                "history.db.version-20251123T100003Z",
            ])
    }

    @Test func whatMakesNoSenseCanBePutAside() throws {
        let disk = FaultyDisk("history-nonsense", database: "history.db")
        let file = try HistoryFile.open(on: disk).file
        var changes = StoreChanges()
        changes.chunks = [StoreChanges.Chunk(serial: 7, start: 0, end: 5, count: 2, bytes: [1, 2, 3])]
        try file.commit([changes])
        file.close()
        let again = try HistoryFile.open(on: disk)
        #expect(throws: MalformedHistory.self) { try SeriesStore().restore(again.contents) }
        #expect(try again.file.startOver("a chunk belongs to no series", now: now).hint == nil)
        again.file.close()
        #expect(try HistoryFile.open(on: disk).contents == StoreContents())
    }
}

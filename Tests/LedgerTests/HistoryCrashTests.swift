import LogModel
import QueryModel
import SeriesStore
import TestSupport
import Testing

@testable import Ledger

/// A crash at every single operation that changes the disk: afterwards the history is that of one commit.
@Suite struct HistoryCrashTests {
    @Test(arguments: DiskCrash.all) func theHistoryIsThatOfOneCommit(_ crash: DiskCrash) throws {
        let disk = FaultyDisk("history-crash-\(crash.testDescription)", database: "history.db")
        try crash.atEveryChange(of: disk) { try isStruck(disk, at: $0, by: crash) }
    }

    /// Ticks, a checkpoint, and all of it anew, with a crash at an operation. False when there were fewer.
    private func isStruck(_ disk: FaultyDisk, at point: Int, by crash: DiskCrash) throws -> Bool {
        var history = SampleHistory(seed: 3)
        // What may be found: the last state that is certainly on disk, and all after it.
        var allowed = [history.contents]
        func run() throws {
            let file = try HistoryFile.open(on: disk).file
            for round in 0..<8 {
                let changes = (0..<20).map { _ in history.next() }
                allowed.append(history.contents)
                try file.commit(changes)
                if !crash.isPowerCut { allowed = [history.contents] }
                if round == 3 {
                    try file.checkpoint()
                    allowed = [history.contents]
                }
                if round == 5 {
                    let contents = history.store.takeContents()
                    try file.rewrite(contents, puttingAside: nil, now: .unixEpoch)
                }
            }
            try file.checkpoint()
            allowed = [history.contents]
            file.close()
        }
        do { try run() } catch is LedgerError {}
        guard disk.faults > 0 else { return false }
        crash.reboot(disk, from: point)
        let (file, contents, notices) = try HistoryFile.open(on: disk)
        // A file of which only a part has ever reached the disk is no database yet.
        #expect(notices.isEmpty || allowed.first == SampleHistory(seed: 3).contents, "crash at operation \(point)")
        #expect(allowed.contains(try SampleHistory.text(contents)), "crash at operation \(point)")
        // It goes on from there.
        _ = history.next()
        try file.rewrite(history.store.takeContents(), puttingAside: nil, now: .unixEpoch)
        file.close()
        #expect(try SampleHistory.text(try HistoryFile.open(on: disk).contents) == history.contents)
        return true
    }
}

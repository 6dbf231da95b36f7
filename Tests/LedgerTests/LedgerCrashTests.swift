import Ledger
import LogModel
import TestSupport
import Testing

/// A crash at every single operation that changes the disk: afterwards the ledger holds the last commit that returned, or
/// the one that was under way, never a mixture.
@Suite struct LedgerCrashTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var usesWriteAheadLog: Bool
        var effect: FaultyDisk.Effect
        var isPowerCut: Bool
        var testDescription: String {
            "\(usesWriteAheadLog ? "write-ahead log" : "rollback journal"), \(effect), "
                + (isPowerCut ? "power cut" : "kill -9")
        }
    }

    static let cases = [true, false].flatMap { log in
        [FaultyDisk.Effect.crash, .crashHalfway].flatMap { effect in
            [true, false].map { Case(usesWriteAheadLog: log, effect: effect, isPowerCut: $0) }
        }
    }

    @Test(arguments: cases)
    func contentsAreThoseOfOneCommit(_ example: Case) throws {
        let disk = FaultyDisk("crash-\(example.testDescription)")
        disk.takesWriteAheadLog = example.usesWriteAheadLog
        var point = 1
        while try crash(disk, at: point, example) { point += 1 }
        // Creation and five commits are dozens of writes and syncs; fewer would mean that nothing was tested.
        #expect(point > 60)
    }

    /// Creates a ledger, commits, checkpoints and closes, with a crash at an operation. False when there were fewer.
    private func crash(_ disk: FaultyDisk, at point: Int, _ example: Case) throws -> Bool {
        disk.restore([:])
        disk.arm(.change, example.effect, nth: point)
        var epochs = SampleEpochs(seed: 3)
        var allowed = [epochs.contents.comparable]
        func run() throws {
            let (ledger, _) = try Ledger.open(on: disk)
            for round in 0..<5 {
                let changes = epochs.next()
                allowed.append(epochs.contents.comparable)
                try ledger.commit(changes, of: epochs)
                allowed.removeFirst()
                if round == 2 { try ledger.checkpoint() }
            }
            ledger.close()
        }
        do { try run() } catch is LedgerError {}
        guard disk.faults > 0 else { return false }
        disk.reboot(
            !example.isPowerCut
                ? .afterKill : point % 4 == 0 ? .afterPowerCut : .afterTornPowerCut(seed: UInt64(point)))
        var (ledger, contents) = try Ledger.open(on: disk)
        #expect(contents.isOne(of: allowed), "crash at operation \(point)")
        // It goes on from there.
        var later = epochs
        try ledger.commit(later.next(), of: later)
        ledger.close()
        (ledger, contents) = try Ledger.open(on: disk)
        #expect(contents.epoch == later.contents.epoch)
        return true
    }

    /// Crashes upon crashes: recovery itself is interrupted at every operation.
    @Test(arguments: [true, false])
    func recoveryMayCrashToo(usesWriteAheadLog: Bool) throws {
        let disk = FaultyDisk("recovery-\(usesWriteAheadLog)")
        disk.takesWriteAheadLog = usesWriteAheadLog
        for point in stride(from: 20, to: 80, by: 7) {
            disk.restore([:])
            var epochs = SampleEpochs(seed: 4)
            var allowed = [epochs.contents.comparable]
            disk.arm(.change, .crashHalfway, nth: point)
            do {
                let (ledger, _) = try Ledger.open(on: disk)
                while true {
                    let before = epochs.contents.comparable
                    let changes = epochs.next()
                    allowed = [before, epochs.contents.comparable]
                    try ledger.commit(changes, of: epochs)
                }
            } catch is LedgerError {}
            disk.reboot(.afterTornPowerCut(seed: UInt64(point)))
            let files = disk.files
            for second in 1... {
                disk.restore(files)
                disk.arm(.change, .crash, nth: second)
                _ = try? Ledger.open(on: disk)
                let isDone = disk.faults == 0
                disk.reboot(.afterTornPowerCut(seed: UInt64(second)))
                let contents = try Ledger.open(on: disk).contents
                #expect(contents.isOne(of: allowed), "crash at \(point), then at \(second)")
                if isDone { break }
            }
        }
    }
}

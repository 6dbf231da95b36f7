import Ledger
import LogModel
import TestSupport
import Testing

/// A crash at every single operation that changes the disk: afterwards the ledger holds the last commit that returned, or
/// the one that was under way, never a mixture.
@Suite struct LedgerCrashTests {
    @Test(arguments: DiskCrash.all)
    func contentsAreThoseOfOneCommit(_ crash: DiskCrash) throws {
        let disk = FaultyDisk("crash-\(crash.testDescription)")
        try crash.atEveryChange(of: disk) { try isStruck(disk, at: $0, by: crash) }
    }

    /// Creates a ledger, commits, checkpoints and closes, with a crash at an operation. False when there were fewer.
    private func isStruck(_ disk: FaultyDisk, at point: Int, by crash: DiskCrash) throws -> Bool {
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
        crash.reboot(disk, from: point)
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

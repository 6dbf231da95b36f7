import Ledger
import LogModel
import TestSupport
import Testing

/// Disks that refuse one operation: the commit fails as a whole with the right code, and the next one succeeds.
@Suite struct LedgerFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var usesWriteAheadLog: Bool
        var operations: FaultyDisk.Operations
        var effect: FaultyDisk.Effect
        var codes: Set<String>
        var testDescription: String {
            "\(usesWriteAheadLog ? "write-ahead log" : "rollback journal"), \(effect) at \(operations.rawValue)"
        }
    }

    static let cases = [true, false].flatMap { log in
        [
            Case(
                usesWriteAheadLog: log, operations: .write, effect: .inputOutputError, codes: ["ledger_io"]),
            Case(usesWriteAheadLog: log, operations: .sync, effect: .inputOutputError, codes: ["ledger_io"]),
            Case(usesWriteAheadLog: log, operations: .read, effect: .inputOutputError, codes: ["ledger_io"]),
            Case(usesWriteAheadLog: log, operations: .write, effect: .noSpace, codes: ["ledger_disk_full"]),
            Case(usesWriteAheadLog: log, operations: .write, effect: .shortWrite, codes: ["ledger_disk_full"]),
        ]
    }

    @Test(arguments: cases)
    func aFailedCommitChangesNothingAndTheNextOneSucceeds(_ example: Case) throws {
        let disk = FaultyDisk("fault-\(example.testDescription)")
        disk.takesWriteAheadLog = example.usesWriteAheadLog
        var failures = 0
        for point in 1... {
            disk.restore([:])
            var epochs = SampleEpochs(seed: 5)
            let (ledger, _) = try Ledger.open(on: disk)
            for _ in 0..<3 { try ledger.commit(epochs.next(), of: epochs) }
            disk.arm(example.operations, example.effect, nth: point)
            var merged = EpochChanges()
            for _ in 0..<4 {
                merged = merged.merging(epochs.next())
                do {
                    try ledger.commit(merged, of: epochs)
                    merged = EpochChanges()
                } catch {
                    failures += 1
                    #expect(example.codes.contains(error.code), "\(error)")
                    #expect(error.healing == .byItself)
                    #expect(ledger.epoch < epochs.contents.epoch)
                }
            }
            disk.disarm()
            try ledger.commit(merged, of: epochs)
            #expect(ledger.epoch == epochs.contents.epoch)
            let hadFault = disk.faults > 0
            // What a failed sync should have made durable is gone: the commits after it must not have built on it.
            disk.reboot(.afterPowerCut)
            let contents = try Ledger.open(on: disk).contents
            #expect(contents.isOne(of: [epochs.contents.comparable]), "fault at operation \(point)")
            guard hadFault else { break }
        }
        #expect(failures > 0 || example.operations == .read)
    }

    @Test(arguments: [true, false])
    func aFailedCommitIsNotSeenByTheNextAgent(usesWriteAheadLog: Bool) throws {
        let disk = FaultyDisk("unseen-\(usesWriteAheadLog)")
        disk.takesWriteAheadLog = usesWriteAheadLog
        for point in 1... {
            disk.restore([:])
            var epochs = SampleEpochs(seed: 6)
            let (ledger, _) = try Ledger.open(on: disk)
            for _ in 0..<3 { try ledger.commit(epochs.next(), of: epochs) }
            let before = epochs.contents
            disk.arm(.write, .noSpace, nth: point, repeats: .max)
            let changes = epochs.next()
            #expect((try? ledger.commit(changes, of: epochs)) == nil || disk.faults == 0)
            let hadFault = disk.faults > 0
            disk.reboot(.afterKill)
            let contents = try Ledger.open(on: disk).contents
            #expect(contents.isOne(of: [(hadFault ? before : epochs.contents).comparable]))
            guard hadFault else { break }
        }
    }

    @Test func aFullDiskFailsUntilThereIsSpace() throws {
        let disk = FaultyDisk("full")
        var epochs = SampleEpochs(seed: 7)
        let (ledger, _) = try Ledger.open(on: disk)
        try ledger.commit(epochs.next(), of: epochs)
        disk.setCapacity(disk.files.values.map(\.count).reduce(0, +) + 5000)
        var merged = EpochChanges()
        for _ in 0..<3 {
            merged = merged.merging(epochs.next())
            let error = #expect(throws: LedgerError.self) { try ledger.commit(merged, of: epochs) }
            #expect(error?.code == "ledger_disk_full")
        }
        disk.setCapacity(nil)
        try ledger.commit(merged, of: epochs)
        ledger.close()
        #expect(try Ledger.open(on: disk).contents.comparable == epochs.contents.comparable)
    }

    @Test func aLedgerOnAFullDiskCanBeOpenedAndRead() throws {
        let disk = FaultyDisk("full-at-start")
        var epochs = SampleEpochs(seed: 8)
        var opened: Ledger? = try Ledger.open(on: disk).ledger
        for _ in 0..<4 { try opened?.commit(epochs.next(), of: epochs) }
        disk.reboot(.afterKill)
        opened = nil
        disk.setCapacity(0)
        let (ledger, contents) = try Ledger.open(on: disk)
        #expect(contents.comparable == epochs.contents.comparable)
        disk.setCapacity(nil)
        try ledger.commit(epochs.next(), of: epochs)
    }

    @Test func aNewLedgerOnAFullOrReadOnlyDiskSaysWhichAndCanBeTriedAgain() throws {
        let disk = FaultyDisk("no-ledger")
        disk.setCapacity(0)
        let full = #expect(throws: LedgerError.self) { try Ledger.open(on: disk) }
        #expect(full?.code == "ledger_disk_full")
        #expect(full?.healing == .byItself)
        disk.setCapacity(nil)
        disk.setReadOnly(true)
        let readOnly = #expect(throws: LedgerError.self) { try Ledger.open(on: disk) }
        #expect(readOnly?.code == "ledger_read_only")
        #expect(readOnly?.healing == .byOperator)
        disk.setReadOnly(false)
        #expect(try Ledger.open(on: disk).contents.epoch == EpochID(0))
    }
}

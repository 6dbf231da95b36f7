import Ledger
import LogModel
import TestSupport
import Testing

/// Bytes that change at rest: the ledger is refused, or what it says is what was committed.
@Suite struct LedgerDamageTests {
    @Test(arguments: [1, 0x80, 0xFF] as [UInt8])
    func aFlippedByteOfTheDatabaseNeverChangesAValue(mask: UInt8) throws {
        let disk = FaultyDisk("flip-database-\(mask)")
        var epochs = SampleEpochs(seed: 9)
        let (ledger, _) = try Ledger.open(on: disk)
        for _ in 0..<6 { try ledger.commit(epochs.next(), of: epochs) }
        try ledger.checkpoint()
        ledger.close()
        let files = disk.files
        let size = try #require(files["ledger.db"]?.count)
        var detected = 0
        for offset in offsets(size, block: 4096, step: 61) {
            disk.restore(files)
            disk.flip("ledger.db", at: offset, mask: mask)
            do {
                let contents = try Ledger.open(on: disk).contents
                #expect(contents.isOne(of: [epochs.contents.comparable]), "byte \(offset)")
            } catch let error as LedgerError {
                detected += 1
                // A changed version number looks like a newer agent's, a changed write version like a read-only file.
                let isHeader = offset < 100
                #expect(error.code == "ledger_corrupt" || isHeader, "byte \(offset): \(error)")
            }
        }
        #expect(detected > 100)
    }

    @Test(arguments: [1, 0x80, 0xFF] as [UInt8])
    func aFlippedByteOfTheLogIsFoundOrCostsAtMostTheLastEpochs(mask: UInt8) throws {
        let disk = FaultyDisk("flip-log-\(mask)")
        var epochs = SampleEpochs(seed: 10)
        var states = [epochs.contents.comparable]
        let (ledger, _) = try Ledger.open(on: disk)
        for _ in 0..<6 {
            try ledger.commit(epochs.next(), of: epochs)
            states.append(epochs.contents.comparable)
        }
        disk.reboot(.afterKill)
        let files = disk.files
        let size = try #require(files["ledger.db-wal"]?.count)
        var detected = 0
        for offset in offsets(size, block: 4120, step: 997) {
            disk.restore(files)
            disk.flip("ledger.db-wal", at: offset, mask: mask)
            do {
                let contents = try Ledger.open(on: disk).contents
                #expect(contents.isOne(of: states.suffix(3)), "byte \(offset): epoch \(contents.epoch)")
            } catch let error as LedgerError {
                detected += 1
                #expect(error.code == "ledger_corrupt", "byte \(offset): \(error)")
            }
        }
        #expect(detected > 100)
        withExtendedLifetime(ledger) {}
    }

    /// All of the headers, and a sample of the rest: a run over every byte takes minutes.
    private func offsets(_ size: Int, block: Int, step: Int) -> [Int] {
        (0..<size).filter { $0 < 160 || $0 % block < 64 && $0 % 5 == 0 || $0 % step == 0 }
    }

    @Test func aLogThatIsTornAfterAPowerCutIsNoDamage() throws {
        let disk = FaultyDisk("torn-log")
        // Failed commits leave frames of their own behind the end of the log.
        for seed in 0..<40 as Range<UInt64> {
            disk.disarm()
            disk.restore([:])
            var epochs = SampleEpochs(seed: seed)
            let (ledger, _) = try Ledger.open(on: disk)
            var merged = EpochChanges()
            for _ in 0..<8 {
                disk.arm(.sync, .inputOutputError, nth: 1)
                merged = merged.merging(epochs.next())
                #expect(throws: LedgerError.self) { try ledger.commit(merged, of: epochs) }
            }
            try ledger.commit(merged, of: epochs)
            disk.arm(.change, .crash, nth: Int(seed % 5) + 1)
            let before = epochs.contents.comparable
            #expect(throws: LedgerError.self) { try ledger.commit(epochs.next(), of: epochs) }
            disk.reboot(.afterTornPowerCut(seed: seed))
            #expect(try Ledger.open(on: disk).contents.isOne(of: [before, epochs.contents.comparable]))
        }
    }

    @Test(arguments: [
        ("", "ledger.db"), ("not a database, but long enough to have a header, or so it seems to be", "ledger.db"),
    ])
    func otherFilesUnderItsNameAreNotLedgers(text: String, name: String) throws {
        let disk = FaultyDisk("other-\(text.count)")
        disk.restore([name: Array(text.utf8)])
        if text.isEmpty {
            // An agent was killed between making the file and its first commit.
            #expect(try Ledger.open(on: disk).contents.epoch == EpochID(0))
        } else {
            let error = #expect(throws: LedgerError.self) { try Ledger.open(on: disk) }
            #expect(error?.code == "ledger_corrupt")
            #expect(error?.hint?.contains("start_fresh") == true)
        }
    }

    @Test func aTruncatedLedgerIsCorrupt() throws {
        let disk = FaultyDisk("truncated")
        var epochs = SampleEpochs(seed: 11)
        let (ledger, _) = try Ledger.open(on: disk)
        for _ in 0..<6 { try ledger.commit(epochs.next(), of: epochs) }
        ledger.close()
        let whole = try #require(disk.files["ledger.db"])
        for length in stride(from: 512, to: whole.count, by: 512) {
            disk.restore(["ledger.db": Array(whole.prefix(length))])
            let error = #expect(throws: LedgerError.self) { try Ledger.open(on: disk) }
            #expect(error?.code == "ledger_corrupt", "\(length) of \(whole.count) bytes")
        }
    }
}

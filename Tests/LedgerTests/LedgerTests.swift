import Ledger
import LogModel
import SeriesModel
import TestSupport
import Testing

@Suite struct LedgerTests {
    @Test(arguments: [true, false])
    func everyCommitIsThereAfterReopening(usesWriteAheadLog: Bool) throws {
        let disk = FaultyDisk("reopening-\(usesWriteAheadLog)")
        disk.takesWriteAheadLog = usesWriteAheadLog
        var epochs = SampleEpochs(seed: 1)
        for _ in 0..<30 {
            let (ledger, contents) = try Ledger.open(on: disk)
            #expect(ledger.usesWriteAheadLog == usesWriteAheadLog)
            #expect(contents.comparable == epochs.contents.comparable)
            for _ in 0..<2 { try ledger.commit(epochs.next(), of: epochs) }
        }
        #expect(disk.count(.sync) >= 60)
    }
}

import Ledger
import LogModel
import SeriesModel
import TestSupport
import Testing

@Suite struct LedgerCommitterTests {
    /// A pipeline that seals sample epochs; the content that it publishes is the number of the epoch.
    struct Pipeline {
        var epochs: SampleEpochs
        let time: ManualTime

        mutating func seal() -> SealedEpoch<UInt64> {
            let changes = epochs.next()
            return SealedEpoch(
                epoch: epochs.contents.epoch, changes: changes, content: epochs.contents.epoch.rawValue,
                sealedAt: time.monotonicNow())
        }

        /// An epoch with everything in it, such as is sealed when the ledger must be written anew.
        mutating func sealComplete() -> SealedEpoch<UInt64> {
            var sealed = seal()
            var changes = sealed.changes
            changes.streams = epochs.contents.streams
            changes.scanned = epochs.contents.scanned
            changes.consumers = epochs.contents.consumers
            changes.notes.written = epochs.contents.notes
            changes.metrics.schemas = epochs.contents.metrics.schemas
            changes.metrics.series = epochs.contents.metrics.series
            changes.metrics.shards = epochs.contents.metrics.shards
            sealed.changes = changes
            sealed.isComplete = true
            return sealed
        }
    }

    private func committer(on disk: FaultyDisk, _ time: ManualTime) throws -> LedgerCommitter<UInt64> {
        LedgerCommitter(ledger: try Ledger.open(on: disk).ledger, time: time)
    }

    @Test func whatIsCommittedIsPublishedAsDurable() throws {
        let (disk, time) = (FaultyDisk("committer"), ManualTime())
        let committer = try committer(on: disk, time)
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 1), time: time)
        for number in 1...5 as ClosedRange<UInt64> {
            let snapshot = committer.submit(pipeline.seal())
            #expect(snapshot.content == number)
            #expect(snapshot.epoch == EpochID(number))
            #expect(snapshot.isDurable)
        }
        #expect(committer.metrics.commits == 5)
        #expect(committer.metrics.bytesWritten > 0)
        committer.close()
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func aRefusingDiskDegradesPublishingUntilItHeals() throws {
        let (disk, time) = (FaultyDisk("degraded"), ManualTime())
        let committer = try committer(on: disk, time)
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 2), time: time)
        #expect(committer.submit(pipeline.seal()).isDurable)
        disk.arm(.write, .noSpace, repeats: .max)
        for number in 2...9 as ClosedRange<UInt64> {
            let snapshot = committer.submit(pipeline.seal())
            #expect(snapshot.content == number)
            #expect(!snapshot.isDurable)
        }
        // The first failure only: the others came before the next attempt was due.
        #expect(committer.metrics.failures == ["ledger_disk_full": 1])
        #expect(!committer.metrics.isDurable)
        #expect(committer.lastError?.code == "ledger_disk_full")
        time.advance(by: .seconds(60))
        #expect(committer.retry() == nil)
        #expect(committer.metrics.failures == ["ledger_disk_full": 2])
        disk.disarm()
        #expect(committer.retry() == nil)
        time.advance(by: .seconds(60))
        let healed = try #require(committer.retry())
        #expect(healed.isDurable)
        #expect(healed.content == 9)
        #expect(committer.metrics.isDurable)
        #expect(committer.lastError == nil)
        #expect(!committer.hasUncommittedChanges)
        committer.close()
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func pausesBetweenAttemptsDoubleUpToHalfAMinute() throws {
        let (disk, time) = (FaultyDisk("pauses"), ManualTime())
        let committer = try committer(on: disk, time)
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 3), time: time)
        disk.arm(.write, .inputOutputError, repeats: .max)
        _ = committer.submit(pipeline.seal())
        var pauses: [Duration] = []
        for _ in 0..<9 {
            let next = try #require(committer.nextAttempt)
            pauses.append(next.since(time.monotonicNow()))
            time.advance(by: next.since(time.monotonicNow()))
            #expect(committer.retry() == nil)
        }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
    }

    @Test func aDeletedLedgerIsWrittenAnewFromACompleteEpoch() throws {
        let (disk, time) = (FaultyDisk("deleted"), ManualTime())
        let committer = try committer(on: disk, time)
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 4), time: time)
        for _ in 0..<3 { #expect(committer.submit(pipeline.seal()).isDurable) }
        disk.restore([:])
        #expect(!committer.submit(pipeline.seal()).isDurable)
        #expect(committer.wantsCompleteEpoch)
        #expect(committer.metrics.failures == ["ledger_moved": 1])
        #expect(!committer.submit(pipeline.seal()).isDurable)
        #expect(committer.submit(pipeline.sealComplete()).isDurable)
        #expect(!committer.wantsCompleteEpoch)
        #expect(committer.metrics.rewrites == 1)
        #expect(committer.submit(pipeline.seal()).isDurable)
        committer.close()
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func writingAnewOnAFullDiskLeavesNothingBehindAndSucceedsLater() throws {
        let (disk, time) = (FaultyDisk("anew-full"), ManualTime())
        let committer = try committer(on: disk, time)
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 7), time: time)
        for _ in 0..<3 { #expect(committer.submit(pipeline.seal()).isDurable) }
        disk.restore([:])
        disk.setCapacity(20_000)
        for _ in 0..<8 {
            #expect(!committer.submit(pipeline.sealComplete()).isDurable)
            time.advance(by: .seconds(60))
        }
        #expect(committer.metrics.failures["ledger_disk_full"] == 8)
        #expect(disk.files.isEmpty)
        disk.setCapacity(nil)
        #expect(committer.submit(pipeline.seal()).isDurable)
        committer.close()
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func aLedgerThatCannotBeCreatedAtFirstTakesEverythingLater() throws {
        let (disk, time) = (FaultyDisk("late"), ManualTime())
        disk.setCapacity(0)
        #expect(throws: LedgerError.self) { try Ledger.open(on: disk) }
        let committer = LedgerCommitter<UInt64>(ledger: nil, time: time) {
            () throws(LedgerError) in try Ledger.open(disk, onCorrupt: .refuse, now: someTime).ledger
        }
        var pipeline = Pipeline(epochs: SampleEpochs(seed: 5), time: time)
        for _ in 0..<3 {
            #expect(!committer.submit(pipeline.seal()).isDurable)
            time.advance(by: .seconds(60))
        }
        disk.setCapacity(nil)
        #expect(committer.submit(pipeline.seal()).isDurable)
        committer.close()
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func mergedChangesSayTheSameAsOneAfterTheOther() throws {
        let (apart, together) = (FaultyDisk("apart"), FaultyDisk("together"))
        var epochs = SampleEpochs(seed: 6)
        let (one, _) = try Ledger.open(on: apart)
        let (other, _) = try Ledger.open(on: together)
        var merged = EpochChanges()
        for round in 1...60 {
            let changes = epochs.next()
            merged = merged.merging(changes)
            try one.commit(changes, of: epochs)
            if round % 7 == 0 {
                try other.commit(merged, of: epochs)
                merged = EpochChanges()
            }
        }
        try other.commit(merged, of: epochs)
        one.close()
        other.close()
        #expect(try Ledger.open(on: apart).contents.isOne(of: [epochs.contents.comparable]))
        #expect(try Ledger.open(on: together).contents.isOne(of: [epochs.contents.comparable]))
    }

    @Test func onlyTheNewestThousandLossesAreKept() throws {
        let disk = FaultyDisk("losses")
        let (ledger, _) = try Ledger.open(on: disk)
        func losses(_ range: Range<UInt64>) -> [LossRecord] {
            range.map {
                LossRecord(
                    stream: StreamID(1), consumer: .metrics, reason: .truncated, lowerOffset: $0, upperOffset: $0 + 1,
                    isOpenEnded: false, path: "/log", time: someTime)
            }
        }
        for round in 0..<5 as Range<UInt64> {
            var changes = EpochChanges()
            changes.losses = losses(round * 300..<(round + 1) * 300)
            try ledger.commit(changes, epoch: EpochID(round + 1))
        }
        ledger.close()
        #expect(try Ledger.open(on: disk).contents.losses == losses(500..<1500))
    }

    @Test func metricsNameEveryFailureFromTheStart() {
        let families = LedgerMetrics().families()
        #expect(families.map(\.name).allSatisfy { $0.hasPrefix("outrider_ledger_") })
        let failures = families.first { $0.name == "outrider_ledger_commit_failures_total" }
        #expect(failures?.samples.count == LedgerError.Kind.allCases.count)
    }
}

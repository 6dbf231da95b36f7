import Ledger
import LogModel
import Synchronization
import TestSupport
import Testing

@Suite struct LedgerWriterTests {
    /// Everything that was published, in order, and a way to wait for it.
    final class Published: Sendable {
        private let state = Mutex<(epochs: [EpochID], durable: [Bool])>(([], []))
        let stream: AsyncStream<PublishedSnapshot<UInt64>>
        private let continuation: AsyncStream<PublishedSnapshot<UInt64>>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func append(_ snapshot: PublishedSnapshot<UInt64>) {
            state.withLock {
                $0.epochs.append(snapshot.epoch)
                $0.durable.append(snapshot.isDurable)
            }
            continuation.yield(snapshot)
        }

        var epochs: [EpochID] { state.withLock { $0.epochs } }
        var durable: [Bool] { state.withLock { $0.durable } }
    }

    private func writer(
        on disk: FaultyDisk, _ time: ManualTime, _ published: Published = Published()
    ) throws -> LedgerWriter<UInt64> {
        let committer = LedgerCommitter<UInt64>(
            ledger: try Ledger.open(on: disk).ledger, time: time)
        return try LedgerWriter(committer, time: time) { published.append($0) }
    }

    @Test func everythingSubmittedIsPublishedInOrderAndDurableAfterDraining() throws {
        let (disk, time, published) = (FaultyDisk("writer"), ManualTime(), Published())
        let writer = try writer(on: disk, time, published)
        var pipeline = LedgerCommitterTests.Pipeline(epochs: SampleEpochs(seed: 1), time: time)
        for _ in 0..<200 { writer.submit(pipeline.seal()) }
        #expect(writer.drain(deadline: time.monotonicNow().advanced(by: .seconds(5))))
        #expect(published.epochs == published.epochs.sorted())
        #expect(published.epochs.last == EpochID(200))
        #expect(published.durable.allSatisfy { $0 })
        #expect(writer.latest?.content == 200)
        #expect(writer.metrics.commits == UInt64(published.epochs.count))
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test(.timeLimit(.minutes(10)))
    func aScrapeGetsASnapshotThatWasSealedAfterItArrived() async throws {
        let (disk, time) = (FaultyDisk("scrape"), ManualTime())
        let writer = try writer(on: disk, time)
        var pipeline = LedgerCommitterTests.Pipeline(epochs: SampleEpochs(seed: 2), time: time)
        let deadline = time.monotonicNow().advanced(by: .seconds(3600))
        writer.submit(pipeline.seal())
        let first = await writer.snapshot(sealedSince: time.monotonicNow(), deadline: deadline)
        #expect(first?.content == 1)
        time.advance(by: .seconds(1))
        let arrival = time.monotonicNow()
        async let second = writer.snapshot(sealedSince: arrival, deadline: deadline)
        time.advance(by: .seconds(1))
        writer.submit(pipeline.seal())
        #expect(await second?.content == 2)
        // Nothing has changed since: the same snapshot is as good as a new one.
        time.advance(by: .seconds(1))
        let later = time.monotonicNow()
        async let third = writer.snapshot(sealedSince: later, deadline: deadline)
        writer.confirmUnchanged(at: later)
        #expect(await third?.content == 2)
        writer.drain(deadline: deadline)
    }

    @Test(.timeLimit(.minutes(10)))
    func aScrapeGetsTheNewestSnapshotWhenItsDeadlineComesFirst() async throws {
        let (disk, time) = (FaultyDisk("deadline"), ManualTime())
        let writer = try writer(on: disk, time)
        var pipeline = LedgerCommitterTests.Pipeline(epochs: SampleEpochs(seed: 3), time: time)
        let start = time.monotonicNow()
        writer.submit(pipeline.seal())
        _ = await writer.snapshot(sealedSince: start, deadline: start.advanced(by: .seconds(3600)))
        time.advance(by: .seconds(1))
        let arrival = time.monotonicNow()
        async let late = writer.snapshot(sealedSince: arrival, deadline: arrival.advanced(by: .seconds(2)))
        time.advance(by: .seconds(3))
        writer.wake()
        #expect(await late?.content == 1)
        writer.drain(deadline: time.monotonicNow())
    }

    @Test(.timeLimit(.minutes(10)))
    func aRefusingDiskDegradesAndHeals() async throws {
        let (disk, time, published) = (FaultyDisk("healing"), ManualTime(), Published())
        disk.arm(.sync, .inputOutputError, nth: 20, repeats: .max)
        let writer = try writer(on: disk, time, published)
        var pipeline = LedgerCommitterTests.Pipeline(epochs: SampleEpochs(seed: 4), time: time)
        var snapshots = published.stream.makeAsyncIterator()
        var last: PublishedSnapshot<UInt64>?
        repeat {
            writer.submit(pipeline.seal())
            last = await snapshots.next()
        } while last?.isDurable == true
        #expect(writer.lastError?.code == "ledger_io")
        #expect(!writer.metrics.isDurable)
        // The thread waits for its next attempt, which is half a second away on a clock that stands still.
        disk.disarm()
        time.advance(by: .seconds(1))
        writer.wake()
        let healed = await snapshots.next()
        #expect(healed?.isDurable == true)
        #expect(healed?.epoch == last?.epoch)
        #expect(writer.drain(deadline: time.monotonicNow().advanced(by: .seconds(1))))
        #expect(try Ledger.open(on: disk).contents.isOne(of: [pipeline.epochs.contents.comparable]))
    }

    @Test func drainingGivesUpAtItsDeadline() throws {
        let (disk, time) = (FaultyDisk("give-up"), ManualTime())
        let writer = try writer(on: disk, time)
        disk.arm(.write, .noSpace, repeats: .max)
        var pipeline = LedgerCommitterTests.Pipeline(epochs: SampleEpochs(seed: 5), time: time)
        writer.submit(pipeline.seal())
        #expect(!writer.drain(deadline: time.monotonicNow()))
        #expect(writer.latest?.isDurable == false)
    }
}

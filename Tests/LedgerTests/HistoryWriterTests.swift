import LogModel
import QueryModel
import SeriesStore
import Synchronization
import TestSupport
import Testing

@testable import Ledger

/// The thread that writes the history.
@Suite struct HistoryWriterTests {
    /// A writer on a faulty disk; the disk is touched only while the writer rests.
    private final class Fixture: Sendable {
        let disk: FaultyDisk
        let time = ManualTime()
        let shared = SharedSeriesStore()
        let relay = Relay()
        let writer: HistoryWriter

        init(_ name: String, opensLate: Bool = false, prepare: (FaultyDisk) throws -> Void = { _ in }) throws {
            let disk = FaultyDisk(name, database: "history.db")
            try prepare(disk)
            self.disk = disk
            let file = opensLate ? nil : try HistoryFile.open(on: disk).file
            let (time, shared) = (time, shared)
            let relay = relay
            writer = try HistoryWriter(
                file, time: time, open: { () throws(LedgerError) in try HistoryFile.open(on: disk).file },
                contents: { shared.withStore { $0.takeContents() } }, onChange: { relay.take($0) })
        }

        func tick(_ count: Int64 = 1, bytes: Int = 0) {
            shared.withStore { store in
                for _ in 0..<count {
                    let timestamp = (store.mark?.timestamp ?? 0) + 1000
                    store.append(Double(timestamp), at: timestamp, to: store.reference(for: ["__name__": "x"]))
                    store.mark = TickMark(timestamp: timestamp, sealedAt: 0)
                    var changes = store.takeChanges()
                    if bytes > 0 {
                        changes.series.append(
                            StoreChanges.Series(
                                serial: 1 << 40 + timestamp, origin: .rule, labels: [UInt8](repeating: 1, count: bytes))
                        )
                    }
                    writer.submit(changes)
                }
            }
        }

        /// Waits until the writer has nothing to do, or until it rests after a failure.
        func settle(_ isSettled: @Sendable (HistoryWriterStatus) -> Bool) {
            writer.wait(until: isSettled)
        }

        func retry() {
            time.advance(by: .seconds(31))
            writer.wake()
        }

        func drain() { writer.drain(deadline: time.monotonicNow().advanced(by: .seconds(10))) }

        var stored: [String] {
            get throws { try SampleHistory.text(try HistoryFile.open(on: disk).contents) }
        }

        var expected: [String] { shared.withStore { SampleHistory.text($0) } }
    }

    private final class Relay: Sendable {
        private let codes = Mutex<[String]>([])
        func take(_ error: LedgerError?) { codes.withLock { $0.append(error?.code ?? "good") } }
        var all: [String] { codes.withLock { $0 } }
    }

    @Test func whatIsHandedOverIsWritten() throws {
        let fixture = try Fixture("writer-plain")
        fixture.tick(50)
        fixture.drain()
        #expect(try fixture.stored == fixture.expected)
        #expect(fixture.relay.all.isEmpty)
    }

    @Test func aFullDiskIsWaitedFor() throws {
        let fixture = try Fixture("writer-full")
        fixture.tick()
        fixture.settle { $0.commits == 1 }
        fixture.disk.setCapacity(0)
        fixture.tick()
        fixture.settle { $0.failures == 1 }
        #expect(fixture.writer.status.error?.kind == .diskFull)
        fixture.tick(5)
        fixture.retry()
        fixture.settle { $0.failures == 2 }
        fixture.disk.setCapacity(nil)
        fixture.retry()
        fixture.settle { $0.commits == 2 }
        #expect(fixture.writer.status.rewrites == 0)
        fixture.drain()
        #expect(fixture.relay.all == ["ledger_disk_full", "good"])
        #expect(try fixture.stored == fixture.expected)
    }

    @Test func whenTooMuchWaitsAllOfItIsWrittenAnew() throws {
        let fixture = try Fixture("writer-much")
        fixture.disk.setCapacity(0)
        fixture.tick()
        fixture.settle { $0.failures == 1 }
        fixture.tick(10, bytes: 1 << 20)
        fixture.disk.setCapacity(nil)
        fixture.retry()
        fixture.settle { $0.rewrites == 1 }
        fixture.tick(3)
        fixture.drain()
        #expect(try fixture.stored == fixture.expected)
    }

    @Test func aFileThatCannotBeOpenedIsOpenedLater() throws {
        let fixture = try Fixture("writer-late", opensLate: true) { $0.setReadOnly(true) }
        fixture.tick(3)
        fixture.settle { $0.failures == 1 }
        #expect(fixture.writer.status.error?.kind == .readOnly)
        fixture.disk.setReadOnly(false)
        fixture.retry()
        fixture.settle { $0.rewrites == 1 }
        fixture.drain()
        #expect(try fixture.stored == fixture.expected)
    }

    @Test func whatCouldNotBeReadIsPutAside() throws {
        let fixture = try Fixture("writer-unread", opensLate: true) { disk in
            let file = try HistoryFile.open(on: disk).file
            var history = SampleHistory(seed: 1)
            try file.commit([history.next()])
            file.close()
        }
        fixture.tick(3)
        fixture.settle { $0.rewrites == 1 }
        fixture.drain()
        #expect(fixture.disk.names().contains { $0.hasPrefix("history.db.unread-") })
        #expect(try fixture.stored == fixture.expected)
    }

    @Test func aDiskThatStaysFullDoesNotHoldUpTheEnd() throws {
        let fixture = try Fixture("writer-end")
        fixture.disk.setCapacity(0)
        fixture.tick()
        fixture.settle { $0.failures == 1 }
        fixture.drain()
        #expect(fixture.writer.status.failures == 2)
    }

    @Test func whatIsAheadOfTimeIsPutAside() throws {
        let fixture = try Fixture("writer-ahead")
        fixture.tick(10)
        fixture.settle { $0.commits > 0 }
        fixture.shared.withStore { store in
            _ = store.forget(after: 5000)
            store.mark = TickMark(timestamp: 5000, sealedAt: 0)
            fixture.writer.replaceFile()
        }
        fixture.settle { $0.rewrites == 1 }
        fixture.tick(2)
        fixture.drain()
        #expect(fixture.disk.names().contains { $0.hasPrefix("history.db.ahead-") })
        #expect(try fixture.stored == fixture.expected)
    }
}

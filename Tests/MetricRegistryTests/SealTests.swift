import LogModel
import SeriesModel
import TestSupport
import Testing

@testable import MetricRegistry

@Suite struct SealTests {
    private let definitions: [MetricDefinition] = [
        .counter("a_total", "x"), .gauge("g", "x"), .histogram("h", [1, 2, 3], labels: ["x"]),
    ]

    @Test func aSealNamesOnlyWhatChanged() throws {
        let fixture = try RegistryFixture(definitions)
        for number in 0..<400 { fixture.update(0, .add, 1, "\(number)") }
        let first = fixture.commit()
        #expect(first.changes.schemas.count == 5)
        #expect(first.changes.series.count == 400)
        #expect(first.changes.shards.map(\.index) == [0, 1, 2, 3])
        #expect(first.changes.shards.allSatisfy { $0.cells.count == 2048 })
        #expect(!fixture.registry.hasUnsealedChanges)
        #expect(fixture.registry.seal().changes.isEmpty)
        fixture.update(0, .add, 1, "200")
        #expect(fixture.registry.hasUnsealedChanges)
        let second = fixture.commit()
        #expect(second.changes.shards.map(\.index) == [1])
        #expect(second.changes.series.isEmpty && second.changes.schemas.isEmpty)
    }

    @Test func aSnapshotDoesNotChangeAfterwardsAndSharesWhatIsUnchanged() throws {
        let fixture = try RegistryFixture(definitions)
        for number in 0..<400 { fixture.update(0, .add, 1, "\(number)") }
        let before = fixture.snapshot
        let page = text(before)
        fixture.update(0, .add, 1, "0")
        fixture.update(0, .add, 1, "new")
        let after = fixture.snapshot
        #expect(text(before) == page)
        #expect(after.value("a_total", ["x": "0"]) == 2)
        let shared = zip(before.shards, after.shards).map { old, new in
            old.withUnsafeBufferPointer { $0.baseAddress } == new.withUnsafeBufferPointer { $0.baseAddress }
        }
        #expect(shared == [false, true, true, false])
    }

    @Test func aFailedCommitIsContainedInTheNextSeal() throws {
        let fixture = try RegistryFixture(definitions)
        fixture.update(0, .add, 1, "a")
        let lost = fixture.registry.seal()
        fixture.update(1, .set, 1, "b")
        let next = fixture.registry.seal()
        #expect(next.changes.schemas == lost.changes.schemas)
        #expect(next.changes.series.count == 2)
        var ledger = LedgerModel()
        ledger.commit(next.changes)
        fixture.registry.confirm(next.generation)
        #expect(!fixture.registry.hasUnconfirmedChanges)
        let page = fixture.page
        fixture.registry = try SeriesRegistry(restoring: ledger.contents)
        try fixture.registry.define(definitions, now: fixture.now)
        #expect(fixture.page == page)
    }

    @Test func confirmingAnOldSealKeepsWhatCameAfterIt() throws {
        let fixture = try RegistryFixture(definitions)
        fixture.update(0, .add, 1, "a")
        let first = fixture.registry.seal()
        fixture.update(0, .add, 1, "a")
        fixture.update(0, .add, 1, "b")
        fixture.registry.confirm(first.generation)
        let second = fixture.registry.seal()
        #expect(second.changes.shards.count == 1)
        #expect(second.changes.series.map(\.labelValues) == [[Array("b".utf8)]])
        #expect(second.changes.schemas.isEmpty)
    }

    @Test func cellsOfRemovedSeriesAreGivenOutOnlyWhenTheRemovalIsDurable() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x")])
        fixture.update(0, .add, 1, "a")
        let old = try #require(fixture.commit().changes.series.first).slot
        try fixture.registry.define([.gauge("g", "x")], now: fixture.now)
        fixture.registry.purge(olderThan: WallTime(nanoseconds: .max))
        fixture.update(0, .set, 1, "early")
        let removal = fixture.registry.seal()
        #expect(removal.changes.removedSeries == [old])
        #expect(removal.changes.series.allSatisfy { $0.slot != old })
        fixture.registry.confirm(removal.generation)
        fixture.update(0, .set, 2, "late")
        let after = fixture.registry.seal()
        #expect(after.changes.removedSeries.isEmpty)
        #expect(after.changes.series.map(\.slot) == [old])
        #expect(after.snapshot.value("g", ["x": "late"]) == 2)
    }

    @Test func aNewDefinitionAsksForASealEvenWithoutRows() throws {
        let fixture = try RegistryFixture(definitions)
        fixture.commit()
        try fixture.registry.define([definitions[0]], now: fixture.now)
        #expect(fixture.registry.hasUnsealedChanges)
        #expect(fixture.registry.seal().changes.isEmpty)
    }

    /// Random updates, commits that fail or succeed, crashes, and definitions that come and go, against a registry that
    /// never crashes and never restarts.
    @Test(arguments: 0..<30)
    func anyHistoryOfCommitsAndCrashesRestoresExactly(seed: UInt64) throws {
        var generator = SeededRandom(seed: seed)
        let straight = try RegistryFixture(definitions, seriesLimit: 20)
        let crashing = try RegistryFixture(definitions, seriesLimit: 20)
        var ledger = LedgerModel()
        var unsaved: [(UInt32, MatchBuffer.Operation, Double, String)] = []
        func replay(_ fixture: RegistryFixture, _ updates: [(UInt32, MatchBuffer.Operation, Double, String)]) {
            for update in updates { fixture.add(update.0, update.1, update.2, [Array(update.3.utf8)]) }
            fixture.apply()
        }
        for _ in 0..<120 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6:
                let updates = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                    let instrument = UInt32.random(in: 0..<3, using: &generator)
                    let operation: MatchBuffer.Operation = [.add, .set, .observe][Int(instrument)]
                    let value = Double.random(in: 0...4, using: &generator)
                    return (instrument, operation, value, "\(Int.random(in: 0..<30, using: &generator))")
                }
                replay(straight, updates)
                replay(crashing, updates)
                unsaved += updates
            case 6..<8:
                let sealed = crashing.registry.seal()
                guard Bool.random(using: &generator) else { break }
                ledger.commit(sealed.changes)
                unsaved = []
                // The commit may be durable although its confirmation never arrives.
                if Bool.random(using: &generator) { crashing.registry.confirm(sealed.generation) }
            case 8:
                crashing.registry = try SeriesRegistry(restoring: ledger.contents, seriesLimit: 20)
                try crashing.registry.define(definitions, now: crashing.now)
                replay(crashing, unsaved)
            default:
                try crashing.registry.define(definitions.shuffled(using: &generator), now: crashing.now)
                try crashing.registry.define(definitions, now: crashing.now)
            }
        }
        #expect(sortedLines(crashing.page) == sortedLines(straight.page))
    }

    private func sortedLines(_ page: String) -> [Substring] { page.split(separator: "\n").sorted() }
}

@Suite struct RestoreTests {
    private func contents() throws -> MetricChanges {
        let fixture = try RegistryFixture([.counter("a_total", "x"), .gauge("g"), .histogram("h", [1])])
        fixture.update(0, .add, 0.1, "v")
        fixture.update(0, .add, 0.2, "v")
        fixture.update(1, .set, -0.0)
        return fixture.registry.seal().changes
    }

    @Test func cellsComeBackBitForBit() throws {
        let contents = try contents()
        let registry = try SeriesRegistry(restoring: contents)
        #expect(registry.cells.shards.count == 1)
        let bytes = registry.cells.shards[0].flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
        #expect(bytes == contents.shards[0].cells)
        try registry.define([.counter("a_total", "x"), .gauge("g"), .histogram("h", [1])], now: .unixEpoch)
        let again = registry.seal()
        #expect(again.changes.isEmpty, "restored values are durable already")
        #expect(again.snapshot.value("a_total", ["x": "v"]) == 0.1 + 0.2)
        #expect(again.snapshot.value("g")?.sign == .minus)
        #expect(
            again.snapshot.families.flatMap(\.created).allSatisfy { $0 == WallTime(nanoseconds: 1_000_000_000_000) })
    }

    @Test func nothingIsShownBeforeItIsDefined() throws {
        #expect(try SeriesRegistry(restoring: contents()).seal().snapshot.families.isEmpty)
    }

    @Test func newSeriesDoNotTouchRestoredOnes() throws {
        let fixture = try RegistryFixture([])
        fixture.registry = try SeriesRegistry(restoring: contents())
        try fixture.registry.define([.counter("a_total", "x")], now: fixture.now)
        fixture.update(0, .add, 5, "w")
        let old = Set(try contents().series.map(\.slot))
        #expect(fixture.registry.seal().changes.series.allSatisfy { !old.contains($0.slot) })
    }

    private static let damages: [(String, @Sendable (inout MetricChanges) -> Void)] = [
        ("a series outside the shards", { $0.series[0].slot = SeriesSlot(256) }),
        ("a series that ends outside the shards", { $0.series[0].slot = SeriesSlot(255) }),
        ("a series at the end of all numbers", { $0.series[0].slot = SeriesSlot(.max) }),
        ("no shards", { $0.shards = [] }),
        ("two series in one place", { $0.series[1].slot = $0.series[0].slot }),
        ("two series that overlap", { $0.series[1].slot = SeriesSlot($0.series[0].slot.rawValue + 1) }),
        ("a series of no metric", { $0.series[0].schema = MetricSchemaID(99) }),
        ("a series with too many labels", { $0.series[0].labelValues.append([]) }),
        ("a short shard", { $0.shards[0].cells.removeLast() }),
        ("a shard twice", { $0.shards.append($0.shards[0]) }),
        ("a shard far away", { $0.shards[0].index = .max }),
        (
            "a metric twice",
            { $0.schemas.append(MetricSchemaRecord(id: MetricSchemaID(99), schema: $0.schemas[0].schema)) }
        ),
        ("an identifier twice", { $0.schemas[1].id = $0.schemas[0].id }),
        ("a metric without a name", { $0.schemas[0].schema.name = "" }),
        ("a removal", { $0.removedSeries = [SeriesSlot(0)] }),
        (
            "a negative counter",
            { changes in
                let series = changes.series.first { $0.labelValues.count == 1 }
                changes.shards[0].cells[Int(series?.slot.rawValue ?? 0) * 8 + 7] |= 0x80
            }
        ),
        (
            "the same series twice",
            { changes in
                var copy = changes.series[0]
                copy.slot = SeriesSlot(100)
                changes.series.append(copy)
            }
        ),
    ]

    @Test(arguments: damages.indices)
    func rowsThatContradictEachOtherAreRefused(number: Int) throws {
        let (name, damage) = Self.damages[number]
        var contents = try contents()
        damage(&contents)
        let error = #expect(throws: RegistryError.self, "\(name)") { try SeriesRegistry(restoring: contents) }
        #expect(error?.code == "metrics_inconsistent")
    }
}

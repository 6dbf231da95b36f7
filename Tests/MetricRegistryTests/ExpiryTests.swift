import LogModel
import MetricRegistry
import SeriesModel
import Testing

@Suite struct ExpiryTests {
    /// A registry with its ledger and a clock, as the pipeline drives them.
    private final class Agent {
        private let definitions: [MetricDefinition]
        let fixture: RegistryFixture
        private(set) var ledger = LedgerModel()
        private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000)

        init(_ definitions: [MetricDefinition], seriesLimit: Int = 10_000) throws {
            self.definitions = definitions
            fixture = try RegistryFixture(definitions, seriesLimit: seriesLimit)
        }

        /// Lets time pass; the pipeline looks for what has to go.
        func wait(_ seconds: Int64) {
            now = now.advanced(by: .seconds(seconds))
            fixture.now = WallTime(nanoseconds: fixture.now.nanoseconds + seconds * 1_000_000_000)
            fixture.registry.expire(now: now)
        }

        func seal() -> SealedMetrics {
            fixture.registry.noteUpdates(now: now)
            return fixture.registry.seal()
        }

        @discardableResult
        func commit() -> String {
            let sealed = seal()
            ledger.commit(sealed.changes)
            fixture.registry.confirm(sealed.generation)
            return text(sealed.snapshot)
        }

        func crash() throws {
            fixture.registry = try SeriesRegistry(
                restoring: ledger.contents, seriesLimit: fixture.registry.seriesLimit)
            try fixture.registry.define(definitions, now: fixture.now)
        }
    }

    private static func expiring(_ definition: MetricDefinition, _ seconds: Int64 = 600) -> MetricDefinition {
        var definition = definition
        definition.expiresAfter = .seconds(seconds)
        return definition
    }

    @Test(arguments: [
        expiring(.counter("a", "x")), expiring(.gauge("a", "x")), expiring(.histogram("a", [1], labels: ["x"])),
    ])
    func aSeriesWithoutUpdatesLeavesPageAndLedger(definition: MetricDefinition) throws {
        let operation: MatchBuffer.Operation =
            switch definition.schema.kind {
            case .counter: .add
            case .gauge: .set
            case .histogram: .observe
            }
        let agent = try Agent([definition, .counter("b", "x")])
        agent.fixture.update(0, operation, 5, "old")
        agent.fixture.update(1, .add, 1, "stays")
        agent.commit()
        agent.wait(300)
        agent.fixture.update(0, operation, 7, "new")
        #expect(agent.commit().contains(#"x="old""#))
        agent.wait(299)
        #expect(!agent.fixture.registry.hasUnsealedChanges)
        agent.wait(1)
        #expect(agent.fixture.registry.hasUnsealedChanges)
        let page = agent.commit()
        #expect(!page.contains(#"x="old""#))
        #expect(page.contains(#"x="new""#) && page.contains(#"x="stays""#))
        let rows = agent.ledger.contents.series.map { String(decoding: $0.labelValues.joined(), as: UTF8.self) }
        #expect(Set(rows).isSuperset(of: ["new", "stays"]) && !rows.contains("old"))
        try agent.crash()
        #expect(agent.commit() == page)
    }

    @Test func oneThatComesBackBeginsAtZeroWithANewCreatedTime() throws {
        let agent = try Agent([Self.expiring(.counter("a", "x"))])
        agent.fixture.update(0, .add, 5, "v")
        agent.commit()
        agent.wait(600)
        agent.commit()
        agent.wait(100)
        agent.fixture.update(0, .add, 2, "v")
        let series = agent.seal().snapshot.series(of: "a")
        #expect(series.map(\.value) == [2])
        #expect(series.map(\.created) == [agent.fixture.now])
    }

    /// The removal and the new series may reach the ledger in one commit.
    @Test func oneThatComesBackBeforeTheRemovalIsCommittedIsStoredOnce() throws {
        let agent = try Agent([Self.expiring(.counter("a", "x"))])
        agent.fixture.update(0, .add, 5, "v")
        agent.commit()
        agent.wait(600)
        agent.fixture.update(0, .add, 2, "v")
        agent.commit()
        try agent.crash()
        #expect(agent.fixture.snapshot.value("a", ["x": "v"]) == 2)
        #expect(agent.ledger.contents.series.count { !$0.labelValues.isEmpty } == 1)
    }

    @Test func aCrashBeforeTheCommitBringsTheSeriesBackForAWholeTime() throws {
        let agent = try Agent([Self.expiring(.counter("a", "x"))])
        agent.fixture.update(0, .add, 5, "v")
        agent.commit()
        agent.wait(600)
        #expect(agent.seal().snapshot.value("a", ["x": "v"]) == nil)
        try agent.crash()
        agent.wait(1)
        #expect(agent.seal().snapshot.value("a", ["x": "v"]) == 5)
        // What is read again counts on; it is neither doubled nor begun anew.
        agent.fixture.update(0, .add, 1, "v")
        agent.wait(599)
        #expect(agent.seal().snapshot.value("a", ["x": "v"]) == 6)
        agent.wait(600)
        #expect(agent.seal().snapshot.value("a", ["x": "v"]) == nil)
    }

    @Test func lateStartsLetNothingGoBeforeItsLinesCouldBeRead() throws {
        let agent = try Agent([Self.expiring(.counter("a", "x"))])
        agent.fixture.update(0, .add, 5, "v")
        agent.commit()
        try agent.crash()
        agent.wait(86_400)
        agent.fixture.update(0, .add, 1, "v")
        #expect(agent.seal().snapshot.value("a", ["x": "v"]) == 6)
    }

    @Test func whatExistsFromTheStartStays() throws {
        var declared = Self.expiring(.counter("a", "x"))
        declared.declaredSeries = [[Array("known".utf8)]]
        let agent = try Agent([
            declared, Self.expiring(.counter("plain")), Self.expiring(.gauge("g")), Self.expiring(.histogram("h", [1])),
        ])
        agent.fixture.update(0, .add, 1, "known")
        agent.fixture.update(0, .add, 1, "other")
        agent.fixture.update(2, .set, 3)
        agent.commit()
        for _ in 0..<3 { agent.wait(700) }
        let snapshot = agent.seal().snapshot
        #expect(snapshot.value("a", ["x": "known"]) == 1)
        #expect(snapshot.value("a", ["x": "other"]) == nil)
        #expect(snapshot.value("plain") == 0)
        #expect(snapshot.value("h") == 0)
        #expect(snapshot.value("g") == nil)
        // The gauge has no labels: it is found by itself.
        agent.fixture.update(2, .set, 4)
        #expect(agent.seal().snapshot.value("g") == 4)
    }

    @Test func seriesThatGoMakeRoomForOthers() throws {
        let agent = try Agent([Self.expiring(.counter("a", "x"))], seriesLimit: 2)
        for value in ["1", "2", "3"] { agent.fixture.update(0, .add, 1, value) }
        #expect(agent.seal().snapshot.value("a", ["x": "__overflow__"]) == 1)
        agent.wait(600)
        for value in ["4", "5"] { agent.fixture.update(0, .add, 1, value) }
        let snapshot = agent.seal().snapshot
        #expect(snapshot.series(of: "a").map(\.labelValues) == [["4"], ["5"]])
    }

    /// Random updates, waits, commits and crashes beside a dictionary that does the same.
    @Test(arguments: 1...20)
    func modelOfExpiry(seed: UInt64) throws {
        var random = Random(state: seed)
        let agent = try Agent([Self.expiring(.counter("a", "x"), 60), .counter("b", "x")])
        struct Model {
            var values: [String: Double] = [:]
            var seen: [String: MonotonicTime] = [:]
        }
        var model = Model()
        var committed = Model()
        for _ in 0..<400 {
            switch random.below(10) {
            case 0..<6:
                for _ in 0...random.below(40) {
                    // Long values, so that the index has keys to compact.
                    let value = String(repeating: "v", count: 40) + "\(random.below(300))"
                    agent.fixture.update(0, .add, 1, value)
                    agent.fixture.update(1, .add, 1, "\(random.below(5))\(value.suffix(1))")
                    model.values[value, default: 0] += 1
                    model.seen[value] = agent.now
                }
                agent.fixture.registry.noteUpdates(now: agent.now)
            case 6..<8:
                agent.wait(Int64(random.below(30)))
                for (value, seen) in model.seen where agent.now.since(seen) >= .seconds(60) {
                    (model.values[value], model.seen[value]) = (nil, nil)
                }
            case 8:
                agent.commit()
                committed = model
            default:
                try agent.crash()
                model = committed
                // Nothing is known of the time before; the first look is the beginning.
                agent.fixture.registry.noteUpdates(now: agent.now)
                for value in model.values.keys { model.seen[value] = agent.now }
            }
            let series = agent.seal().snapshot.series(of: "a")
            let shown = Dictionary(series.map { ($0.labelValues[0], $0.value ?? .nan) }) { first, _ in first }
            let wrong = Set(shown.keys).union(model.values.keys).filter { shown[$0] != model.values[$0] }
            try #require(wrong == [])
            try #require(series.count == shown.count)
        }
    }

    private struct Random {
        var state: UInt64
        mutating func below(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
    }
}

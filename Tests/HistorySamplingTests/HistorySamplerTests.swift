import HistorySampling
import LogModel
import MetricRegistry
import QueryModel
import SeriesModel
import SeriesStore
import TestSupport
import Testing

/// What a look at the page leaves in the store.
@Suite struct HistorySamplerTests {
    @Test func everySampleOfThePageIsStoredWithItsLabels() throws {
        let fixture = try SamplerFixture([
            .counter("c_total", "code"), .gauge("g", lastUpdate: true), .gauge("never_set"),
            MetricDefinition(
                schema: MetricSchema(name: "h", kind: .histogram, labelNames: ["a"], buckets: [1, 2.5]), help: ""),
        ])
        fixture.target = [Label(name: "job", value: "bot"), Label(name: "code", value: "hidden")]
        fixture.own = [
            SampleFamily(
                name: "own", kind: .gauge, help: "", samples: [.init(labels: [("x", "a\"\\\nb")], value: .infinity)])
        ]
        fixture.update(0, .add, 3, "4\"2")
        fixture.update(1, .set, -2)
        for value in [0.5, 2, 9] { fixture.update(3, .observe, value, "ü") }
        fixture.tick()
        let found = fixture.store.view.select([], from: .min, through: .max)
        #expect(found.allSatisfy { $0.labels["job"] == "bot" && $0.timestamps == [1_005_000] })
        #expect(fixture.samples("c_total", ["code": "4\"2"]) == "1005=3.0")
        #expect(fixture.samples("g", ["code": "hidden"]) == "1005=-2.0")
        #expect(fixture.samples("g_last_update_timestamp_seconds") == "1005=1000.0")
        #expect(fixture.samples("never_set") == "0 series")
        #expect(fixture.samples("own", ["x": "a\"\\\nb"]) == "1005=inf")
        #expect(fixture.samples("up") == "1005=1.0")
        #expect(fixture.samples("h_bucket", ["le": "1.0", "a": "ü"]) == "1005=1.0")
        #expect(fixture.samples("h_bucket", ["le": "2.5", "a": "ü"]) == "1005=2.0")
        #expect(fixture.samples("h_bucket", ["le": "+Inf", "a": "ü"]) == "1005=3.0")
        #expect(fixture.samples("h_sum") == "1005=11.5")
        #expect(fixture.samples("h_count") == "1005=3.0")
        let own = ["outrider_series_overflow_total", "outrider_series_updates_refused_total"]
        #expect(found.count { !own.contains($0.labels.metricName.string) } == 10)
    }

    @Test func aCounterThatBeginsIsPrecededByZero() throws {
        let fixture = try SamplerFixture([
            .counter("errors_total", "code"),
            MetricDefinition(
                schema: MetricSchema(name: "h", kind: .histogram, labelNames: ["a"], buckets: [1]), help: ""),
            MetricDefinition(schema: MetricSchema(name: "g", kind: .gauge, labelNames: ["a"]), help: ""),
        ])
        fixture.update(0, .add, 7, "old")
        fixture.tick()
        fixture.now += 5
        fixture.update(0, .add, 1, "new")
        fixture.update(1, .observe, 5, "x")
        fixture.update(2, .set, 5, "x")
        fixture.tick()
        fixture.tick()
        // What was there at the first look may have begun long ago.
        #expect(fixture.samples("errors_total", ["code": "old"]) == "1005=7.0 1020=7.0 1035=7.0")
        #expect(fixture.samples("errors_total", ["code": "new"]) == "1005=0.0 1020=1.0 1035=1.0")
        #expect(fixture.samples("h_bucket", ["le": "+Inf"]) == "1005=0.0 1020=1.0 1035=1.0")
        #expect(fixture.samples("h_bucket", ["le": "1.0"]) == "1020=0.0 1035=0.0")
        #expect(fixture.samples("h_count") == "1005=0.0 1020=1.0 1035=1.0")
        #expect(fixture.samples("h_sum") == "1005=0.0 1020=5.0 1035=5.0")
        #expect(fixture.samples("g") == "1020=5.0 1035=5.0")
    }

    @Test func aCounterThatBeganWhileTheDiskWasSlowIsPrecededByZero() throws {
        let fixture = try SamplerFixture([.counter("errors_total", "code")])
        fixture.tick()
        // The look at 1020 sees what was sealed at 1010.
        fixture.now = 1010
        let sealed = fixture.registry.seal()
        let late = SampledPage(metrics: sealed.snapshot, sealedAt: WallTime(nanoseconds: 1_010_000_000_000))
        fixture.now = 1012
        fixture.update(0, .add, 1, "a")
        fixture.sampler.sample(late, at: 1_020_000, step: 15_000, into: fixture.store)
        fixture.now = 1021
        fixture.tick()
        #expect(fixture.samples("errors_total") == "1020=0.0 1035=1.0")
    }

    @Test func aSeriesThatEndsGetsAMarker() throws {
        let fixture = try SamplerFixture([.counter("a_total", "x"), .gauge("g")])
        fixture.own = [SampleFamily(name: "own", kind: .gauge, help: "", samples: [.init(value: 4)])]
        fixture.update(0, .add, 1, "1")
        fixture.update(1, .set, 1)
        fixture.tick()
        fixture.own = []
        try fixture.define([.gauge("g")])
        fixture.tick()
        fixture.tick()
        #expect(fixture.samples("a_total") == "1005=1.0 1020=end")
        #expect(fixture.samples("own") == "1005=4.0 1020=end")
        #expect(fixture.samples("g") == "1005=1.0 1020=1.0 1035=1.0")
        // It comes back with what it had counted, and none of that is new.
        try fixture.define([.counter("a_total", "x"), .gauge("g")])
        fixture.tick()
        #expect(fixture.samples("a_total") == "1005=1.0 1020=end 1050=1.0")
    }

    @Test func aCounterThatBeginsAnewIsNotTakenForTheOldOne() throws {
        let fixture = try SamplerFixture([.counter("a_total", "x", expiresAfter: .seconds(5))])
        fixture.update(0, .add, 3, "1")
        fixture.tick()
        fixture.registry.expire(now: MonotonicTime(nanoseconds: 1))
        fixture.registry.expire(now: MonotonicTime(nanoseconds: 60_000_000_000))
        fixture.update(0, .add, 5, "1")
        fixture.tick()
        #expect(fixture.samples("a_total") == "1005=3.0 1005.001=0.0 1020=5.0")
        fixture.registry.expire(now: MonotonicTime(nanoseconds: 120_000_000_000))
        fixture.registry.expire(now: MonotonicTime(nanoseconds: 180_000_000_000))
        fixture.tick()
        fixture.tick()
        fixture.update(0, .add, 9, "1")
        fixture.tick()
        let end = "1035=end 1050=0.0 1065=9.0"
        #expect(fixture.samples("a_total") == "1005=3.0 1005.001=0.0 1020=5.0 \(end)")
    }

    @Test func theHistoryGoesOnAfterAStart() throws {
        let fixture = try SamplerFixture([.counter("stays_total", "x"), .counter("goes_total", "x")])
        fixture.update(0, .add, 1, "1")
        fixture.update(1, .add, 1, "1")
        fixture.tick()
        try fixture.restart()
        try fixture.define([.counter("stays_total", "x")])
        fixture.now = 2000
        fixture.update(0, .add, 1, "1")
        fixture.update(0, .add, 4, "2")
        fixture.tick()
        #expect(fixture.samples("stays_total", ["x": "1"]) == "1005=1.0 2010=2.0")
        #expect(fixture.samples("stays_total", ["x": "2"]) == "1995=0.0 2010=4.0")
        #expect(fixture.samples("goes_total") == "1005=1.0 2010=end")
    }

    @Test func withAnotherTargetAllSeriesAreOthers() throws {
        let fixture = try SamplerFixture([.counter("a_total")])
        fixture.update(0, .add, 2)
        fixture.target = [Label(name: "job", value: "a")]
        fixture.tick()
        fixture.target = [Label(name: "job", value: "b")]
        fixture.tick()
        #expect(fixture.samples("a_total", ["job": "a"]) == "1005=2.0 1020=end")
        #expect(fixture.samples("a_total", ["job": "b"]) == "1020=2.0")
        #expect(fixture.samples("up", ["job": "a"]) == "1005=1.0 1020=end")
    }

    @Test func theAgentsOwnCountersBeginAtZeroToo() throws {
        let fixture = try SamplerFixture([])
        func family(_ values: [(String, Double)]) -> SampleFamily {
            SampleFamily(
                name: "own_total", kind: .counter, help: "",
                samples: values.map { .init(labels: [("x", $0.0)], value: $0.1) })
        }
        fixture.own = [family([("a", 5)])]
        fixture.tick()
        fixture.own = [family([("b", 2), ("a", 6)])]
        fixture.tick()
        fixture.own = [family([("b", 2)])]
        fixture.tick()
        fixture.own = [family([("a", 7), ("b", 2)])]
        fixture.tick()
        #expect(fixture.samples("own_total", ["x": "a"]) == "1005=5.0 1020=6.0 1035=end 1050=7.0")
        #expect(fixture.samples("own_total", ["x": "b"]) == "1005=0.0 1020=2.0 1035=2.0 1050=2.0")
    }

    @Test func whatMemoryDidNotHoldBeginsAgain() throws {
        let fixture = try SamplerFixture([.counter("a_total", "x")])
        fixture.update(0, .add, 1, "1")
        fixture.tick()
        fixture.store.limits.memory = 0
        fixture.store.expire(now: fixture.now * 1000)
        #expect(fixture.store.seriesCount == 0)
        fixture.store.limits.memory = 1 << 20
        fixture.tick()
        #expect(fixture.samples("a_total") == "1020=1.0")
        #expect(fixture.samples("up") == "1020=1.0")
    }

    /// Whatever comes and goes in the registry, the store has of each look what a page of text would have shown.
    /// What is in the history goes on, what finds no room is counted, and begins where it does without a zero.
    @Test func aSeriesWithoutRoomIsLeftOutAndCounted() throws {
        let perSeries = StoreLimits(memory: 1 << 20).memory / StoreLimits(memory: 1 << 20).liveSeries
        let room = 12
        let fixture = try SamplerFixture(
            [.counter("c_total", "i", expiresAfter: .seconds(20))], limits: StoreLimits(memory: room * (perSeries + 1)))
        fixture.tick()
        #expect(fixture.sampler.seriesRefused == 0)
        let before = fixture.store.seriesCount
        #expect(before < room)
        for number in 0..<50 { fixture.update(0, .add, 1, "\(number)") }
        fixture.tick()
        #expect(fixture.store.seriesCount == room)
        #expect(fixture.sampler.seriesRefused == 50 - (room - before))
        #expect(fixture.samples("c_total", ["i": "0"]) == "1005=0.0 1020=1.0")
        #expect(fixture.samples("c_total", ["i": "49"]) == "0 series")
        #expect(fixture.samples("up") == "1005=1.0 1020=1.0")
        // The same after a start: what is stored is found again.
        try fixture.restart()
        fixture.tick()
        #expect(fixture.store.seriesCount == room)
        #expect(fixture.samples("c_total", ["i": "0"]) == "1005=0.0 1020=1.0 1035=1.0")
        #expect(fixture.samples("c_total", ["i": "49"]) == "0 series")
        // All but the last one go, which finds room now.
        fixture.registry.noteUpdates(now: MonotonicTime(nanoseconds: UInt64(fixture.now) * 1_000_000_000))
        fixture.now += 30
        fixture.update(0, .add, 1, "49")
        fixture.registry.expire(now: MonotonicTime(nanoseconds: UInt64(fixture.now) * 1_000_000_000))
        fixture.tick()
        fixture.tick()
        #expect(fixture.sampler.seriesRefused == 0)
        #expect(fixture.samples("c_total", ["i": "0"]).hasSuffix("end"))
        #expect(fixture.samples("c_total", ["i": "49"]) == "1095=2.0")
    }

    @Test(arguments: 0..<20) func theStoreHasWhatThePageShowed(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let fixture = try SamplerFixture([
            .counter("a_total", "x", expiresAfter: .seconds(40)), .counter("b_total", "x"),
        ])
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                fixture.update(
                    .random(in: 0...1, using: &random), .add, 1, "\(Int.random(in: 0..<8, using: &random))")
            }
            fixture.registry.noteUpdates(now: MonotonicTime(nanoseconds: UInt64(fixture.now) * 1_000_000_000))
            fixture.registry.expire(now: MonotonicTime(nanoseconds: UInt64(fixture.now) * 1_000_000_000))
            fixture.tick()
            let snapshot = fixture.registry.seal().snapshot
            let at = fixture.now * 1000
            let live = fixture.store.view.select([], from: at, through: at).filter {
                $0.values.last.map { !SampleValue.isStale($0) } ?? false && $0.labels.metricName != "up"
            }
            var shown: [String: Double] = [:]
            for name in ["a_total", "b_total"] {
                for series in snapshot.series(of: name) { shown["\(name) \(series.labelValues)"] = series.value }
            }
            var stored: [String: Double] = [:]
            for series in live where !series.labels.metricName.string.hasPrefix("outrider_") {
                stored["\(series.labels.metricName.string) [\"\(series.labels["x"].string)\"]"] = series.values.last
            }
            #expect(stored == shown)
        }
    }
}

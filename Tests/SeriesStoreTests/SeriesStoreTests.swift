import QueryModel
import TestSupport
import Testing

@testable import SeriesStore

/// Series in memory.
@Suite struct SeriesStoreTests {
    private func equals(_ name: ByteString, _ value: ByteString) -> LabelMatcher { LabelMatcher(name, equals: value) }

    @Test func samplesAreFoundByLabelsAndTime() {
        let store = SeriesStore()
        for (job, code) in [("a", "200"), ("a", "500"), ("b", "200")] {
            let reference = store.reference(
                for: ["__name__": "requests_total", "job": ByteString(job), "code": ByteString(code)])
            for tick in 0..<10 as Range<Int64> { store.append(Double(tick), at: tick * 1000, to: reference) }
        }
        let found = store.view.select([equals("job", "a")], from: 2500, through: 4000)
        #expect(found.map { $0.labels["code"] } == ["200", "500"])
        #expect(found.map(\.timestamps) == [[3000, 4000], [3000, 4000]])
        #expect(found.first?.values == [3, 4])
        let others = store.view.select(
            [equals("__name__", "requests_total"), LabelMatcher("job", equals: "a", isNegated: true)], from: 0,
            through: 0)
        #expect(others.map(\.labels) == [["__name__": "requests_total", "job": "b", "code": "200"]])
        #expect(store.view.select([equals("job", "a")], from: 10_000, through: 20_000).isEmpty)
        #expect(store.view.select([equals("nothing", "")], from: 0, through: 0).count == 3)
        #expect(store.view.labelNames == ["__name__", "code", "job"])
        #expect(store.view.values(of: "code") == ["200", "500"])
    }

    @Test func samplesThatCameBeforeAreRefused() {
        let store = SeriesStore()
        let reference = store.reference(for: ["__name__": "x"])
        #expect(store.append(1, at: 1000, to: reference) == .appended)
        #expect(store.append(1, at: 1000, to: reference) == .repeated)
        #expect(store.append(2, at: 1000, to: reference) == .duplicate)
        #expect(store.append(2, at: 999, to: reference) == .outOfOrder)
        #expect(store.append(SampleValue.stale, at: 1001, to: reference) == .appended)
        #expect(store.append(SampleValue.stale, at: 1001, to: reference) == .repeated)
        #expect(store.samplesOutOfOrder + store.samplesDuplicate == 2)
        #expect(store.sampleCount == 2)
    }

    @Test func aViewDoesNotChange() {
        let store = SeriesStore()
        let reference = store.reference(for: ["__name__": "x"])
        store.append(1, at: 1000, to: reference)
        let view = store.view
        store.append(2, at: 2000, to: reference)
        store.expire(now: 1 << 50)
        #expect(view.select([equals("__name__", "x")], from: 0, through: 5000).map(\.values) == [[1]])
        #expect(store.view.select([equals("__name__", "x")], from: 0, through: 5000).isEmpty)
        #expect(store.seriesCount == 0)
        #expect(!store.isCurrent(reference))
        #expect(store.append(3, at: 3000, to: reference) == .unknownSeries)
        #expect(!store.isCurrent(store.reference(for: ["__name__": "x"])) == false)
    }

    /// Whatever is appended and forgotten, what is there is what a plain list would have, and the account of memory adds up.
    @Test(arguments: 0..<30) func theStoreIsAsGoodAsAList(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let store = SeriesStore(limits: StoreLimits(retention: 400_000, memory: 1 << 30))
        var kept: [LabelSet: [(Int64, Double)]] = [:]
        var now: Int64 = 0
        for _ in 0..<600 {
            now += Int64.random(in: 1...2_000, using: &random)
            let labels: LabelSet = ["__name__": ByteString("m\(Int.random(in: 0..<6, using: &random))")]
            let value = Double(Int.random(in: 0...5, using: &random))
            store.append(value, at: now, to: store.reference(for: labels))
            kept[labels, default: []].append((now, value))
            if Int.random(in: 0..<20, using: &random) == 0 { store.expire(now: now) }
        }
        store.expire(now: now)
        let start = now - 400_000
        let found = store.view.select(
            [LabelMatcher("__name__", equals: "", isNegated: true)], from: start, through: now)
        let expected = kept.mapValues { $0.filter { $0.0 >= start } }.filter { !$0.value.isEmpty }
        #expect(found.map(\.labels) == expected.keys.sorted())
        for series in found { #expect(series.timestamps == expected[series.labels]?.map(\.0)) }
        store.expire(now: 1 << 50)
        #expect(store.memory == 0)
        #expect(store.sampleCount == 0)
    }

    /// As many series as the store takes, all of them sampled: each keeps its youngest samples, none goes for another.
    @Test func everySeriesOfAFullStoreKeepsItsYoungestSamples() throws {
        let limits = StoreLimits(retention: .max / 2, memory: 300_000)
        let store = SeriesStore(limits: limits)
        var references: [SeriesReference] = []
        while let reference = store.reference(ifRoomFor: ["i": ByteString("\(references.count)")]) {
            references.append(reference)
        }
        #expect(references.count == limits.liveSeries && store.isFull)
        #expect(references.count > 200)
        for tick in 0..<2_000 as Range<Int64> {
            for (place, reference) in references.enumerated() {
                // All of them change at each look.
                try #require(
                    store.append(Double(tick) * 1.1 + Double(place), at: tick * 15_000, to: reference) == .appended)
            }
            store.expire(now: tick * 15_000)
            #expect(store.memory <= limits.memory)
        }
        let found = store.view.select([], from: 0, through: .max)
        #expect(found.count == references.count)
        // More than what a query of `[5m]` needs.
        let fewest = found.map(\.timestamps.count).min() ?? 0
        #expect(fewest >= 21)
        for series in found {
            #expect(series.timestamps == (2_000 - Int64(series.timestamps.count)..<2_000).map { $0 * 15_000 })
        }
    }

    @Test func aSeriesThatEndsMakesRoomForAnother() throws {
        let store = SeriesStore(limits: StoreLimits(memory: 4 * SeriesStore.bytesPerLiveSeries))
        let labels = (0..<5).map { LabelSet([Label(name: "i", value: ByteString("\($0)"))]) }
        let first = try labels[..<4].map { try #require(store.reference(ifRoomFor: $0)) }
        for reference in first { store.append(1, at: 1000, to: reference) }
        #expect(store.reference(ifRoomFor: labels[4]) == nil)
        #expect(store.reference(ifRoomFor: labels[0]) == first[0])
        store.append(SampleValue.stale, at: 2000, to: first[2])
        let other = try #require(store.reference(ifRoomFor: labels[4]))
        store.append(1, at: 2000, to: other)
        // It is back, and one more than there is room for: what goes on is never refused.
        #expect(store.append(2, at: 3000, to: first[2]) == .appended)
        #expect(store.liveCount == 5)
        // A stored series counts as it did.
        var disk = StoredHistory()
        store.append(SampleValue.stale, at: 4000, to: first[1])
        disk.apply(store.takeChanges())
        let restored = SeriesStore(limits: store.limits)
        try restored.restore(disk.contents)
        #expect(restored.liveCount == 4 && restored.isFull)
        restored.expire(now: 1 << 50)
        #expect(restored.liveCount == 0)
    }

    @Test func theOldestChunksGoWhenMemoryIsShort() {
        let store = SeriesStore(limits: StoreLimits(retention: .max / 2, memory: 100_000))
        var random = SeededRandom(seed: 1)
        let references = (0..<20).map { store.reference(for: ["__name__": "x", "i": ByteString("\($0)")]) }
        for tick in 0..<5_000 as Range<Int64> {
            for reference in references {
                store.append(Double(bitPattern: random.next() >> 2), at: tick, to: reference)
            }
            store.expire(now: tick)
        }
        #expect(store.memory <= 100_000 + 20 * SampleChunk.maximumCount * 10)
        #expect(store.chunksEvicted > 0)
        let found = store.view.select([equals("__name__", "x")], from: 0, through: 5_000)
        #expect(found.count == 20)
        #expect(found.allSatisfy { $0.timestamps.last == 4_999 })
    }

    @Test func changesThatNobodyTakesAreNotNoted() {
        let store = SeriesStore(notesChanges: false)
        let reference = store.reference(for: LabelSet([Label(name: "__name__", value: "x")]))
        for time in 0..<600 { store.append(Double(time), at: Int64(time) * 1000, to: reference) }
        store.mark = TickMark(timestamp: 1, sealedAt: 1)
        let changes = store.takeChanges()
        #expect(changes.rows.isEmpty && changes.chunks.isEmpty && changes.series.isEmpty)
        #expect(store.view.select([], from: 0, through: 600_000).map(\.values.count) == [600])
    }
}

import QueryModel
import TestSupport
import Testing

@testable import SeriesStore

/// What a disk would hold after changes were applied to it.
struct StoredHistory {
    private var mark: TickMark?
    private var series: [Int64: StoreChanges.Series] = [:]
    private var chunks: [StoreChanges.ChunkKey: StoreChanges.Chunk] = [:]
    private(set) var rows: [Int64: StoreChanges.Row] = [:]

    init() {}

    init(_ contents: StoreContents) {
        mark = contents.mark
        for each in contents.series { series[each.serial] = each }
        for chunk in contents.chunks { chunks[StoreChanges.ChunkKey(serial: chunk.serial, start: chunk.start)] = chunk }
        for row in contents.rows { rows[row.number] = row }
    }

    mutating func apply(_ changes: StoreChanges) {
        mark = changes.mark ?? mark
        for each in changes.series { series[each.serial] = each }
        for serial in changes.removedSeries { series[serial] = nil }
        for chunk in changes.chunks { chunks[StoreChanges.ChunkKey(serial: chunk.serial, start: chunk.start)] = chunk }
        for key in changes.removedChunks { chunks[key] = nil }
        for row in changes.rows { rows[row.number] = row }
        rows = rows.filter { $0.key >= changes.firstRow }
    }

    var contents: StoreContents {
        var contents = StoreContents()
        contents.mark = mark
        contents.series = series.values.sorted { $0.serial < $1.serial }
        contents.chunks = chunks.values.sorted { ($0.serial, $0.start) < ($1.serial, $1.start) }
        contents.rows = rows.values.sorted { $0.number < $1.number }
        return contents
    }
}

/// Random lives of a store, beside a plain list of samples.
@Suite struct StoreModelTests {
    private struct Life {
        var random: SeededRandom
        let limits: StoreLimits
        var store: SeriesStore
        var disk = StoredHistory()
        var kept: [LabelSet: [(timestamp: Int64, bits: UInt64)]] = [:]
        var now: Int64 = 1_000_000

        init(seed: UInt64) {
            random = SeededRandom(seed: seed)
            limits = StoreLimits(retention: 600_000, memory: 1 << 30, chunkSpan: 200_000)
            store = SeriesStore(limits: limits)
        }

        mutating func append() {
            now += Int64.random(in: 0...1500, using: &random)
            let count = Int.random(in: 1...6, using: &random)
            for number in 0..<count {
                let labels: LabelSet = [
                    "__name__": "m", "i": ByteString("\(number * Int.random(in: 1...3, using: &random))"),
                ]
                let isLate = Int.random(in: 0..<20, using: &random) == 0
                let timestamp = isLate ? now - Int64.random(in: 0...3000, using: &random) : now
                let value: Double =
                    switch Int.random(in: 0..<12, using: &random) {
                    case 0: SampleValue.stale
                    case 1: .random(in: -1...1, using: &random)
                    case 2: SampleValue.nan
                    default: Double(Int.random(in: 0...2, using: &random))
                    }
                append(value, timestamp, labels)
            }
        }

        private mutating func append(_ value: Double, _ timestamp: Int64, _ labels: LabelSet) {
            let last = kept[labels]?.last
            let expected: AppendOutcome =
                if let last, timestamp == last.timestamp {
                    last.bits == value.bitPattern ? .repeated : .duplicate
                } else if let last, timestamp < last.timestamp {
                    .outOfOrder
                } else {
                    .appended
                }
            let outcome = store.append(value, at: timestamp, to: store.reference(for: labels))
            #expect(outcome == expected)
            if expected == .appended { kept[labels, default: []].append((timestamp, value.bitPattern)) }
        }

        /// What is older than the retention may go, chunk by chunk, and is gone when a whole chunk is.
        mutating func expire() {
            store.expire(now: now)
            disk.apply(store.takeChanges())
            let limit = now - limits.retention
            let view = store.view
            for (labels, samples) in kept {
                let known = view.series.first { !$0.isFree && $0.labels == labels }
                let first = known?.start ?? .max
                #expect(first == .max || samples.contains { $0.timestamp == first })
                kept[labels] = samples.filter { $0.timestamp >= first }
                #expect(samples.allSatisfy { $0.timestamp >= first || $0.timestamp < limit })
                if kept[labels]?.isEmpty ?? true { kept[labels] = nil }
            }
        }

        mutating func forget() {
            let limit = now - Int64.random(in: 0...100_000, using: &random)
            let gone = store.forget(after: limit)
            let before = kept.values.reduce(0) { $0 + $1.count }
            kept = kept.mapValues { $0.filter { $0.timestamp <= limit } }.filter { !$0.value.isEmpty }
            #expect(gone == before - kept.values.reduce(0) { $0 + $1.count })
            now = limit
            disk = StoredHistory(store.takeContents())
        }

        mutating func restart() throws {
            disk.apply(store.takeChanges())
            // To apply the last changes twice changes nothing, and to lose what was not taken is to lose a tick.
            let restored = SeriesStore(limits: limits)
            try restored.restore(disk.contents)
            store = restored
        }

        func compare() {
            let found = store.view.select(
                [LabelMatcher("__name__", equals: "m")], from: .min, through: .max)
            #expect(found.map(\.labels) == kept.keys.sorted())
            for series in found {
                let samples = kept[series.labels] ?? []
                #expect(series.timestamps == samples.map(\.timestamp))
                #expect(series.values.map(\.bitPattern) == samples.map(\.bits))
            }
            #expect(store.sampleCount == kept.values.reduce(0) { $0 + $1.count })
            #expect(store.seriesCount == kept.count)
        }
    }

    /// Whatever is appended, forgotten and restored, what is there is what a plain list would have.
    @Test(arguments: 0..<40) func theStoreIsAsGoodAsAList(seed: UInt64) throws {
        var life = Life(seed: seed)
        for _ in 0..<400 {
            switch Int.random(in: 0..<40, using: &life.random) {
            case 0: try life.restart()
            case 1: life.forget()
            case 2...5: life.expire()
            case 6: life.disk.apply(life.store.takeChanges())
            default: life.append()
            }
        }
        life.expire()
        life.compare()
        try life.restart()
        life.compare()
        // Rows go when nobody needs them.
        let start = life.disk.rows.values.map(\.timestamp).min() ?? life.now
        #expect(start >= life.now - 2 * life.limits.chunkSpan - 20_000)
        life.store.expire(now: 1 << 50)
        #expect(life.store.memory == 0)
        #expect(life.store.sampleCount == 0)
        life.disk.apply(life.store.takeChanges())
        #expect(life.disk.contents.series.isEmpty)
        #expect(life.disk.contents.chunks.isEmpty)
    }

    @Test func openChunksGoWhenNothingElseIsLeft() {
        let store = SeriesStore(limits: StoreLimits(memory: 20_000))
        for number in 0..<100 {
            let reference = store.reference(for: ["i": ByteString("\(number)")])
            store.append(1, at: Int64(number), to: reference)
        }
        store.expire(now: 100)
        #expect(store.memory <= 20_000)
        #expect(store.seriesCount > 10)
        #expect(store.chunksEvicted == UInt64(100 - store.seriesCount))
        #expect(store.view.select([LabelMatcher("i", equals: "99")], from: 0, through: 100).count == 1)
    }

    @Test func seriesThatDoNotComeBackEnd() throws {
        let store = SeriesStore()
        for (name, origin) in [("gone", SeriesOrigin.page), ("back", .page), ("rule", .rule)] {
            store.append(1, at: 1000, to: store.reference(for: ["__name__": ByteString(name)], origin: origin))
        }
        var disk = StoredHistory()
        disk.apply(store.takeChanges())
        let restored = SeriesStore()
        try restored.restore(disk.contents)
        restored.append(2, at: 5000, to: restored.reference(for: ["__name__": "back"]))
        restored.endSeries(of: .page, notSampledAt: 5000)
        let found = restored.view.select([], from: 0, through: 9000)
        #expect(found.map { $0.labels.metricName } == ["back", "gone", "rule"])
        #expect(found.map(\.timestamps) == [[1000, 5000], [1000, 5000], [1000]])
        #expect(found[1].values.last.map(SampleValue.isStale) == true)
        restored.endSeries(of: .page, notSampledAt: 6000)
        #expect(
            restored.view.select([LabelMatcher("__name__", equals: "gone")], from: 0, through: 9000)[0].timestamps.count
                == 2)
    }

    @Test(arguments: 0..<200) func damagedContentsAreRefusedOrReadAndNeverCrash(seed: UInt64) {
        var life = Life(seed: 3)
        for _ in 0..<60 { life.append() }
        life.disk.apply(life.store.takeChanges())
        var contents = life.disk.contents
        var random = SeededRandom(seed: seed)
        func damage(_ bytes: inout [UInt8]) {
            guard let place = bytes.indices.randomElement(using: &random) else { return }
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
        }
        for _ in 0..<3 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: if let i = contents.rows.indices.randomElement(using: &random) { damage(&contents.rows[i].bytes) }
            case 1:
                if let i = contents.chunks.indices.randomElement(using: &random) { damage(&contents.chunks[i].bytes) }
            case 2:
                if let i = contents.series.indices.randomElement(using: &random) { damage(&contents.series[i].labels) }
            default: if let i = contents.rows.indices.randomElement(using: &random) { contents.rows.remove(at: i) }
            }
        }
        let restored = SeriesStore()
        do {
            try restored.restore(contents)
            let found = restored.view.select([], from: .min, through: .max)
            #expect(Set(found.map(\.labels)).count == found.count)
        } catch {
            #expect(!error.detail.isEmpty)
            #expect(restored.seriesCount == 0 && restored.memory == 0)
        }
    }
}

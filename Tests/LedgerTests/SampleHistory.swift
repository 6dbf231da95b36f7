import LogModel
import QueryModel
import SeriesStore
import TestSupport

@testable import Ledger

/// A store that is fed and written tick by tick.
struct SampleHistory {
    private var random: SeededRandom
    private(set) var store = SeriesStore(limits: StoreLimits(retention: 400_000, chunkSpan: 60_000))
    private(set) var tick: Int64 = 1_000_000
    let seriesCount: Int

    init(seed: UInt64, series: Int = 6) {
        random = SeededRandom(seed: seed)
        seriesCount = series
    }

    /// One more tick.
    mutating func next() -> StoreChanges {
        tick += 1000
        for number in 0..<seriesCount where Int.random(in: 0..<10, using: &random) > 0 {
            let reference = store.reference(for: ["__name__": "m", "i": ByteString("\(number)")])
            let value = number % 2 == 0 ? Double(number) : Double.random(in: 0...1, using: &random)
            store.append(value, at: tick, to: reference)
        }
        store.mark = TickMark(timestamp: tick, sealedAt: tick * 1_000_000)
        store.expire(now: tick)
        return store.takeChanges()
    }

    /// Everything that the store has, to be compared.
    var contents: [String] { Self.text(store) }

    static func text(_ store: SeriesStore) -> [String] {
        store.view.select([], from: .min, through: .max).map { series in
            "\(series.labels["i"]) \(series.timestamps) \(series.values.map(\.bitPattern))"
        } + [store.mark.map { "mark \($0.timestamp)" } ?? "no mark"]
    }

    static func text(_ contents: StoreContents) throws -> [String] {
        let store = SeriesStore()
        try store.restore(contents)
        return text(store)
    }
}

extension HistoryFile {
    static func open(on disk: FaultyDisk) throws(LedgerError) -> (
        file: HistoryFile, contents: StoreContents, notices: [LedgerNotice]
    ) {
        try open(disk, now: WallTime(nanoseconds: 1_763_892_000_000_000_000))
    }
}

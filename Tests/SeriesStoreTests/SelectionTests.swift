import QueryModel
import TestSupport
import Testing

@testable import SeriesStore

/// What a view selects is what a look at every series and every sample finds.
@Suite struct SelectionTests {
    private struct Prefix: LabelPattern {
        let text: [UInt8]
        func matches(_ value: ByteString) -> Bool { value.bytes.starts(with: text) }
    }

    private struct Model {
        var samples: [LabelSet: [(time: Int64, value: Double)]] = [:]

        func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
            samples.filter { series in matchers.allSatisfy { $0.matches(series.key) } }
                .sorted { $0.key < $1.key }
                .compactMap { labels, samples in
                    let inside = samples.filter { (start...end).contains($0.time) }
                    if inside.isEmpty { return nil }
                    return SelectedSeries(
                        labels: labels, timestamps: inside.map(\.time), values: inside.map(\.value))
                }
        }
    }

    private static func matchers(_ random: inout SeededRandom) -> [LabelMatcher] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
            let name: ByteString = ["__name__", "a", "b", "nothing"].randomElement(using: &random) ?? "a"
            let value: ByteString = ["", "m", "n", "1", "2", "17"].randomElement(using: &random) ?? ""
            let isNegated = Bool.random(using: &random)
            if Bool.random(using: &random) { return LabelMatcher(name, equals: value, isNegated: isNegated) }
            return LabelMatcher(name, expression: value, pattern: Prefix(text: value.bytes), isNegated: isNegated)
        }
    }

    @Test(arguments: [40, 400])
    func viewsSelectWhatASearchFinds(_ seriesCount: Int) {
        var random = SeededRandom(seed: UInt64(seriesCount))
        let store = SeriesStore(limits: StoreLimits(retention: 4_000_000))
        var model = Model()
        func append(_ number: Int, at times: StrideTo<Int64>) {
            let labels = LabelSet([
                Label(name: "__name__", value: number % 3 == 0 ? "m" : "n"),
                Label(name: "a", value: ByteString("\(number % 20)")),
                Label(name: "b", value: number % 5 == 0 ? "" : ByteString("\(number)")),
                Label(name: "number", value: ByteString("\(number)")),
            ])
            let reference = store.reference(for: labels)
            for time in times {
                let value = Double(Int.random(in: 0..<9, using: &random))
                guard store.append(value, at: time, to: reference) == .appended else { continue }
                model.samples[labels, default: []].append((time, value))
            }
        }
        func compare(rounds: Int) {
            let view = store.view
            for _ in 0..<rounds {
                let matchers = Self.matchers(&random)
                let start = Int64.random(in: -10...9_000_000, using: &random)
                let end = start + Int64.random(in: 0...3_000_000, using: &random)
                let found = view.select(matchers, from: start, through: end)
                let expected = model.select(matchers, from: start, through: end)
                #expect(found.map(\.labels) == expected.map(\.labels), "\(matchers)")
                #expect(found.map(\.timestamps) == expected.map(\.timestamps))
                #expect(found.map(\.values) == expected.map(\.values))
            }
        }
        for number in 0..<seriesCount { append(number, at: stride(from: 0, to: 4_500_000, by: 15_000)) }
        compare(rounds: 60)
        // Half of the series go, and others take their numbers.
        for number in 0..<seriesCount where number % 2 == 0 {
            append(number, at: stride(from: 4_500_000, to: 9_000_000, by: 15_000))
        }
        store.expire(now: 9_000_000)
        for number in seriesCount..<seriesCount + seriesCount / 4 {
            append(number, at: stride(from: 8_000_000, to: 9_000_000, by: 15_000))
        }
        let remaining = Dictionary(
            uniqueKeysWithValues: store.view.select([], from: .min, through: .max).map { ($0.labels, $0.timestamps[0]) }
        )
        #expect(remaining.count == seriesCount / 2 + seriesCount / 4)
        model.samples = model.samples.filter { remaining[$0.key] != nil }
            .reduce(into: [:]) { kept, series in
                kept[series.key] = series.value.filter { $0.time >= remaining[series.key] ?? .max }
            }
        compare(rounds: 60)
    }
}

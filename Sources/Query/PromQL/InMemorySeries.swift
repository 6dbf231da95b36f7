public import QueryModel

/// Series in memory, for scripts, tests and dumps: a table that is searched from end to end.
public struct InMemorySeries: SeriesQueryable, Sendable {
    private var series: [LabelSet: SelectedSeries] = [:]

    /// No series.
    public init() {}

    /// Adds samples to a series. Of two at the same time the later one counts.
    public mutating func append(_ labels: LabelSet, _ samples: some Sequence<(time: Int64, value: Double)>) {
        var columns = series[labels] ?? SelectedSeries(labels: labels, timestamps: [], values: [])
        for sample in samples {
            let place = firstIndex(in: columns.timestamps.span, after: sample.time)
            if place > 0, columns.timestamps[place - 1] == sample.time {
                columns.values[place - 1] = sample.value
            } else {
                columns.timestamps.insert(sample.time, at: place)
                columns.values.insert(sample.value, at: place)
            }
            if SampleValue.isHistogram(sample.value) { columns.holdsHistograms = true }
        }
        series[labels] = columns
    }

    /// Goes through all series.
    public func select(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries] {
        var selected: [SelectedSeries] = []
        for candidate in series.values where matchers.allSatisfy({ $0.matches(candidate.labels) }) {
            let times = candidate.timestamps
            let first = firstIndex(in: times.span, after: start &- 1)
            let last = firstIndex(in: times.span, after: end)
            guard first < last else { continue }
            selected.append(
                SelectedSeries(
                    labels: candidate.labels, timestamps: Array(times[first..<last]),
                    values: Array(candidate.values[first..<last]), holdsHistograms: candidate.holdsHistograms))
        }
        return selected.sorted { $0.labels < $1.labels }
    }
}

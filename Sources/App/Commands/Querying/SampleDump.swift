import Compression
import ExpositionText
import FileAccess
import QueryModel
import SeriesStore

/// Samples that were written down: pages of metrics with timestamps.
struct SampleDump: Sendable {
    /// The series.
    var view: StoreView
    /// What the pages say about metrics.
    var metadata: [MetricMetadata]
    /// By series, in the order of time.
    var exemplars: [SeriesExemplars]
    var seriesCount: Int
    var sampleCount: Int
    /// Samples that were left out, because the series has another value at the same time.
    var duplicateCount: Int
    /// The times of the oldest and the newest sample; nil when there is none.
    var times: ClosedRange<Int64>?
}

/// Puts the samples of pages together.
struct SampleDumpBuilder {
    private struct Columns {
        var times: [Int64] = []
        var values: [Double] = []
        var isSorted = true
    }

    private var numbers: [LabelSet: Int] = [:]
    private var labels: [LabelSet] = []
    private var columns: [Columns] = []
    private var metadata = MetadataTable()
    private var exemplars: [LabelSet: [Exemplar]] = [:]

    /// Adds a page; `name` is that of its file, for messages.
    mutating func add(_ text: [UInt8], name: String) throws {
        var reader = ExpositionReader(text)
        // The numbers of the page's series among all.
        var known: [Int] = []
        do throws(ExpositionError) {
            while let entry = try reader.next() {
                metadata.note(entry)
                guard case .sample(let sample) = entry else { continue }
                if sample.series == known.count { known.append(number(of: reader.series[sample.series])) }
                try add(sample, to: known[sample.series], reader)
            }
        } catch {
            throw UsageError(
                "\(name):\(error)",
                hint: "--data takes metrics in OpenMetrics or Prometheus's text format, with a time behind each value")
        }
    }

    private mutating func number(of series: LabelSet) -> Int {
        if let known = numbers[series] { return known }
        numbers[series] = labels.count
        labels.append(series)
        columns.append(Columns())
        return labels.count - 1
    }

    private mutating func add(
        _ sample: ExpositionSample, to number: Int, _ reader: ExpositionReader
    ) throws(ExpositionError) {
        guard let time = sample.timestamp else { throw reader.failure("the sample has no time") }
        if let last = columns[number].times.last, last >= time { columns[number].isSorted = false }
        columns[number].times.append(time)
        columns[number].values.append(sample.value)
        if let exemplar = sample.exemplar { exemplars[labels[number], default: []].append(exemplar) }
    }

    /// All that was added. Samples come in the order of time, and of several at the same time the first one counts.
    consuming func dump() -> SampleDump {
        let store = SeriesStore(limits: StoreLimits(memory: .max), notesChanges: false)
        var duplicates = 0
        var times: ClosedRange<Int64>?
        for number in labels.indices {
            let reference = store.reference(for: labels[number])
            let series = columns[number]
            columns[number] = Columns()
            let order = series.isSorted ? nil : series.times.indices.sorted { series.times[$0] < series.times[$1] }
            for place in series.times.indices {
                let index = order?[place] ?? place
                let time = series.times[index]
                if store.append(series.values[index], at: time, to: reference) == .duplicate { duplicates += 1 }
                times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
            }
        }
        return SampleDump(
            view: store.view, metadata: metadata.sorted,
            exemplars: exemplars.sorted { $0.key < $1.key }.map { series in
                SeriesExemplars(labels: series.key, exemplars: series.value.sorted { $0.timestamp < $1.timestamp })
            },
            seriesCount: labels.count, sampleCount: store.sampleCount, duplicateCount: duplicates, times: times)
    }
}

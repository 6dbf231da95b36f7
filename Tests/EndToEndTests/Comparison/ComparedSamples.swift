import QueryModel
import SeriesStore
import TestSupport

/// Samples of many kinds, the same for the same seed: for a store of ours, and as OpenMetrics text for a Prometheus.
///
/// They lie away from the bounds of ranges, which Prometheus 2.42 takes to be part of the range and 3.x does not: all
/// expressions look at 777 ms of a second, or at whole seconds inside of subqueries, and no sample lies there. Values are
/// multiples of 1/8, so that the order in which they are added changes nothing.
struct ComparedSamples {
    /// The first second.
    static let start: Int64 = 1_700_000_000
    /// Seconds that are filled.
    static let length: Int64 = 75 * 60

    struct Series {
        var labels: LabelSet
        /// Milliseconds since 1970, and what was measured.
        var samples: [(time: Int64, value: Double)]
    }

    private(set) var series: [Series] = []
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        for job in ["api", "web"] {
            add(["__name__": "limits", "job": ByteString(job), "team": job == "api" ? "red" : "blue"], gap: 0) { _, _ in
                job == "api" ? 16 : 4.5
            }
            for instance in ["0", "1", "2"] { addInstance(ByteString(job), ByteString(instance)) }
            addHistogram(ByteString(job))
        }
        let special: [Double] = [.nan, .infinity, -.infinity, 0, 1, -2.5]
        for kind in ["constant", "changing", "zero"] {
            add(["__name__": "special", "kind": ByteString(kind)], gap: 5) { index, random in
                kind == "changing"
                    ? special[Int.random(in: 0..<6, using: &random)]
                    : kind == "zero" ? 0 : special[(index / 60) % 3]
            }
        }
        add(["__name__": "sparse"], gap: 0, every: 400) { index, _ in Double(index) - 5 }
    }

    private mutating func addInstance(_ job: ByteString, _ instance: ByteString) {
        let place: LabelSet = ["instance": instance, "job": job]
        for code in ["200", "500"] as [ByteString] {
            let rest = place.setting("code", to: code)
            addCounter(rest.setting(.metricName, to: "requests_total"), most: code == "200" ? 40 : 2)
        }
        if job == "api" { addCounter(place.setting(.metricName, to: "errors_total"), most: 3) }
        var level = 0.0
        add(place.setting(.metricName, to: "temperature"), gap: 12) { _, random in
            level += Double(Int.random(in: -9...9, using: &random)) / 8
            return level
        }
        add(place.setting(.metricName, to: "up"), gap: 20) { _, random in
            Int.random(in: 0..<8, using: &random) == 0 ? 0 : 1
        }
    }

    private mutating func addCounter(_ labels: LabelSet, most: Int) {
        var count = 0.0
        add(labels, gap: 15) { _, random in
            if Int.random(in: 0..<70, using: &random) == 0 { count = 0 }
            count += Double(Int.random(in: 0...most, using: &random))
            return count
        }
    }

    private mutating func addHistogram(_ job: ByteString) {
        var counts = [Double](repeating: 0, count: 5)
        let bounds: [ByteString] = ["0.125", "0.5", "2", "10", "+Inf"]
        var columns = [[Double]](repeating: [], count: 5)
        for _ in 0..<Self.length / 15 {
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                for bucket in Int.random(in: 0..<5, using: &random)..<5 { counts[bucket] += 1 }
            }
            for bucket in 0..<5 { columns[bucket].append(counts[bucket]) }
        }
        for bucket in 0..<5 {
            add(["__name__": "latency_bucket", "job": job, "le": bounds[bucket]], gap: 0) { index, _ in
                columns[bucket][index]
            }
        }
        add(["__name__": "latency_count", "job": job], gap: 0) { index, _ in columns[4][index] }
        add(["__name__": "latency_sum", "job": job], gap: 0) { index, _ in columns[4][index] * 1.25 }
    }

    /// A series with a sample every so many seconds, less one in `gap`, which now and then begins a longer silence.
    private mutating func add(
        _ labels: LabelSet, gap: Int, every interval: Int64 = 15, _ value: (Int, inout SeededRandom) -> Double
    ) {
        var samples: [(time: Int64, value: Double)] = []
        let late = Int64.random(in: 1...250, using: &random)
        var silence = 0
        for index in 0..<Int(Self.length / interval) {
            let measured = value(index, &random)
            if gap > 0, Int.random(in: 0..<gap, using: &random) == 0 {
                silence = Int.random(in: 0..<6, using: &random) == 0 ? 30 : 1
            }
            silence -= 1
            if silence >= 0 { continue }
            let jitter = Int64.random(in: 0...200, using: &random)
            samples.append((time: (Self.start + Int64(index) * interval) * 1000 + late + jitter, value: measured))
        }
        series.append(Series(labels: labels, samples: samples))
    }

    /// What a store of ours shows; with `noise` each value is a random part of so much of itself away from what it is.
    func view(noise: Double = 0, seed: UInt64 = 0) -> StoreView {
        var random = SeededRandom(seed: seed)
        let store = SeriesStore()
        for series in series {
            let reference = store.reference(for: series.labels)
            for sample in series.samples {
                let factor = noise == 0 ? 1 : 1 + Double.random(in: -noise...noise, using: &random)
                store.append(sample.value * factor, at: sample.time, to: reference)
            }
        }
        return store.view
    }

    /// The text from which `promtool tsdb create-blocks-from openmetrics` makes blocks.
    var openMetrics: String {
        var text = ""
        for series in series {
            let labels = series.labels.labels.filter { $0.name != .metricName }
            let pairs = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            for sample in series.samples {
                let value =
                    sample.value.isNaN
                    ? "NaN" : sample.value.isInfinite ? (sample.value > 0 ? "+Inf" : "-Inf") : "\(sample.value)"
                let fraction = String(1000 + sample.time % 1000).dropFirst()
                text += "\(series.labels.metricName){\(pairs)} \(value) \(sample.time / 1000).\(fraction)\n"
            }
        }
        return text + "# EOF\n"
    }
}

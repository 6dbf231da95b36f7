import FuzzDriver
import PromQL
import QueryModel
import SeriesStore

/// The engine over a small store: whatever the expression, it has an answer or is refused, within the samples and the time that
/// it may take. A first byte below 32 is no text: it says which words are put together, each byte that follows being one.
@main enum FuzzQueries {
    private static let words = [
        "rate(", "sum(", "sum by (a) (", "topk(2, ", "quantile(0.5, ", "count_values(\"v\", ",
        "histogram_quantile(0.9, ",
        "avg_over_time(", "predict_linear(", "absent(", "label_replace(", "label_join(", "sort(", "scalar(", "vector(",
        "timestamp(", "clamp(", "round(", "limit_ratio(-0.5, ", "stddev without (b) (", "max_over_time(", "deriv(", "(",
        ")",
        ")", ")", "requests_total", "level", "duration_bucket", "{a=\"x\"}", "{a=~\"x|y\"}", "{b!~\".*z\"}", "[5m]",
        "[1m:10s]",
        "[10m:]", "[1h]", " offset 1m", " offset -5m", " @ 600", " @ start()", " @ end()", " + ", " - ", " * ", " / ",
        " % ", " ^ ",
        " == ", " > bool ", " atan2 ", " and ", " or ", " unless ", "on (a) ", "ignoring (b) ", "group_left (b) ",
        "group_right () ",
        ", ", "1", "0.3", "Inf", "NaN", "1e300", "time()", "\"a\"", "\"$1\"", "\"(.*)\"", "-",
    ]

    static func main() {
        let view = store().view
        fuzz { input in
            guard let first = input.first,
                let text = first < 32 ? joined(input) : String(validating: input, as: UTF8.self),
                let query = try? Query(text)
            else { return }
            evaluate(query, over: view)
        }
    }

    private static func joined(_ input: UnsafeRawBufferPointer) -> String {
        input.dropFirst().prefix(60).map { words[Int($0) % words.count] }.joined()
    }

    private static func evaluate(_ query: Query, over view: StoreView) {
        var options = QueryOptions()
        options.maximumSamples = 200_000
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(1)
        options.isExpired = { clock.now > deadline }
        do {
            _ = try query.evaluate(at: 1_500_000, over: view, options: options)
            let range = try query.evaluate(from: 0, through: 2_400_000, step: 173_000, over: view, options: options)
            check(range.peakSamples <= options.maximumSamples, "`\(query.expression.text)` holds no more than it may")
        } catch {
            check(!"\(error)".hasPrefix("BUG"), "`\(query.expression.text)` is refused for what it is: \(error)")
        }
        check(clock.now < deadline + .seconds(4), "`\(query.expression.text)` ends soon after its time is over")
    }

    /// Counters, levels with what is no number among them, and a histogram; 40 minutes of each.
    private static func store() -> SeriesStore {
        let store = SeriesStore()
        let odd: [Double] = [.nan, .infinity, -.infinity, -0.0, SampleValue.stale, 1e300, 4e-320]
        for (a, b) in [("x", "y"), ("x", "z"), ("w", "y"), ("", "")] as [(ByteString, ByteString)] {
            let rest = LabelSet([Label(name: "a", value: a), Label(name: "b", value: b)])
            let counter = store.reference(for: rest.setting(.metricName, to: "requests_total"))
            let level = store.reference(for: rest.setting(.metricName, to: "level"))
            let buckets = ["0.5", "1", "+Inf"].map { bound in
                store.reference(
                    for: rest.setting(.metricName, to: "duration_bucket").setting(.bucketBound, to: ByteString(bound)))
            }
            for index in 0..<160 where index % 23 != 0 {
                let time = Int64(index) * 15_000 + 7
                store.append(Double(index % 90 * 3), at: time, to: counter)
                store.append(index % 11 == 0 ? odd[index % odd.count] : Double(index % 7) - 3, at: time, to: level)
                for (place, bucket) in buckets.enumerated() {
                    store.append(Double(index * (place + 1)), at: time, to: bucket)
                }
            }
        }
        return store
    }
}

import QueryModel
import SeriesStore

/// Ten thousand series of a service, the same every time: counters and levels of several kinds.
struct MeasuredSeries {
    static let jobs = 10
    static let instances = 100
    static let codes = 10
    static let count = jobs * instances * codes
    /// Milliseconds between two samples of a series.
    static let interval: Int64 = 15_000

    private var states: [UInt64]
    private var values: [Double]

    init() {
        states = (0..<Self.count).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
        values = (0..<Self.count).map { Double($0 % 1000) * 10 }
    }

    static func labels(_ series: Int) -> LabelSet {
        let (job, instance, code) = (series / codes / instances, series / codes % instances, series % codes)
        return [
            "__name__": isCounter(series) ? "requests_total" : "load_ratio", "job": ByteString("job-\(job)"),
            "instance": ByteString("10.0.\(job).\(instance):9100"), "code": ByteString("\(200 + code)"),
        ]
    }

    /// What the values of a series are like.
    enum Kind: String, CaseIterable {
        /// A counter that grows once in a while, such as one of errors.
        case resting = "resting_counters"
        /// A counter that grows by another whole number each time.
        case growing = "growing_counters"
        /// A level in whole numbers, such as one of connections.
        case whole = "whole_levels"
        /// A level with three decimals that is never near where it was.
        case decimal = "decimal_levels"
    }

    /// Of ten series three rest, four grow, two are whole and one is decimal.
    static func kind(_ series: Int) -> Kind {
        switch series % codes {
        case 0..<3: .resting
        case 3..<7: .growing
        case 7, 8: .whole
        default: .decimal
        }
    }

    static func isCounter(_ series: Int) -> Bool { kind(series) == .resting || kind(series) == .growing }

    /// The series' next value.
    mutating func next(_ series: Int) -> Double {
        states[series] ^= states[series] << 13
        states[series] ^= states[series] >> 7
        states[series] ^= states[series] << 17
        let random = states[series] >> 11
        switch Self.kind(series) {
        case .resting: if random % 50 == 0 { values[series] += 1 }
        case .growing: values[series] += Double(random % 64)
        case .whole: values[series] = max(0, values[series] + Double(random % 7) - 3)
        case .decimal: values[series] = Double(random % 1000) / 1000
        }
        return values[series]
    }
}

/// The expressions of rules, as one finds them.
enum MeasuredExpressions {
    /// One over all ten thousand series.
    static let overAll = "sum by (job) (rate({__name__=~\"requests_total|load_ratio\"}[5m]))"

    /// A thousand, each over the seven or three series of one instance.
    static let light: [String] = (0..<1000).map { number in
        let (job, instance) = (number / 100, number % 100)
        let place = "job=\"job-\(job)\",instance=\"10.0.\(job).\(instance):9100\""
        switch number % 5 {
        case 0: return "sum(rate(requests_total{\(place)}[5m]))"
        case 1: return "avg(load_ratio{\(place)}) > 0.1"
        case 2:
            return "sum(rate(requests_total{\(place),code=~\"20[1-3]\"}[5m])) / sum(rate(requests_total{\(place)}[5m]))"
        case 3: return "max_over_time(load_ratio{\(place),code=\"208\"}[5m])"
        default: return "max(requests_total{\(place)}) - min(requests_total{\(place)} offset 5m)"
        }
    }

    /// Twenty, each over all series of a metric.
    static let heavy: [String] = [
        "sum by (job) (rate(requests_total[5m]))", "sum by (code) (increase(requests_total[10m]))",
        "sum by (instance) (rate(requests_total[5m]))", "topk(5, sum by (instance) (rate(requests_total[5m])))",
        "count(rate(requests_total[5m]) > 1)", "max by (job) (irate(requests_total[5m]))", "avg by (job) (load_ratio)",
        "avg by (job) (avg_over_time(load_ratio[10m]))", "quantile by (job) (0.9, load_ratio)",
        "max by (job, code) (max_over_time(load_ratio[5m]))", "sum(changes(requests_total[10m]))",
        "sum(resets(requests_total[10m]))",
        "sum by (job) (rate(requests_total{code=~\"20[2-4]\"}[5m])) / sum by (job) (rate(requests_total[5m]))",
        "count by (code) (requests_total - requests_total offset 5m > 100)",
        "stddev by (job) (load_ratio)", "sum without (instance, code) (deriv(load_ratio[5m]))",
        "count(requests_total > on (job) group_left () avg by (job) (requests_total))",
        "avg(quantile_over_time(0.5, load_ratio[5m]))",
        "sum by (zone) (label_replace(rate(requests_total[5m]), \"zone\", \"$1\", \"job\", \".*-(.)\"))",
        "min by (job) (min_over_time(load_ratio[10m]) + on (job, instance, code) load_ratio)",
    ]
}

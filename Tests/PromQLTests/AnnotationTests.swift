import PromQL
import QueryModel
import Testing

@Suite struct AnnotationTests {
    private let series: InMemorySeries = {
        var series = InMemorySeries()
        for (le, count) in [("0.1", 2.0), ("1", 1), ("+Inf", 5), ("bad", 1)] as [(ByteString, Double)] {
            series.append(["__name__": "h_bucket", "le": le], (0..<10).map { (time: $0 * 60_000, value: count) })
        }
        series.append(["__name__": "g", "x": "1"], (0..<10).map { (time: $0 * 60_000, value: Double($0)) })
        series.append(["__name__": "n", "x": "1"], (0..<10).map { (time: $0 * 60_000, value: SampleValue.histogram) })
        series.append(
            ["__name__": "mix", "x": "2"],
            (0..<10).map { (time: $0 * 60_000, value: $0 < 5 ? Double($0) : SampleValue.histogram) })
        return series
    }()

    @Test(arguments: [
        ("quantile(2, g)", "PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)"),
        ("quantile_over_time(-1, g[5m])", "PromQL warning: quantile value should be between 0 and 1, got -1 (1:20)"),
        ("limit_ratio(1.5, g)", "PromQL warning: ratio value should be between -1 and 1, got 1.5, capping to 1 (1:13)"),
        (
            "histogram_quantile(0.5, h_bucket)",
            #"PromQL warning: bucket label "le" is missing or has a malformed value of "bad" for metric name "h_bucket" (1:25)"#
        ),
        (
            "sum_over_time(mix[10m])",
            #"PromQL warning: encountered a mix of histograms and floats for metric name "mix" (1:15)"#
        ),
        ("sum({x=~\"1\"})", "PromQL warning: encountered a mix of histograms and floats for aggregation (1:5)"),
    ])
    func warningsHavePrometheusWords(_ text: String, _ warning: String) throws {
        #expect(try Query(text).evaluate(at: 540_000, over: series).warnings == [warning])
    }

    @Test(arguments: [
        (
            "rate(g[5m])",
            #"PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "g" (1:6)"#
        ),
        (
            "histogram_quantile(0.5, h_bucket)",
            "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see "
                + "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
                + #" for metric name "h_bucket" (1:25)"#
        ),
        (
            "n > 1",
            #"PromQL info: incompatible sample types encountered for binary operator ">": histogram > float (1:1)"#
        ),
        ("max(n)", "PromQL info: ignored histogram in max aggregation (1:5)"),
        (
            "max_over_time(mix[10m])",
            #"PromQL info: ignored histograms in a range containing both floats and histograms for metric name "mix" (1:15)"#
        ),
    ])
    func infosHavePrometheusWords(_ text: String, _ info: String) throws {
        #expect(try Query(text).evaluate(at: 540_000, over: series).infos == [info])
    }
}

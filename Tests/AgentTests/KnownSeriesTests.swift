import Extraction
import LogModel
import MetricRegistry
import SeriesModel
import TestSupport
import Testing

@testable import Agent

@Suite
struct KnownSeriesTests {
    private func outcomes(_ known: [String]) -> PatternSettings {
        PatternSettings(
            name: "outcome", match: #"ended (?<outcome>\w+)"#,
            metrics: [
                PatternMetricSettings(
                    kind: .counter, name: "ended_total", help: "Ended.", operation: .add, value: nil,
                    labelNames: ["outcome"], labelValues: [.capture("outcome")], knownLabelValues: [known]),
                PatternMetricSettings(
                    kind: .histogram, name: "took", help: "Took.", operation: .observe, value: .constant("2"),
                    labelNames: ["outcome"], labelValues: [.capture("outcome")], knownLabelValues: [known],
                    buckets: [1]),
            ])
    }

    @Test
    func seriesThatAreKnownBeginAtZeroAndOthersWithTheirFirstLine() throws {
        let fixture = try MetricsFixture([outcomes(["success", "failure"])])
        let empty = fixture.commit()
        for outcome in ["success", "failure"] {
            #expect(empty.value("ended_total", ["outcome": outcome]) == 0)
            #expect(empty.value("took", ["outcome": outcome]) == 0)
        }
        #expect(empty.value("ended_total", ["outcome": "lost"]) == nil)
        fixture.read("ended failure", "ended lost")
        let snapshot = fixture.commit()
        #expect(snapshot.value("ended_total", ["outcome": "failure"]) == 1)
        #expect(snapshot.value("ended_total", ["outcome": "success"]) == 0)
        #expect(snapshot.value("ended_total", ["outcome": "lost"]) == 1)
        #expect(snapshot.value("took", ["outcome": "failure"]) == 2)
    }

    @Test
    func aSeriesThatCountsAlreadyIsNotBegunAnewWhenItIsMadeKnown() throws {
        let fixture = try MetricsFixture([outcomes([])])
        fixture.read("ended success")
        let created = try #require(fixture.commit().series(of: "ended_total").first).created
        fixture.time.advance(by: .seconds(60))
        try fixture.crash(then: [outcomes(["success", "failure"])])
        let series = fixture.commit().series(of: "ended_total")
        #expect(series.map(\.labelValues) == [["success"], ["failure"]])
        #expect(series.map(\.value) == [1, 0])
        #expect(series[0].created == created)
        #expect(series[1].created == fixture.time.wallNow())
    }
}

import Extraction
import LogModel
import MetricRegistry
import SeriesModel
import TestSupport
import Testing

@testable import Agent

/// What the cap on series makes of the same lines does not depend on when the agent dies.
@Suite
struct SeriesLimitTests {
    private let users = PatternSettings(
        name: "user", match: #"user=(?<user>\w+)"#,
        metrics: [
            PatternMetricSettings(
                kind: .counter, name: "users_total", help: "Users.", operation: .add, value: nil,
                labelNames: ["user"], labelValues: [.capture("user")], seriesLimit: 3)
        ])

    private func values(_ snapshot: MetricSnapshot) -> [String: Double?] {
        var values = Dictionary(snapshot.series(of: "users_total").map { ($0.labelValues[0], $0.value) }) { $1 }
        values["overflow"] = snapshot.value("outrider_series_overflow_total", ["metric": "users_total"])
        return values
    }

    @Test(arguments: 0...12)
    func whatIsReadAgainAfterACrashGoesWhereItWent(crash: Int) throws {
        let lines = "abcadbeafdcg".map { "user=\($0)" }
        let fixture = try MetricsFixture([users])
        for line in lines { fixture.read(line) }
        let expected = values(fixture.commit())
        #expect(expected == ["a": 3, "b": 2, "c": 2, "__overflow__": 5, "overflow": 5])

        for commit in 0...crash {
            let fixture = try MetricsFixture([users])
            for line in lines[..<commit] { fixture.read(line) }
            fixture.commit()
            for line in lines[commit..<crash] { fixture.read(line) }
            try fixture.crash()
            for line in lines[commit...] { fixture.read(line) }
            #expect(values(fixture.commit()) == expected, "committed after \(commit) lines, died after \(crash)")
        }
    }

    @Test
    func aLowerLimitKeepsWhatIsThere() throws {
        let fixture = try MetricsFixture([users])
        fixture.read("user=a", "user=b", "user=c")
        fixture.commit()
        var narrower = users
        narrower.metrics[0].seriesLimit = 1
        try fixture.crash(then: [narrower])
        fixture.read("user=c", "user=d")
        #expect(values(fixture.commit()) == ["a": 1, "b": 1, "c": 2, "__overflow__": 1, "overflow": 1])
    }
}

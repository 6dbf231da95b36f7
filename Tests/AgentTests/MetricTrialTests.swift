import Agent
import Configuration
import Extraction
import FileTail
import Ledger
import LogModel
import SeriesModel
import Testing

/// Metrics that are right one by one.
@Suite struct MetricTrialTests {
    private func configuration(_ second: String) -> AgentConfiguration {
        func metric(_ kind: MetricKind, _ name: String, _ operation: MatchBuffer.Operation) -> PatternMetricSettings {
            PatternMetricSettings(
                kind: kind, name: name, help: "", operation: operation, value: .constant("1"),
                buckets: kind == .histogram ? [1] : [])
        }
        return AgentConfiguration(
            ledger: LedgerSettings(directory: "/state"),
            sources: [FileSourceSettings(name: SourceName("app"), include: ["/log"])],
            patterns: [
                PatternSettings(
                    name: "x", match: "x",
                    metrics: [metric(.histogram, "took", .observe), metric(.gauge, second, .set)])
            ])
    }

    @Test func aGaugeNamedLikeAPartOfAHistogramIsAMistake() throws {
        for part in ["took_sum", "took_count", "took_bucket"] {
            #expect(try #require(configuration(part).metricMistake).message.contains(part))
        }
        #expect(configuration("took_seconds").metricMistake == nil)
    }
}

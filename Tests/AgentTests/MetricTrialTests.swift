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
    private func configuration(
        _ second: String, beside first: (MetricKind, String, MatchBuffer.Operation) = (.histogram, "took", .observe),
        page: PageSettings = PageSettings()
    ) -> AgentConfiguration {
        func metric(_ kind: MetricKind, _ name: String, _ operation: MatchBuffer.Operation) -> PatternMetricSettings {
            PatternMetricSettings(
                kind: kind, name: name, help: "", operation: operation, value: .constant("1"),
                buckets: kind == .histogram ? [1] : [])
        }
        return AgentConfiguration(
            ledger: LedgerSettings(directory: "/state"),
            page: page,
            sources: [FileSourceSettings(name: SourceName("app"), include: ["/log"])],
            patterns: [
                PatternSettings(
                    name: "x", match: "x",
                    metrics: [metric(first.0, first.1, first.2), metric(.gauge, second, .set)])
            ])
    }

    @Test func aGaugeNamedLikeAPartOfAHistogramIsAMistake() throws {
        for part in ["took_sum", "took_count", "took_bucket"] {
            #expect(try #require(configuration(part).metricMistake).message.contains(part))
        }
        #expect(configuration("took_seconds").metricMistake == nil)
    }

    @Test func aGaugeNamedLikeACreatedTimeIsAMistakeWhereThatIsShown() throws {
        let created = PageSettings(showsCreated: true)
        let mistake = try #require(
            configuration("jobs_created", beside: (.counter, "jobs_total", .add), page: created).metricMistake)
        #expect(mistake.message == "The metrics jobs_total and jobs_created both have samples named jobs_created.")
        #expect(configuration("took_created", page: created).metricMistake != nil)
        #expect(configuration("jobs_created", beside: (.counter, "jobs_total", .add)).metricMistake == nil)
        #expect(configuration("jobs_created", beside: (.counter, "jobs", .add), page: created).metricMistake == nil)
    }
}

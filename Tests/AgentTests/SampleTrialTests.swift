import Agent
import Configuration
import Extraction
import FileTail
import Ledger
import LogModel
import SeriesModel
import Testing

@Suite struct SampleTrialTests {
    private let app = SourceName("app")
    private let api = SourceName("api")

    private func pattern(
        _ name: String, _ match: String, sources: [SourceName] = [], metric: String,
        labels: [(String, ValueSource)] = [],
        known: [[String]] = []
    ) -> PatternSettings {
        PatternSettings(
            name: name, sources: sources, match: match,
            metrics: [
                PatternMetricSettings(
                    kind: .counter, name: metric, help: "", operation: .add, value: nil, labelNames: labels.map(\.0),
                    labelValues: labels.map(\.1), knownLabelValues: known)
            ])
    }

    private func trial(_ patterns: PatternSettings..., limits: SeriesLimits = SeriesLimits()) throws -> SampleTrial {
        try SampleTrial(
            AgentConfiguration(
                ledger: LedgerSettings(directory: "/none"), limits: limits,
                sources: [app, api].map { FileSourceSettings(name: $0, include: ["/\($0)"]) }, patterns: patterns))
    }

    private func read(_ source: SourceName, _ text: String, by trial: SampleTrial) throws {
        var pieces = [Array(text.utf8)]
        try trial.read(source) { pieces.popLast() ?? [] }
    }

    @Test func patternsThatMatchNothingInTheirSamplesAreFound() throws {
        let trial = try trial(
            pattern("seen", "ERROR", metric: "a_total"), pattern("unseen", "FATAL", metric: "b_total"),
            pattern("elsewhere", "FATAL", sources: [api], metric: "c_total"),
            pattern("here", "x=", sources: [app, api], metric: "d_total"))
        #expect(trial.findings.silentPatterns == [], "nothing was tried")
        try read(app, "an ERROR\n", by: trial)
        #expect(trial.findings.silentPatterns == ["unseen", "here"])
        try read(api, "x=1", by: trial)
        #expect(trial.findings.silentPatterns == ["unseen", "elsewhere"])
    }

    @Test func labelsThatGrowAreFound() throws {
        let trial = try trial(
            pattern(
                "request", #"(?<method>\w+) /(?<path>\S*) (?<code>\d+)"#, metric: "requests_total",
                labels: [
                    ("code", .capture("code")), ("method", .capture("method")), ("path", .capture("path")),
                    ("kind", .constant("2024-05-01")),
                ]),
            pattern(
                "user", "user=(?<user>\\S+)", metric: "users_total", labels: [("user", .capture("user"))],
                known: [(0..<40).map { "u\($0)" }]), limits: SeriesLimits(seriesPerMetric: 35))
        let lines = (0..<60).map { "GET /item/\($0 * 7919 % 60) \(200 + $0 % 3) user=u\($0 % 40)\n" }
        try read(app, lines.joined(), by: trial)
        let labels = trial.findings.unboundedLabels
        #expect(labels.map(\.label) == ["path"])
        #expect(labels.map(\.metric) == ["requests_total"])
        #expect(labels.map(\.growth) == [.variety])
        #expect(labels.map(\.matchCount) == [60])
        #expect(labels.map(\.valueCount) == [35], "the others overflow")
        let overfull = trial.findings.overfullMetrics
        #expect(overfull.map(\.metric) == ["requests_total"], "known values are always let in")
        #expect(overfull.map(\.limit) == [35])
        #expect(overfull.map(\.overflow) == [25])
    }
}

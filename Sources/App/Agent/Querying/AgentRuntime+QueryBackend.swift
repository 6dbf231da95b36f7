import Configuration
import ExpositionText
import HistorySampling
import LogModel
import MetricRegistry
public import QueryInterface
import QueryModel
import SeriesStore

extension AgentRuntime {
    /// Answers queries from the history from now on, if one is kept.
    func answerQueriesFromHistory() {
        if let history { answerQueries(with: QueryAPI(queryBackend { history.view() })) }
    }

    /// What the query API answers from: the series of a history, and what this agent's own page says about them.
    ///
    /// - Parameter view: the series as they are now.
    /// - Returns: a backend that keeps nothing of this agent alive.
    public func queryBackend(view: @escaping @Sendable () throws -> SeriesView) -> QueryBackend {
        var backend = QueryBackend(
            version: OutriderVersion.current,
            now: { [time] in time.wallNow().nanoseconds / 1_000_000 }, view: view)
        backend.metadata = { [weak self] in self?.publishedPage?.metadata ?? [] }
        backend.exemplars = { [weak self] matching, start, end in
            guard let self else { return [] }
            return publishedPage?.exemplars(matching, from: start, through: end, adding: targetLabels) ?? []
        }
        backend.configuration = { [weak self] in
            self.map { "# \(Self.summary($0.configuration))\n" } ?? ""
        }
        backend.runtime = { [weak self] in
            var facts = RuntimeFacts()
            guard let self else { return facts }
            facts.retention = Self.text(self.configuration.history.retention)
            facts.startTime = self.startedAt.nanoseconds / 1_000_000
            let reloads = self.reloadReport
            facts.lastReloadSucceeded = reloads.lastWasGood
            facts.lastReloadTime = (reloads.lastSuccess ?? self.startedAt).nanoseconds / 1_000_000
            return facts
        }
        backend.storage = { [weak self] in
            var facts = StorageFacts()
            guard let counts = self?.historyCounts else { return facts }
            facts.chunkCount = counts.chunks
            facts.minimumTime = counts.times?.lowerBound ?? 0
            facts.maximumTime = counts.times?.upperBound ?? 0
            return facts
        }
        return backend
    }

    /// A duration in the largest unit of which it is a multiple.
    private static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m")]
        let unit = units.first { seconds > 0 && seconds % $0.0 == 0 } ?? (1, "s")
        return "\(seconds / unit.0)\(unit.1)"
    }

    /// The newest page as its readers see it; nil until something is published.
    private var publishedPage: PublishedPage? {
        latest.map { PublishedPage(page($0, .openMetrics)) }
    }
}

/// What a page of OpenMetrics says beside values.
struct PublishedPage {
    private(set) var metadata: [MetricMetadata] = []
    private var series: [SeriesExemplars] = []

    /// Reads a page of our own; what is behind a mistake, which there should not be, is left out.
    init(_ text: [UInt8]) {
        var reader = ExpositionReader(text, dialect: .openMetrics)
        var families: [ByteString: MetricMetadata] = [:]
        while let entry = try? reader.next() {
            switch entry {
            case .help(let name, let text): families[name, default: MetricMetadata(name: name)].help = text
            case .type(let name, let type): families[name, default: MetricMetadata(name: name)].type = type
            case .unit(let name, let unit): families[name, default: MetricMetadata(name: name)].unit = unit
            case .sample(let sample):
                guard let exemplar = sample.exemplar else { continue }
                series.append(SeriesExemplars(labels: reader.series[sample.series], exemplars: [exemplar]))
            }
        }
        metadata = families.values.map { family in
            var family = family
            // The series is called so, and people look it up by its name.
            if family.type == "counter" { family.name = ByteString(family.name.bytes + Array("_total".utf8)) }
            return family
        }.sorted { $0.name < $1.name }
    }

    /// The exemplars of series that fulfil one of the lists, once they have all of `labels`.
    func exemplars(
        _ matching: [[LabelMatcher]], from start: Int64, through end: Int64, adding labels: [Label]
    ) -> [SeriesExemplars] {
        series.compactMap { series in
            guard series.exemplars.allSatisfy({ (start...max(start, end)).contains($0.timestamp) }) else { return nil }
            let all = LabelSet(labels + series.labels.labels)
            guard matching.contains(where: { $0.allSatisfy { $0.matches(all) } }) else { return nil }
            return SeriesExemplars(labels: all, exemplars: series.exemplars)
        }.sorted { $0.labels < $1.labels }
    }
}

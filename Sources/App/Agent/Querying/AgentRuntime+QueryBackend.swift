import Configuration
import ExpositionText
import HistorySampling
import LogModel
import MetricRegistry
import QueryInterface
import QueryModel
import SeriesStore

extension AgentRuntime {
    /// What the query API answers from: the series of the history, and what this agent's own page says about them. It keeps
    /// nothing of this agent alive.
    func queryBackend(_ history: HistoryReader) -> QueryBackend {
        var backend = QueryBackend(
            version: OutriderVersion.current,
            now: { [time] in time.wallNow().milliseconds }, view: { history.view() })
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
            facts.retention = self.configuration.history.limits.retention
            facts.startTime = self.startedAt.milliseconds
            let reloads = self.reloadReport
            facts.lastReloadSucceeded = reloads.lastWasGood
            facts.lastReloadTime = (reloads.lastSuccess ?? self.startedAt).milliseconds
            return facts
        }
        backend.storage = { [weak self] in
            var facts = StorageFacts()
            guard let counts = self?.historyCounts else { return facts }
            facts.chunkCount = history.view().chunkCount
            facts.minimumTime = counts.times?.lowerBound ?? 0
            facts.maximumTime = counts.times?.upperBound ?? 0
            return facts
        }
        return backend
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
        var families = MetadataTable()
        while let entry = try? reader.next() {
            families.note(entry)
            guard case .sample(let sample) = entry, let exemplar = sample.exemplar else { continue }
            series.append(SeriesExemplars(labels: reader.series[sample.series], exemplars: [exemplar]))
        }
        metadata = families.sorted.map { family in
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
            guard all.fulfils(oneOf: matching) else { return nil }
            return SeriesExemplars(labels: all, exemplars: series.exemplars)
        }.sorted { $0.labels < $1.labels }
    }
}

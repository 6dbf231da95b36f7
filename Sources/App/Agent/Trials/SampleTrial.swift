public import Configuration
import Extraction
import FileTail
public import LogModel
import MetricRegistry
import SeriesModel

/// A label whose values in a sample look as if there were no end to them.
public struct UnboundedLabel: Hashable, Sendable {
    /// The metric that has the label.
    public let metric: String
    /// The name of the label.
    public let label: String
    /// How many different values there are in the sample.
    public let valueCount: Int
    /// How many lines changed the metric.
    public let matchCount: Int
    /// What makes them look so.
    public let growth: LabelGrowth
    /// One of the values.
    public let example: String
}

/// A metric that got more series in a sample than it may have.
public struct OverfullMetric: Hashable, Sendable {
    /// Its name.
    public let metric: String
    /// How many series it may have.
    public let limit: Int
    /// How many updates went to its overflow series.
    public let overflow: Int
}

/// What patterns made of samples of what they are for.
public struct SampleFindings: Sendable {
    /// Patterns for sources with a sample that match nothing in any of their samples, in the order of the configuration.
    public let silentPatterns: [String]
    /// Labels that look unbounded, in the order of metrics and labels.
    public let unboundedLabels: [UnboundedLabel]
    /// Metrics whose series were too many, in the order of the configuration.
    public let overfullMetrics: [OverfullMetric]
}

/// Reads samples as the agent reads logs, and looks at what comes of them.
public final class SampleTrial {
    private let configuration: AgentConfiguration
    private let consumer: MetricsConsumer
    private var sampled: Set<SourceName> = []

    /// A trial of all patterns of a configuration.
    ///
    /// - Throws: when a pattern is wrong.
    public init(_ configuration: AgentConfiguration) throws {
        self.configuration = configuration
        consumer = try MetricsConsumer(
            extractor: Extractor(
                patterns: configuration.patterns, sources: configuration.sources.map(\.name),
                fields: configuration.fields, labelLength: configuration.limits.labelLength),
            registry: SeriesRegistry(), seriesLimit: configuration.limits.seriesPerMetric, time: TrialTime())
    }

    /// Reads a sample of a source.
    ///
    /// - Throws: when the boundary of records is wrong, or what `read` throws.
    ///
    /// - Parameters:
    ///   - source: the source that the lines are from.
    ///   - read: gives the next piece of the sample; an empty one at its end.
    public func read(_ source: SourceName, _ read: () throws -> [UInt8]) throws {
        sampled.insert(source)
        let feed = try RecordFeed(configuration, source: source)
        while true {
            let bytes = try read()
            feed.take(bytes, isLast: bytes.isEmpty) { _ = consumer.consume($0.batch) }
            if bytes.isEmpty { return }
        }
    }

    /// What was found in all samples that were read.
    public var findings: SampleFindings {
        let snapshot = consumer.registry.seal().snapshot
        func matchCount(_ pattern: String) -> Int {
            Int(snapshot.value("outrider_pattern_matches_total", ["pattern": pattern]) ?? 0)
        }
        let silent = configuration.patterns.filter { pattern in
            let isTried = pattern.sources.isEmpty ? !sampled.isEmpty : !sampled.isDisjoint(with: pattern.sources)
            return isTried && matchCount(pattern.name) == 0
        }
        var seen: Set<String> = []
        var labels: [UnboundedLabel] = []
        var overfull: [OverfullMetric] = []
        for metric in configuration.patterns.flatMap(\.metrics) where seen.insert(metric.name).inserted {
            let users = configuration.patterns.filter { $0.metrics.contains { $0.name == metric.name } }
            let matches = users.reduce(0) { $0 + matchCount($1.name) }
            labels += unboundedLabels(
                of: metric.name, users.flatMap(\.metrics).filter { $0.name == metric.name },
                snapshot.series(of: metric.name), matches)
            if let overflow = snapshot.value("outrider_series_overflow_total", ["metric": metric.name]), overflow > 0 {
                overfull.append(
                    OverfullMetric(
                        metric: metric.name, limit: metric.seriesLimit ?? configuration.limits.seriesPerMetric,
                        overflow: Int(overflow)))
            }
        }
        return SampleFindings(
            silentPatterns: silent.map(\.name), unboundedLabels: labels, overfullMetrics: overfull)
    }

    private func unboundedLabels(
        of metric: String, _ mentions: [PatternMetricSettings], _ series: [StoredSeries], _ matches: Int
    ) -> [UnboundedLabel] {
        let names = mentions.first?.labelNames ?? []
        return names.indices.compactMap { index in
            // What the configuration says is no news.
            let written = mentions.flatMap { mention -> [String] in
                let constant: [String] = if case .constant(let text) = mention.labelValues[index] { [text] } else { [] }
                return constant + (mention.knownLabelValues.isEmpty ? [] : mention.knownLabelValues[index])
            }
            var known = Set(written + ["__overflow__", ""])
            let values = series.map { $0.labelValues[index] }.filter { known.insert($0).inserted }
            guard let growth = LabelGrowth(of: values, matchCount: matches), let example = values.first else {
                return nil
            }
            return UnboundedLabel(
                metric: metric, label: names[index], valueCount: values.count, matchCount: matches, growth: growth,
                example: example)
        }
    }
}

import Extraction
public import LogModel
public import YAMLNodes

/// A file with lines as a source has them.
public struct ConfiguredSample: Sendable {
    /// The source that the lines are as of.
    public let source: SourceName
    /// The file, absolute.
    public let path: String
    /// Where it is written.
    public let location: TextLocation

    init?(_ draft: SourceDraft) {
        guard let name = draft.name, let sample = draft.sample else { return nil }
        source = SourceName(name.value)
        path = sample.value
        location = sample.location
    }
}

/// Where patterns and their labels are written, for messages about what they do.
public struct PatternPlaces: Sendable {
    private struct Label: Hashable {
        var metric: String
        var name: String
    }

    private var patterns: [String: TextLocation] = [:]
    private var labels: [Label: TextLocation] = [:]
    private var metrics: [String: TextLocation] = [:]

    /// Of no patterns.
    public init() {}

    init(_ drafts: [PatternDraft]) {
        for draft in drafts {
            if let name = draft.name { patterns[name.value] = patterns[name.value] ?? draft.location }
            for metric in draft.metrics {
                guard let name = metric.name?.value else { continue }
                metrics[name] = metrics[name] ?? metric.name?.location
                for label in metric.labels {
                    // Those that stand in the configuration do not grow.
                    if case .constant = label.value.value { continue }
                    let key = Label(metric: name, name: label.key.value)
                    labels[key] = labels[key] ?? label.value.location
                }
            }
        }
    }

    /// Where a pattern is written; nil when no file has it.
    public func pattern(_ name: String) -> TextLocation? { patterns[name] }

    /// Where a metric is mentioned first; nil when no file has it.
    public func metric(_ name: String) -> TextLocation? { metrics[name] }

    /// The first place where a label of a metric gets a value of the line.
    public func label(_ name: String, of metric: String) -> TextLocation? {
        labels[Label(metric: metric, name: name)]
    }
}

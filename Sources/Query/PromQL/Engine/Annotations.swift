import QueryModel

/// Collects warnings and infos; the same one, from the same place, is kept once.
///
/// The texts are Prometheus's (util/annotations/annotations.go): people search for them.
struct Annotations {
    private(set) var warnings: [String] = []
    private(set) var infos: [String] = []
    private var known: Set<String> = []
    private var keys: Set<Key> = []
    private let text: [UInt8]

    /// What tells annotations apart, before their texts are made: most come again with every series and step.
    private struct Key: Hashable {
        var kind: Kind
        var start: Int
        var name: ByteString = .empty
        var other: ByteString = .empty
        var value: UInt64 = 0
    }

    private enum Kind {
        case badBucketLabel, mixedSamples, mixedHistograms, noCounter, monotonicity, types, ignored, ignoredInRange
        case quantile, ratio, mixedAggregation
    }

    /// Annotations of the query with this text.
    init(text: [UInt8]) { self.text = text }

    private mutating func add(_ message: String, to list: WritableKeyPath<Annotations, [String]>, at range: SourceRange)
    {
        let full = "\(message) (\(range.position(in: text)))"
        guard known.insert(full).inserted else { return }
        self[keyPath: list].append(full)
    }

    private mutating func isNew(
        _ kind: Kind, _ range: SourceRange, _ name: ByteString = .empty, _ other: ByteString = .empty, value: Double = 0
    ) -> Bool {
        keys.insert(Key(kind: kind, start: range.start, name: name, other: other, value: value.bitPattern)).inserted
    }

    private mutating func warn(_ message: String, at range: SourceRange) {
        add("PromQL warning: \(message)", to: \.warnings, at: range)
    }

    private mutating func inform(_ message: String, at range: SourceRange) {
        add("PromQL info: \(message)", to: \.infos, at: range)
    }

    private static func named(_ name: ByteString) -> String {
        name.isEmpty ? "" : " for metric name \(quoted(name))"
    }

    // MARK: - Warnings

    mutating func invalidQuantile(_ value: Double, at range: SourceRange) {
        guard isNew(.quantile, range, value: value) else { return }
        warn("quantile value should be between 0 and 1, got \(NumberText.general(value))", at: range)
    }

    mutating func invalidRatio(_ value: Double, cappedTo cap: Double, at range: SourceRange) {
        guard isNew(.ratio, range, value: value) else { return }
        warn(
            "ratio value should be between -1 and 1, got \(NumberText.general(value)), capping to "
                + NumberText.general(cap), at: range)
    }

    mutating func badBucketLabel(_ value: ByteString, metric: ByteString, at range: SourceRange) {
        guard isNew(.badBucketLabel, range, metric, value) else { return }
        let bound = quoted(ByteString.bucketBound)
        warn(
            "bucket label \(bound) is missing or has a malformed value of \(quoted(value))\(Self.named(metric))",
            at: range)
    }

    mutating func mixedSamples(metric: ByteString, at range: SourceRange) {
        guard isNew(.mixedSamples, range, metric) else { return }
        warn("encountered a mix of histograms and floats for metric name \(quoted(metric))", at: range)
    }

    mutating func mixedSamplesInAggregation(at range: SourceRange) {
        guard isNew(.mixedAggregation, range) else { return }
        warn("encountered a mix of histograms and floats for aggregation", at: range)
    }

    mutating func mixedHistograms(metric: ByteString, at range: SourceRange) {
        guard isNew(.mixedHistograms, range, metric) else { return }
        warn("vector contains a mix of classic and native histograms\(Self.named(metric))", at: range)
    }

    // MARK: - Infos

    mutating func possiblyNoCounter(_ metric: ByteString, at range: SourceRange) {
        guard isNew(.noCounter, range, metric) else { return }
        inform(
            "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \(quoted(metric))",
            at: range)
    }

    mutating func forcedMonotonicity(metric: ByteString, at range: SourceRange) {
        guard isNew(.monotonicity, range, metric) else { return }
        inform(
            "input to histogram_quantile needed to be fixed for monotonicity (see "
                + "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
                + Self.named(metric), at: range)
    }

    mutating func incompatibleTypes(
        _ left: String, _ operation: BinaryOperator, _ right: String, at range: SourceRange
    ) {
        guard isNew(.types, range, ByteString(left), ByteString(right)) else { return }
        inform(
            "incompatible sample types encountered for binary operator \(quoted(operation.rawValue)): "
                + "\(left) \(operation.rawValue) \(right)", at: range)
    }

    mutating func ignoredHistogram(in aggregation: Aggregation, at range: SourceRange) {
        guard isNew(.ignored, range) else { return }
        inform("ignored histogram in \(aggregation.rawValue) aggregation", at: range)
    }

    mutating func ignoredHistograms(metric: ByteString, at range: SourceRange) {
        guard isNew(.ignoredInRange, range, metric) else { return }
        inform(
            "ignored histograms in a range containing both floats and histograms for metric name \(quoted(metric))",
            at: range)
    }
}

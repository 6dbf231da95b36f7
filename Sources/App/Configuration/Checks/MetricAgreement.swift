import Extraction
import SeriesModel
import YAMLNodes

/// Several patterns may change one metric; then they must mean the same one.
struct MetricAgreement {
    /// What the first mention of a metric said.
    private struct Mention {
        var kind: MetricKind
        /// Nil while no mention had labels without a mistake.
        var labelNames: [String]?
        var location: TextLocation
        var help: Located<String>?
        /// Nil while no mention gave any.
        var buckets: Located<[Double]>?
        var unit: ValueUnit?
        var maxSeries: Located<Int>?
        var expiry: Located<Duration>?
    }

    let context: DecodingContext
    private var mentions: [String: Mention] = [:]

    init(context: DecodingContext) { self.context = context }

    mutating func take(_ metric: MetricDraft) {
        guard let kind = metric.kind, let name = metric.name else { return }
        let labelNames = metric.areLabelsKnown ? metric.labels.map(\.key.value) : nil
        guard let first = mentions[name.value] else {
            mentions[name.value] = Mention(
                kind: kind, labelNames: labelNames, location: name.location, help: metric.help,
                buckets: metric.buckets, unit: metric.unit?.value, maxSeries: metric.maxSeries, expiry: metric.expiry)
            return
        }
        if kind != first.kind { reportKind(name, kind, first) }
        if let labelNames, let others = first.labelNames, Set(labelNames) != Set(others) {
            reportLabels(name, labelNames, others, first.location)
        }
        if kind == first.kind, metric.unit?.value != first.unit { reportUnit(name, metric.unit, first) }
        let buckets = agreed(
            metric.buckets, first.buckets, differs: "the buckets of `\(name.value)` differ from those",
            hint: "write them once, and leave them out here")
        mentions[name.value]?.buckets = buckets
        mentions[name.value]?.labelNames = first.labelNames ?? labelNames
        let help = agreed(
            metric.help, first.help, differs: "the help of `\(name.value)` differs from that",
            hint: "write the help once, and leave it out here")
        mentions[name.value]?.help = help
        takeLimits(metric, name, first)
    }

    private mutating func takeLimits(_ metric: MetricDraft, _ name: Located<String>, _ first: Mention) {
        let maxSeries = agreed(
            metric.maxSeries, first.maxSeries, differs: "`max_series` of `\(name.value)` differs from that",
            hint: "write it once, and leave it out here")
        mentions[name.value]?.maxSeries = maxSeries
        let expiry = agreed(
            metric.expiry, first.expiry, differs: "`expire_after` of `\(name.value)` differs from that",
            hint: "write it once, and leave it out here")
        mentions[name.value]?.expiry = expiry
    }

    /// Reports metrics that are named like a sample of another.
    func checkSampleNames() {
        for (name, mention) in mentions where mention.kind == .histogram {
            for suffix in HistogramSuffix.all {
                guard let other = mentions[name + suffix] else { continue }
                context.error(
                    "`\(name + suffix)` is also the name of samples of the histogram `\(name)` at \(mention.location)",
                    at: other.location, hint: "give one of them another name")
            }
        }
    }

    /// How many series any mention allows.
    func maxSeries(of metric: String) -> Int? { mentions[metric]?.maxSeries?.value }

    /// After how long any mention lets series go.
    func expiry(of metric: String) -> Duration? { mentions[metric]?.expiry?.value }

    /// The label names in alphabetical order: that in which they are written is no part of what a metric is.
    func labelNames(of metric: String) -> [String] { mentions[metric]?.labelNames?.sorted() ?? [] }

    /// The buckets that any mention gave.
    func buckets(of metric: String) -> [Double]? { mentions[metric]?.buckets?.value }

    /// The help text that any mention gave.
    func help(of metric: String) -> String? { mentions[metric]?.help?.value }

    private func reportKind(_ name: Located<String>, _ kind: MetricKind, _ first: Mention) {
        context.error(
            "`\(name.value)` is a \(kind.rawValue) here and a \(first.kind.rawValue) at \(first.location)",
            at: name.location, hint: "make both a \(first.kind.rawValue), or give one another name")
    }

    private func reportLabels(
        _ name: Located<String>, _ labelNames: [String], _ others: [String], _ location: TextLocation
    ) {
        func phrase(_ names: [String]) -> String {
            names.isEmpty ? "no labels" : "the labels \(names.sorted().quotedList)"
        }
        context.error(
            "`\(name.value)` has \(phrase(labelNames)) here and \(phrase(others)) at \(location)",
            at: name.location, hint: "give both the same labels, or one of them another name")
    }

    private func reportUnit(_ name: Located<String>, _ unit: Located<ValueUnit>?, _ first: Mention) {
        func phrase(_ unit: ValueUnit?) -> String { unit.map { "the unit `\($0.rawValue)`" } ?? "no unit" }
        context.error(
            "`\(name.value)` has \(phrase(unit?.value)) here and \(phrase(first.unit)) at \(first.location)",
            at: unit?.location ?? name.location, hint: "give both the same unit, or one of them another name")
    }

    /// What the first mention that says it says; `differs` and `hint` are for one that says something else.
    private func agreed<Value: Equatable>(
        _ value: Located<Value>?, _ first: Located<Value>?, differs: String, hint: String
    ) -> Located<Value>? {
        guard let value, let first else { return first ?? value }
        if value.value != first.value {
            context.error("\(differs) at \(first.location)", at: value.location, hint: hint)
        }
        return first
    }
}

import Extraction
import SeriesModel
import YAMLNodes

/// What can be said of one metric of a pattern by itself.
struct MetricChecks {
    /// Series of one metric that exist from the start: each costs a line on every page.
    static let mostKnownSeries = 1000
    let context: DecodingContext

    func check(_ metric: MetricDraft) {
        guard let kind = metric.kind else { return }
        checkOperation(metric, kind)
        checkValue(metric, kind)
        checkBuckets(metric, kind)
        checkReading(metric, kind)
        if metric.areLabelsKnown, let values = metric.labelValues { checkKnown(values, metric, kind) }
        if kind == .counter, let name = metric.name { checkCounterName(name) }
    }

    private func checkBuckets(_ metric: MetricDraft, _ kind: MetricKind) {
        guard kind != .histogram, let buckets = metric.buckets else { return }
        context.error(
            "a \(kind.rawValue) has no buckets", at: buckets.location, hint: "remove them, or make it a `histogram`")
    }

    /// Each label that is a capture needs its values, and no other may have any.
    private func checkKnown(
        _ values: Located<[MapEntry<[Located<String>]>]>, _ metric: MetricDraft, _ kind: MetricKind
    ) {
        guard kind != .gauge else {
            context.error(
                "a gauge has no value to begin with", at: values.location,
                hint: "remove `label_values`: a gauge is shown once it is set")
            return
        }
        let captured = metric.labels.filter { if case .capture = $0.value.value { true } else { false } }
        let unknown = values.value.filter { entry in !captured.contains { $0.key.value == entry.key.value } }
        for entry in unknown {
            let known = captured.map(\.key.value)
            context.error(
                "`\(entry.key.value)` is no label that is taken from the line", at: entry.key.location,
                hint: NearestName.of(entry.key.value, among: known).map { "write `\($0)`" }
                    ?? (known.isEmpty ? "remove `label_values`" : "such labels are \(known.quotedList)"))
        }
        // An unknown label may be the missing one, misspelled.
        let missing =
            unknown.isEmpty
            ? captured.filter { label in
                !values.value.contains { $0.key.value == label.key.value }
            } : []
        for label in missing {
            context.error(
                "`label_values` has none for the label `\(label.key.value)`", at: values.location,
                hint: "add `\(label.key.value): […]`: a series is known only with all of its labels")
        }
        let count = values.value.reduce(1) { $0.multipliedReportingOverflow(by: $1.value.value.count).partialValue }
        if let limit = metric.maxSeries, count > limit.value, count <= Self.mostKnownSeries {
            context.error(
                "`label_values` makes \(count) series, more than `max_series` allows", at: limit.location,
                hint: "write at least `\(count)`, with room for other values")
        }
        if count > Self.mostKnownSeries {
            context.error(
                "these values make \(count) series", at: values.location,
                hint: "name only those that matter, at most \(Self.mostKnownSeries) combinations")
        }
    }

    private func checkReading(_ metric: MetricDraft, _ kind: MetricKind) {
        if let scale = metric.scale, scale.value == 0 {
            context.error("a scale of 0 makes every value 0", at: scale.location, hint: "write another number")
        }
        guard let unit = metric.unit, let name = metric.name else { return }
        let base = kind == .counter && name.value.hasSuffix("_total") ? String(name.value.dropLast(6)) : name.value
        guard !base.hasSuffix("_\(unit.value.rawValue)") else { return }
        context.warning(
            "the name of `\(name.value)` does not say its unit", at: name.location,
            hint:
                "write `\(base)_\(unit.value.rawValue)\(kind == .counter ? "_total" : "")`, as Prometheus and its tools expect"
        )
    }

    private func checkOperation(_ metric: MetricDraft, _ kind: MetricKind) {
        if kind == .histogram, let operation = metric.operation {
            context.error(
                "a histogram takes no operation: it observes its value", at: operation.location,
                hint: "remove `operation`")
        }
        guard kind == .counter, let operation = metric.operation, ![.add, .inc].contains(operation.value) else {
            return
        }
        context.error(
            "a counter cannot `\(operation.value.rawValue)`: it only grows", at: operation.location,
            hint: "write `add` or `inc`, or make it a `gauge`")
    }

    private func checkValue(_ metric: MetricDraft, _ kind: MetricKind) {
        let operation = metric.operation?.value
        let countsOne = operation == .inc || operation == .dec
        guard let value = metric.value else {
            let isNeeded = kind != .counter && !countsOne && metric.isOperationKnown
            if isNeeded, metric.isWithoutValue { reportMissingValue(metric, kind) }
            return
        }
        if countsOne, let operation {
            context.error(
                "`operation: \(operation.rawValue)` takes no value", at: value.location,
                hint: "remove `value`, or write `operation: \(operation == .inc ? "add" : "sub")`")
        }
        if kind == .counter, case .constant(let text) = value.value, text.hasPrefix("-") {
            context.error("a counter cannot grow by `\(text)`", at: value.location, hint: "write a positive number")
        }
    }

    private func reportMissingValue(_ metric: MetricDraft, _ kind: MetricKind) {
        context.error(
            "a \(kind.rawValue) needs the key `value`", at: metric.location,
            hint:
                "add `value: $name` with a capture of `match`\(kind == .gauge ? ", or `operation: inc` to count" : "")")
    }

    private func checkCounterName(_ name: Located<String>) {
        guard !name.value.hasSuffix("_total") else { return }
        context.warning(
            "the name of the counter `\(name.value)` does not end in `_total`", at: name.location,
            hint: "write `\(name.value)_total`, as Prometheus and its tools expect")
    }
}

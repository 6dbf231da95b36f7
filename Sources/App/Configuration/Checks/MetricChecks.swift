import Extraction
import SeriesModel
import YAMLNodes

/// What can be said of one metric of a pattern by itself.
struct MetricChecks {
    let context: DecodingContext

    func check(_ metric: MetricDraft) {
        guard let kind = metric.kind else { return }
        checkOperation(metric, kind)
        checkValue(metric, kind)
        checkBuckets(metric, kind)
        checkReading(metric, kind)
        if kind == .counter, let name = metric.name { checkCounterName(name) }
    }

    private func checkBuckets(_ metric: MetricDraft, _ kind: MetricKind) {
        guard kind != .histogram, let buckets = metric.buckets else { return }
        context.error(
            "a \(kind.rawValue) has no buckets", at: buckets.location, hint: "remove them, or make it a `histogram`")
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

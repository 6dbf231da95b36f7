import Extraction
import SeriesModel
import YAMLNodes

/// What a match does to a metric.
enum MetricOperation: String, CaseIterable, Sendable {
    case add
    case sub
    case set
    case inc
    case dec
    case min
    case max
}

/// A metric of a pattern as it is written; parts with mistakes are nil.
struct MetricDraft: Sendable {
    var location: TextLocation
    var kind: MetricKind?
    var name: Located<String>?
    var help: Located<String>?
    var operation: Located<MetricOperation>?
    var value: Located<ValueSource>?
    var labels: [MapEntry<ValueSource>]
    var labelValues: Located<[MapEntry<[Located<String>]>]>?
    var validation: ValidationSettings?
    var unit: Located<ValueUnit>?
    var scale: Located<Double>?
    var groups: Located<DigitGroups>?
    var buckets: Located<[Double]>?
    var maxSeries: Located<Int>?
    var expiry: Located<Duration>?
    /// Whether `labels` holds all labels: none was wrong, and the key was not misspelled.
    var areLabelsKnown: Bool
    /// Whether `value` is absent on purpose: neither wrong nor misspelled.
    var isWithoutValue: Bool
    /// Whether `operation` is what was written, or is absent.
    var isOperationKnown: Bool
}

/// The keys of an item of a pattern's `metrics`.
enum MetricKeys {
    static let counter = Field(
        "counter", .metricName, doc: "The name of a counter: a value that only grows.", example: "submissions_total")
    static let gauge = Field(
        "gauge", .metricName, doc: "The name of a gauge: a value that goes up and down.", example: "bot_prediction")
    static let histogram = Field(
        "histogram", .metricName,
        doc: "The name of a histogram: how many values there were up to each of some bounds, and their sum.",
        example: "request_duration_seconds")
    static let help = Field(
        "help", .text, absence: "a sentence that names the pattern",
        doc: "What the metric measures, for `# HELP`; needed only once for a metric that several patterns change.",
        example: "\"The latest prediction that was submitted.\"")
    static let value = Field(
        "value", .value, absence: "1 for a counter",
        doc:
            "What is added, set or observed. A match whose value is no number changes nothing and is counted as rejected; `true` and `false` in JSON are 1 and 0.",
        example: "$prediction")
    static let operation = Field(
        "operation", .choice(MetricOperation.self), absence: "`add` for a counter, `set` for a gauge",
        doc:
            "What to do with the value: a counter can `add` and `inc` (by 1); a gauge can also `set`, `sub`, `dec` (by 1), and keep the `min` or `max`; a histogram takes no operation.",
        example: "add")
    static let labels = Field(
        "labels", .map(key: .labelName, NameText.parseLabelName, value: .label), default: "{}",
        doc: "Labels and their values. Every different value is a series of its own.", example: "{denom: $denom}")
    static let labelValues = Field(
        "label_values",
        .map(key: .labelName, NameText.parseLabelName, value: .list(of: .line, isNonEmpty: true)),
        absence: "a series begins with its first line",
        doc:
            "For each label that is a capture, the values that are known beforehand. Every combination of them is a series that exists with 0 from the start, so that its first line is an increase; other values come as they are found. Not for gauges; at most \(MetricChecks.mostKnownSeries) combinations.",
        example: "{method: [GET, POST], code: [\"200\", \"500\"]}")
    static let validate = Field(
        "validate", ValidationKeys.reader, absence: "every number is taken", doc: "Which values are taken.",
        example: "{warn_outside: [-5, 5], reject_outside: [-50, 50]}")

    static let unit = Field(
        "unit", .choice(ValueUnit.self), absence: "values are bare numbers",
        doc:
            "The unit that the metric is kept in. Values may then carry one and are converted: `12ms`, `1h30m` and `1w2d` to `seconds`, `1.5GiB` and `3 kB` to `bytes`, `85%` to a `ratio`. Bare numbers are taken as they are.",
        example: "seconds")
    static let scale = Field(
        "scale", .number, absence: "1", doc: "What every value is multiplied by, before it is validated.",
        example: "0.000001")
    static let groups = Field(
        "digit_groups", .choice(DigitGroups.self), default: "none",
        doc: "How digits are grouped before the point: with `comma`, `1,234.5` is read as 1234.5.", example: "comma")
    static let buckets = Field(
        "buckets", .list(of: .number, isNonEmpty: true),
        absence: "\(MetricBuckets.usual.map(NumberText.render).joined(separator: ", "))",
        doc:
            "The upper bounds of a histogram's buckets, in ascending order, at most \(MetricBuckets.limit). `+Inf` is always added.",
        example: "[0.1, 0.5, 1, 2]")
    static let exponentialBuckets = Field(
        "exponential_buckets", ExponentialBucketKeys.reader, absence: "`buckets` says which",
        doc: "Buckets whose bounds grow by a factor, instead of `buckets`.",
        example: "{start: 0.001, factor: 2, count: 12}")

    static let maxSeries = Field(
        "max_series", .integer(1...1_000_000), absence: "`max_series` of `limits`",
        doc: "How many series the metric may have; see `limits`.", example: "100")
    static let expiry = Field(
        "expire_after", .duration(.seconds(10)...(.seconds(366 * 86_400))), absence: "series stay",
        doc:
            "After how long a series that no line changed goes away, with its value. If it comes back, it begins anew. The time counts while the agent runs and begins anew with every start, because lines that are not read yet may be for it. Series that exist from the start stay.",
        example: "1h")

    static let schema = ObjectSchema(
        phrase: "a metric", doc: "A metric that a matching line changes.",
        keys: [
            counter.schema, gauge.schema, histogram.schema, help.schema, value.schema, operation.schema, unit.schema,
            scale.schema, groups.schema, labels.schema, labelValues.schema, validate.schema, buckets.schema,
            exponentialBuckets.schema, maxSeries.schema, expiry.schema,
        ], exactlyOneOf: [[counter.schema.key, gauge.schema.key, histogram.schema.key]])

    static let reader = ValueReader<MetricDraft>.object(schema) { object in
        let names = [counter, gauge, histogram]
        let name = names.first { object.keyLocation($0) != nil }.flatMap(object.located)
        let count = object.context.diagnostics.count
        let labels = object(labels)
        let areLabelsRight = labels != nil && object.context.diagnostics.count == count
        let operation = object.located(operation)
        let countBefore = object.context.diagnostics.count
        let labelValues = object.located(labelValues)
        let areValuesRight = object.context.diagnostics.count == countBefore
        return MetricDraft(
            location: object.location, kind: kind(object), name: name, help: object.located(help),
            operation: operation, value: object.located(value), labels: labels ?? [],
            labelValues: areValuesRight ? labelValues : nil,
            validation: object(validate), unit: object.located(unit), scale: object.located(scale),
            groups: object.located(groups), buckets: MetricBuckets.read(object),
            maxSeries: object.located(maxSeries), expiry: object.located(expiry),
            areLabelsKnown: areLabelsRight && !object.isMisspelled(Self.labels),
            isWithoutValue: object.isMissing(value),
            isOperationKnown: operation != nil || object.isMissing(Self.operation))
    }

    private static func kind(_ object: ObjectReader) -> MetricKind? {
        let written = [(counter, MetricKind.counter), (gauge, .gauge), (histogram, .histogram)]
            .filter { object.keyLocation($0.0) != nil }
        return written.count == 1 ? written[0].1 : nil
    }
}

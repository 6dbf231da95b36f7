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
    var validation: ValidationSettings?
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
    static let help = Field(
        "help", .text, absence: "a sentence that names the pattern",
        doc: "What the metric measures, for `# HELP`; needed only once for a metric that several patterns change.",
        example: "\"The latest prediction that was submitted.\"")
    static let value = Field(
        "value", .value, absence: "1 for a counter",
        doc: "What is added or set. A match whose value is no number changes nothing and is counted as rejected.",
        example: "$prediction")
    static let operation = Field(
        "operation", .choice(MetricOperation.self), absence: "`add` for a counter, `set` for a gauge",
        doc:
            "What to do with the value: a counter can `add` and `inc` (by 1); a gauge can also `set`, `sub`, `dec` (by 1), and keep the `min` or `max`.",
        example: "add")
    static let labels = Field(
        "labels", .map(key: .labelName, NameText.parseLabelName, value: .label), default: "{}",
        doc: "Labels and their values. Every different value is a series of its own.", example: "{denom: $denom}")
    static let validate = Field(
        "validate", ValidationKeys.reader, absence: "every number is taken", doc: "Which values are taken.",
        example: "{warn_outside: [-5, 5], reject_outside: [-50, 50]}")

    static let schema = ObjectSchema(
        phrase: "a metric", doc: "A metric that a matching line changes.",
        keys: [
            counter.schema, gauge.schema, help.schema, value.schema, operation.schema, labels.schema, validate.schema,
        ], exactlyOneOf: [[counter.schema.key, gauge.schema.key]])

    static let reader = ValueReader<MetricDraft>.object(schema) { object in
        let name = object.keyLocation(counter) == nil ? object.located(gauge) : object.located(counter)
        let count = object.context.diagnostics.count
        let labels = object(labels)
        let areLabelsRight = labels != nil && object.context.diagnostics.count == count
        let operation = object.located(operation)
        return MetricDraft(
            location: object.location, kind: kind(object), name: name, help: object.located(help),
            operation: operation, value: object.located(value), labels: labels ?? [],
            validation: object(validate),
            areLabelsKnown: areLabelsRight && !object.isMisspelled(Self.labels),
            isWithoutValue: object.isMissing(value),
            isOperationKnown: operation != nil || object.isMissing(Self.operation))
    }

    private static func kind(_ object: ObjectReader) -> MetricKind? {
        switch (object.keyLocation(counter), object.keyLocation(gauge)) {
        case (.some, nil): .counter
        case (nil, .some): .gauge
        default: nil
        }
    }
}

import Extraction
import YAMLNodes

/// A pattern as it is written; parts with mistakes are nil.
struct PatternDraft: Sendable {
    var location: TextLocation
    var name: Located<String>?
    var sources: [Located<String>]?
    var match: Located<String>?
    var field: Located<String>?
    var required: [MapEntry<[Located<String>]>]
    var excluded: [MapEntry<[Located<String>]>]
    var present: [Located<String>]
    /// Whether a key says which lines are meant, even if it is wrong.
    var hasCriterion: Bool
    var event: EventSettings?
    var heartbeat: Located<String>?
    var interval: Located<Duration>?
    var timers: [TimerDraft]
    var remembered: [MapEntry<ValueSource>]
    var metrics: [MetricDraft]
    var tests: [PatternTestDraft]
    /// The library that it is of, where the configuration uses it; nil for a pattern of its own.
    var library: Library?

    /// Every value, label and key that comes from the line or from earlier ones.
    var values: [Located<ValueSource>] {
        remembered.map(\.value) + timers.compactMap(\.key)
            + metrics.flatMap { [$0.value].compactMap { $0 } + $0.labels.map(\.value) }
    }

    /// Where it asks for a field first; nil when it looks at the text only.
    var fieldPlace: TextLocation? {
        let keys = required.map(\.key.location) + excluded.map(\.key.location)
        let values = values.filter { if case .field = $0.value { true } else { false } }.map(\.location)
        return (keys + present.map(\.location) + [field?.location].compactMap { $0 } + values).first
    }

    /// A library that the configuration uses.
    struct Library: Sendable {
        /// Its name, where the configuration uses it.
        var name: Located<String>
        /// Whether none of its patterns is of use for lines without fields.
        var needsFields: Bool
    }
}

/// The keys of an item of `patterns`.
enum PatternKeys {
    static let name = Field(
        "name", .name, isRequired: true,
        doc: "By what `outrider explain` and the agent's own metrics know the pattern; no two patterns share it.",
        example: "submission")
    static let sources = Field(
        "sources", .list(of: .name, isNonEmpty: true), absence: "all sources",
        doc: "The sources whose lines are tried.", example: "[app]")
    static let match = Field(
        "match", .expression, absence: "`where`, `unless` and `has` decide alone",
        doc: "What a line must contain, anywhere; `^` and `$` stand for its begin and end.",
        example: "'prediction=(?<prediction>\\S+)'")
    static let field = Field(
        "field", .fieldPath, absence: "the whole line",
        doc: "The field of the line in which `match` is looked for.", example: "message")
    static let required = Field(
        "where", .map(key: .fieldPath, FieldPathText.parse, value: .oneOrMore(.line)), default: "{}",
        doc:
            "What fields of the line must be, each one of some texts. Numbers, `true` and `false` are compared as they are written.",
        example: "{level: [error, critical], http.status: 500}")
    static let excluded = Field(
        "unless", .map(key: .fieldPath, FieldPathText.parse, value: .oneOrMore(.line)), default: "{}",
        doc: "What fields of the line must not be; a field that is not there is nothing of it.",
        example: "{path: [/healthz, /metrics]}")
    static let present = Field(
        "has", .list(of: .fieldPath), default: "[]", doc: "Fields that the line must have, and that are not null.",
        example: "[latency_ms]")
    static let event = Field(
        "event", EventKeys.reader, absence: "no event",
        doc: "What a matching line means; counted in `outrider_events_total{event,outcome}`.",
        example: "{name: submission, outcome: success}")
    static let heartbeat = Field(
        "heartbeat", .name, absence: "no heartbeat",
        doc:
            "A name for the sign of life that a matching line is; several patterns may share it. `outrider_heartbeat_last_timestamp_seconds{heartbeat}` is when the latest line was written, by its own time (see `timestamp` of sources) but never in the future, `outrider_heartbeat_age_seconds` how long ago that was, or, before the first one ever, since when it is waited for; both go on across restarts, and lines that waited unread are as old as they say. `run --once` shows no age: all lines are read at once.",
        example: "bot")
    static let every = Field(
        "every", .duration(.seconds(1)...(.seconds(366 * 86_400))), absence: "`1h` for a heartbeat",
        doc:
            "How far apart heartbeats are expected, for `outrider_heartbeat_interval_seconds`. An alert is then `outrider_heartbeat_age_seconds > 2 * outrider_heartbeat_interval_seconds`.",
        example: "5m")
    static let timer = Field(
        "timer", .oneOrMore(TimerKeys.reader), absence: "no timer",
        doc: "A timer that a matching line starts or ends; several where it does both, one after the other.",
        example: "{start: job, key: $id}")
    static let remember = Field(
        "remember", .map(key: .name, NameText.parseName, value: .label), default: "{}",
        doc:
            "Values that later lines of the same file find: `^` and the name is then a value, a label or a key of any pattern, and stays so across restarts and rotations until another line says something else. Before any line did, a value is rejected as missing, and a label is empty. The pattern's own metrics find it already. At most 1,024 bytes are kept.",
        example: "{epoch: $number}")
    static let metrics = Field(
        "metrics", .list(of: MetricKeys.reader, isNonEmpty: true), absence: "no metrics",
        doc: "The metrics that a matching line changes.",
        example: "[{gauge: bot_prediction, value: $prediction}]")
    static let tests = Field(
        "tests", .list(of: PatternTestKeys.reader), default: "[]",
        doc: "What lines make of the metrics; tried by `outrider test` and `outrider check`.",
        example: "[{line: 'prediction=0.5', expect: {bot_prediction: 0.5}}]")

    static let schema = ObjectSchema(
        phrase: "a pattern",
        doc:
            "An expression, and what to do when a line matches it. It needs `event`, `heartbeat`, `timer`, `remember`, `metrics`, or several of them.",
        keys: [
            name.schema, sources.schema, match.schema, field.schema, required.schema, excluded.schema, present.schema,
            event.schema, heartbeat.schema, every.schema, timer.schema, remember.schema, metrics.schema, tests.schema,
        ])

    static let reader = ValueReader<PatternDraft>.object(schema) { object in
        let draft = PatternDraft(
            location: object.location, name: object.located(name), sources: object(sources),
            match: object.located(match), field: object.located(field), required: object(required) ?? [],
            excluded: object(excluded) ?? [], present: object(present) ?? [],
            hasCriterion: !criteria.allSatisfy { object.isMissing($0) || object.isEmpty($0) },
            event: object(event) ?? nil, heartbeat: object.located(heartbeat),
            interval: object.located(every), timers: (object(timer) ?? []).map(\.value),
            remembered: object(remember) ?? [], metrics: (object(metrics) ?? []).map(\.value),
            tests: (object(tests) ?? []).map(\.value))
        if [event.schema, heartbeat.schema, timer.schema, remember.schema, metrics.schema].allSatisfy(object.isMissing)
        {
            reportIdle(draft, object.context)
        }
        let empty = criteria.first(where: object.isEmpty).flatMap { key in
            object.keyLocation(key).map { Located(value: "`\(key.key)`", location: $0) }
        }
        reportCriteria(draft, empty: empty, object.context)
        return draft
    }

    /// What says which lines are meant.
    private static let criteria = [match.schema, required.schema, excluded.schema, present.schema]

    private static func reportCriteria(
        _ draft: PatternDraft, empty: Located<String>?, _ context: DecodingContext
    ) {
        if !draft.hasCriterion, let empty {
            context.error(
                "\(empty.value) is empty, so the pattern says of no line that it is meant", at: empty.location,
                hint: "add `match: 'text of the line'`, or `where: {level: error}`")
        } else if !draft.hasCriterion {
            context.error(
                "a pattern needs `match`, `where`, `unless` or `has`, or it would not say which lines are meant",
                at: draft.location, hint: "add `match: 'text of the line'`, or `where: {level: error}`")
        } else if let field = draft.field, draft.match == nil {
            context.error(
                "`field` says where `match` is looked for, and there is no `match`", at: field.location,
                hint: "add `match`, or require the field with `has: [\(field.value)]`")
        }
    }

    private static func reportIdle(_ draft: PatternDraft, _ context: DecodingContext) {
        context.error(
            "a pattern with neither `event`, `heartbeat`, `timer`, `remember` nor `metrics` does nothing",
            at: draft.location,
            hint: "add `metrics: [{counter: \(draft.name.map { metricName($0.value) } ?? "lines")_total}]`")
    }

    private static func metricName(_ name: String) -> String {
        String(name.map { $0 == "-" || $0 == "." ? "_" : $0 })
    }
}

/// The keys of `event`.
enum EventKeys {
    static let name = Field("name", .name, isRequired: true, doc: "What happened.", example: "submission")
    static let outcome = Field("outcome", .name, isRequired: true, doc: "How it went.", example: "success")

    static let schema = ObjectSchema(
        phrase: "`event`", doc: "What a matching line means to its service.", keys: [name.schema, outcome.schema])

    static let reader = ValueReader<EventSettings?>.object(schema) { object in
        let (name, outcome) = (object(name), object(outcome))
        guard let name, let outcome else { return nil }
        return EventSettings(name: name, outcome: outcome)
    }
}

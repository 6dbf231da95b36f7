import YAMLNodes

/// A test of a pattern as it is written; parts with mistakes are nil.
struct PatternTestDraft: Sendable {
    var location: TextLocation
    var lines: [Located<String>]?
    var source: Located<String>?
    var expect: [MapEntry<ExpectedValue>]?
    var isNoMatch: Located<Bool>?
}

/// A number, or that there is none.
enum ExpectedValue: Sendable {
    case number(Double)
    case absent
}

/// The keys of an item of a pattern's `tests`.
enum PatternTestKeys {
    static let line = Field("line", .line, doc: "A line of the log.", example: "'prediction=0.5'")
    static let lines = Field(
        "lines", .list(of: .line, isNonEmpty: true), doc: "Several lines of the log, one behind the other.",
        example: "['prediction=0.5', 'prediction=0.25']")
    static let source = Field(
        "source", .name, absence: "the first of the pattern's sources, or of all",
        doc: "The source that the lines are from.", example: "app")
    static let expect = Field(
        "expect", .map(key: .series, parseSeries, value: .expectedValue), absence: "nothing is compared",
        doc:
            "What the page of metrics shows after the lines: samples with their values, a histogram's as `_count`, `_sum` and `_bucket{le=\"…\"}`, and `null` for a sample that is not there. All patterns for the source are tried; what is not named here is not compared. `{}` means the same as `no_match: true`.",
        example: "{bot_prediction: 0.5, 'outrider_events_total{event=\"submission\",outcome=\"success\"}': 1}")
    static let noMatch = Field(
        "no_match", .bool, default: "false",
        doc: "Whether the pattern must match none of the lines, instead of at least one.", example: "true")

    static let schema = ObjectSchema(
        phrase: "a test",
        doc:
            "Lines, and what they make of the metrics, beginning from nothing. `outrider test` and `outrider check` try it.",
        keys: [line.schema, lines.schema, source.schema, expect.schema, noMatch.schema],
        exactlyOneOf: [[line.schema.key, lines.schema.key]])

    static let reader = ValueReader<PatternTestDraft>.object(schema) { object in
        let draft = PatternTestDraft(
            location: object.location, lines: object.located(line).map { [$0] } ?? object(lines),
            source: object.located(source), expect: object(expect), isNoMatch: object.located(noMatch))
        if object.isMissing(expect), draft.isNoMatch?.value == false {
            object.context.error(
                "a test with neither `expect` nor `no_match: true` tests nothing", at: draft.location,
                hint: "add `expect: {name: 1}` with what the page of metrics shows after the line")
        }
        return draft
    }

    private static func parseSeries(_ text: String) throws(FormProblem) -> String {
        try SeriesText(parsing: text).description
    }
}

extension ValueReader where Value == ExpectedValue {
    static let expectedValue = ValueReader(type: .form(.expectedValue)) { node, context in
        if node.isNull { return .absent }
        let number = ValueReader<Double>.scalar(.form(.expectedValue)) { scalar, _ throws(FormProblem) in
            try NumberText.parse(scalar.text)
        }
        return number.read(node, context).map { .number($0) }
    }
}

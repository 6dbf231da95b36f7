import LogModel
import SeriesModel
import Testing

@testable import Extraction

@Suite struct ExtractionErrorTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        var name: String
        var metrics: [PatternMetricSettings]
        var kind: ExtractionError.Kind
        var metric: Int = 0
        var part: ExtractionError.Part
        var message: String
        var hint: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Wrong(
            name: "no such group", metrics: [metric(.gauge, "g", .set, .capture("w"))], kind: .unknownCapture,
            part: .value, message: "The expression has no group named w.", hint: "It has $v, $l."),
        Wrong(
            name: "no such group for a label", metrics: [metric(.counter, "c", .add, labels: [("k", .capture("w"))])],
            kind: .unknownCapture, part: .label(index: 0), message: "The expression has no group named w.",
            hint: "It has $v, $l."),
        Wrong(
            name: "metric name", metrics: [metric(.counter, "1c", .add)], kind: .name, part: .name,
            message: "\"1c\" is not the name of a metric.",
            hint: "Use letters, digits, underscores and colons, and no digit at the start."),
        Wrong(
            name: "reserved name", metrics: [metric(.counter, "outrider_x_total", .add)], kind: .name, part: .name,
            message: "The name outrider_x_total is reserved: outrider_ marks the agent's own metrics.",
            hint: "Begin the name with the name of your service."),
        Wrong(
            name: "label name",
            metrics: [metric(.counter, "c", .add, labels: [("ok", .constant("")), ("a-b", .constant(""))])],
            kind: .labels, part: .label(index: 1), message: "\"a-b\" is not the name of a label.",
            hint: "Use letters, digits and underscores, no digit and not two underscores at the start."),
        Wrong(
            name: "label named __name__", metrics: [metric(.counter, "c", .add, labels: [("__name__", .constant(""))])],
            kind: .labels, part: .label(index: 0), message: "\"__name__\" is not the name of a label.",
            hint: "Use letters, digits and underscores, no digit and not two underscores at the start."),
        Wrong(
            name: "label twice",
            metrics: [metric(.counter, "c", .add, labels: [("a", .constant("")), ("a", .constant(""))])],
            kind: .labels, part: .label(index: 1), message: "Metric c has two labels named a.",
            hint: "Remove one of them."),
        Wrong(
            name: "le", metrics: [metric(.histogram, "h", .observe, .capture("v"), labels: [("le", .constant(""))])],
            kind: .labels, part: .label(index: 0), message: "A histogram cannot have a label named le.",
            hint: "le is the label of its buckets; choose another name."),
        Wrong(
            name: "set a counter", metrics: [metric(.counter, "c", .set, .capture("v"))], kind: .operation,
            part: .operation, message: "The operation set does not fit the counter c.",
            hint: "A counter can only be added to; make it a gauge if its value can fall."),
        Wrong(
            name: "observe a gauge", metrics: [metric(.gauge, "g", .observe, .capture("v"))], kind: .operation,
            part: .operation, message: "The operation observe does not fit the gauge g.",
            hint: "A gauge can be set, added to, subtracted from, or keep its minimum or maximum."),
        Wrong(
            name: "gauge without a value", metrics: [metric(.gauge, "g", .set)], kind: .value, part: .value,
            message: "The gauge g has no value.",
            hint: "Write value: $name, with the name of a group of the expression."),
        Wrong(
            name: "constant that is no number", metrics: [metric(.gauge, "g", .set, .constant("v"))], kind: .value,
            part: .value, message: "g can never take the value \"v\".",
            hint: "Write a number, or $name with the name of a group of the expression."),
        Wrong(
            name: "kind conflict", metrics: [metric(.counter, "c", .add), metric(.gauge, "c", .set, .capture("v"))],
            kind: .conflict, metric: 1, part: .kind, message: "c is a gauge here and a counter in pattern p.",
            hint: "Give one of them another name."),
        Wrong(
            name: "label conflict",
            metrics: [metric(.counter, "c", .add, labels: [("a", .constant(""))]), metric(.counter, "c", .add)],
            kind: .conflict, metric: 1, part: .name, message: "c has other labels here than in pattern p.",
            hint: "It has the labels a there; the labels of a metric must be the same everywhere."),
    ])
    func mistakesInMetricsAreLocatedAndExplained(_ wrong: Wrong) throws {
        let settings = [
            PatternSettings(name: "first", match: "x"),
            PatternSettings(name: "p", match: "(?<v>\\d+)(?<l>x)", metrics: wrong.metrics),
        ]
        let expected = ExtractionError(
            kind: wrong.kind, pattern: 1, metric: wrong.metric, part: wrong.part, message: wrong.message,
            hint: wrong.hint)
        #expect(Extractor.mistakes(in: settings, sources: []) == [expected])
        #expect(throws: expected) { try Extractor(patterns: settings, sources: []) }
    }

    @Test func mistakesInPatternsAreLocatedAndExplained() {
        let mistakes = Extractor.mistakes(
            in: [
                PatternSettings(name: "a", sources: [SourceName("app"), SourceName("ap")], match: "x"),
                PatternSettings(name: "a", match: "x("),
            ], sources: [SourceName("app")])
        #expect(mistakes.map(\.kind) == [.unknownSource, .duplicatePattern, .pattern])
        #expect(mistakes.map(\.pattern) == [0, 1, 1])
        #expect(mistakes.map(\.part) == [.sources(index: 1), .name, .match(offset: 2)])
        #expect(mistakes[0].hint == "The sources are: app.")
        #expect(
            mistakes[2].message.hasPrefix("The expression of pattern a is wrong at byte 2: missing closing parenthesis")
        )
    }

    @Test func allMistakesAreReportedAtOnce() {
        let mistakes = Extractor.mistakes(
            in: [
                PatternSettings(
                    name: "p", match: "x",
                    metrics: [metric(.gauge, "1", .observe, .capture("v"), labels: [("-", .capture("l"))])])
            ], sources: [])
        #expect(mistakes.map(\.kind) == [.name, .labels, .operation, .unknownCapture, .unknownCapture])
    }

    @Test func goodSettingsHaveNoMistakes() {
        #expect(Extractor.mistakes(in: [ExtractorTests.submission], sources: []).isEmpty)
    }
}

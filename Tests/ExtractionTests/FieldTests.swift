import Extraction
import LineFormats
import LogModel
import PatternMatching
import SeriesModel
import TestSupport
import Testing

/// Patterns that look at the fields of lines.
@Suite struct FieldTests {
    private let source = SourceName("app")

    private func extractor(_ format: FieldFormat, _ patterns: PatternSettings...) throws -> Extractor {
        try Extractor(patterns: patterns, sources: [source], fields: [source: format])
    }

    private func counter(
        _ name: String, match: String? = nil, field: String? = nil, _ conditions: FieldConditions,
        labels: [(String, ValueSource)] = []
    ) -> PatternSettings {
        PatternSettings(
            name: name, match: match, field: field, conditions: conditions,
            metrics: [metric(.counter, name + "_total", .add, labels: labels)])
    }

    @Test(arguments: [FieldFormat.json, .auto]) func aFieldDecidesWhetherALineCounts(format: FieldFormat) throws {
        let errors = FieldConditions(required: [.init(path: "level", texts: ["error", "fatal"])])
        let extractor = try extractor(format, counter("errors", errors, labels: [("logger", .field("logger"))]))
        let lines = [
            #"{"level":"error","logger":"a"}"#, #"{"level":"info","msg":"error"}"#, #"{"level":"fatal"}"#,
            #"{"level":"\u0065rror","logger":"b\"c"}"#, #"{"other":{"level":"error"}}"#, #"{"level":["error"]}"#,
        ]
        #expect(
            extractMetrics(extractor, lines.joined(separator: "\n")) == [
                #"errors_total{logger="a"} add 1.0 @0"#, #"errors_total{logger=""} add 1.0 @2"#,
                #"errors_total{logger="b"c"} add 1.0 @3"#,
            ])
        // What is counted once a batch counts only lines that meet the conditions, too.
        let tallied = try self.extractor(format, counter("errors", errors))
        #expect(extractMetrics(tallied, lines.joined(separator: "\n")) == ["errors_total add 3.0 @3"])
        #expect(
            extract(tallied, lines.joined(separator: "\n")).contains(
                #"outrider_pattern_matches_total{pattern="errors"} add 3.0 @3"#))
    }

    @Test func whatIsCountedOnceABatchIsNotCountedAgainForAnotherSource() throws {
        let plain = SourceName("plain")
        let conditions = FieldConditions(required: [.init(path: "level", texts: ["error"])])
        let extractor = try Extractor(
            patterns: [counter("errors", conditions)], sources: [source, plain], fields: [source: .json])
        #expect(extractMetrics(extractor, #"{"level":"error"}"#) == ["errors_total add 1.0 @0"])
        #expect(extractMetrics(extractor, #"{"level":"error"}"#, source: 1) == [])
    }

    @Test func numbersAreComparedAsTheyAreWritten() throws {
        let conditions = FieldConditions(
            required: [.init(path: "http.status", texts: ["500"])],
            excluded: [.init(path: "path", texts: ["/healthz"])],
            present: ["took"])
        let extractor = try extractor(.json, counter("failures", conditions))
        let lines = [
            #"{"http":{"status":500},"took":1}"#, #"{"http.status":"500","took":0}"#, #"{"http":{"status":500}}"#,
            #"{"http":{"status":500},"took":null}"#, #"{"http":{"status":500},"took":1,"path":"\/healthz"}"#,
            #"{"http":{"status":5e2},"took":1}"#, #"{"http":{"status":500},"took":1,"path":"/x"}"#,
        ]
        #expect(extractMetrics(extractor, lines.joined(separator: "\n")) == ["failures_total add 3.0 @6"])
    }

    @Test func valuesComeFromFields() throws {
        let pattern = PatternSettings(
            name: "took", match: nil, conditions: FieldConditions(present: ["took"]),
            metrics: [
                metric(
                    .gauge, "took_seconds", .set, .field("took"), labels: [("who", .field("user.name"))],
                    reading: NumberReading(unit: .seconds))
            ])
        let extractor = try extractor(.json, pattern)
        let lines = [
            #"{"took":0.5,"user":{"name":"bob"}}"#, #"{"took":"12ms"}"#, #"{"took":"1\u0032ms"}"#, #"{"took":true}"#,
            #"{"took":"long"}"#, #"{"took":{}}"#,
        ]
        #expect(
            extractMetrics(extractor, lines.joined(separator: "\n")) == [
                #"took_seconds{who="bob"} set 0.5 @0"#, #"took_seconds{who=""} set 0.012 @1"#,
                #"took_seconds{who=""} set 0.012 @2"#, #"took_seconds{who=""} set 1.0 @3"#,
            ])
        let rejected = extract(extractor, lines.joined(separator: "\n")).filter { $0.contains("rejected") }
        #expect(rejected.count == 2)
        #expect(extractor.recentRejections(of: "took_seconds").map(\.reason) == Array(repeating: .notANumber, count: 4))
    }

    @Test func aPlaceInAnArrayNeedNotStandInTheLine() throws {
        let extractor = try extractor(
            .json, counter("first", FieldConditions(present: ["items.0"])),
            counter("number", FieldConditions(present: ["0"])))
        let lines = [#"{"items":[5]}"#, #"{"items":[]}"#, #"{"0":null}"#, #"{"0":1}"#, #"{"items":{"0":7}}"#]
        #expect(
            extractMetrics(extractor, lines.joined(separator: "\n")) == [
                "first_total add 2.0 @4", "number_total add 1.0 @3",
            ])
    }

    @Test func anExpressionIsLookedForInAField() throws {
        let pattern = PatternSettings(
            name: "user", match: #"^user "(?<user>\w+)" (?<n>\d+)"#, field: "msg",
            metrics: [metric(.gauge, "n", .set, .capture("n"), labels: [("user", .capture("user"))])])
        let extractor = try extractor(.auto, pattern)
        let lines = [
            #"{"msg":"user \"bob\" 42"}"#, #"{"text":"user \"eve\" 1"}"#, #"a=b msg="user \"al\" 7""#,
            #"{"msg":"a user \"bob\" 42"}"#, #"{"a":1,"msg":"none"}"#,
        ]
        #expect(
            extractMetrics(extractor, lines.joined(separator: "\n")) == [
                #"n{user="bob"} set 42.0 @0"#, #"n{user="al"} set 7.0 @2"#,
            ])
        let matches = extract(extractor, lines.joined(separator: "\n")).filter { $0.contains("matches") }
        #expect(matches == [#"outrider_pattern_matches_total{pattern="user"} add 2.0 @2"#])
    }

    @Test func aLineThatIsNoObjectIsCountedWhenItsFieldsAreWanted() throws {
        let conditions = FieldConditions(required: [.init(path: "level", texts: ["error"])])
        let extractor = try extractor(.json, counter("errors", conditions), counter("more", conditions))
        let updates = extract(extractor, "plain error\nnothing\nother error\n")
        #expect(updates == [#"outrider_lines_undecoded_total{source="app"} add 2.0 @2"#])
    }

    @Test func whatIsNoFiniteNumberIsRejectedAndTheOtherFieldsAreThere() throws {
        let pattern = PatternSettings(
            name: "step", match: nil, conditions: FieldConditions(present: ["loss"]),
            metrics: [metric(.gauge, "loss", .set, .field("loss"), labels: [("epoch", .field("epoch"))])])
        let extractor = try extractor(.json, pattern)
        let lines = [
            #"{"loss": NaN, "epoch": 1}"#, #"{"loss": -Infinity, "epoch": 2}"#, #"{"epoch": 3, "loss": 0.5}"#,
        ]
        let updates = extract(extractor, lines.joined(separator: "\n")).filter { !$0.contains("matches") }
        #expect(
            updates == [
                #"outrider_values_rejected_total{metric="loss",reason="nan"} add 1.0 @0"#,
                #"outrider_values_rejected_total{metric="loss",reason="infinite"} add 1.0 @1"#,
                #"loss{epoch="3"} set 0.5 @2"#,
            ])
    }

    @Test func aLineThatIsNestedTooDeepIsCounted() throws {
        let conditions = FieldConditions(required: [.init(path: "level", texts: ["error"])])
        let extractor = try extractor(.json, counter("errors", conditions))
        func line(_ depth: Int) -> String {
            #"{"level":"error","x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + "}"
        }
        #expect(
            extract(extractor, line(127)).contains(#"outrider_pattern_matches_total{pattern="errors"} add 1.0 @0"#))
        #expect(extract(extractor, line(128)) == [#"outrider_lines_undecoded_total{source="app"} add 1.0 @0"#])
    }

    @Test func explanationsSayThatFieldsAreOthers() throws {
        let conditions = FieldConditions(required: [.init(path: "level", texts: ["error"])])
        let extractor = try extractor(.json, counter("errors", conditions, labels: [("msg", .field("msg"))]))
        let found = extractor.explain(Array(#"{"level":"error","msg":"a\nb"}"#.utf8), source: 0)
        #expect(found.map(\.outcome) == [.matched])
        #expect(found[0].updates.map { $0.labels.map { String(decoding: $0.value, as: UTF8.self) } } == [["a\nb"]])
        let other = extractor.explain(Array(#"{"level":"info","msg":"error"}"#.utf8), source: 0)
        #expect(other.map(\.outcome) == [.otherFields])
    }

    /// The expression by which lines are passed over never passes over one that meets the conditions, however its text is
    /// escaped.
    @Test(arguments: 0..<40) func noLineThatMeetsTheConditionsIsPassedOver(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let texts = ["error", "a/b", #"q"q"#, #"back\slash"#, "tab\there", "é", "", "5", "x.y*z"]
        let wanted = (0..<Int.random(in: 1...3, using: &random)).map { _ in texts.randomElement(using: &random) ?? "" }
        let hasPresence = Bool.random(using: &random)
        let conditions = FieldConditions(
            required: [.init(path: "a.key", texts: wanted)], present: hasPresence ? ["other"] : [])
        let extractor = try extractor(.json, counter("hits", conditions))
        var lines: [String] = []
        var expected = 0
        for _ in 0..<200 {
            let text = texts.randomElement(using: &random) ?? ""
            let isThere = Bool.random(using: &random)
            let other = isThere ? #","\#(escaped("other", &random))":1"# : ""
            let (outer, inner) = (escaped("a", &random), escaped("key", &random))
            lines.append(
                Bool.random(using: &random)
                    ? #"{"\#(outer)":{"\#(inner)":"\#(escaped(text, &random))"}\#(other)}"#
                    : #"{"\#(escaped("a.key", &random))":"\#(escaped(text, &random))"\#(other)}"#)
            if wanted.contains(text), isThere || !hasPresence { expected += 1 }
        }
        let updates = extractMetrics(extractor, lines.joined(separator: "\n"))
        let counted = updates.first.flatMap { $0.split(separator: " ").dropFirst(2).first }.flatMap { Double($0) } ?? 0
        #expect(counted == Double(expected), "\(wanted)")
    }

    /// Text as JSON has it, with escapes where they must be, and sometimes where they need not be.
    private func escaped(_ text: String, _ random: inout SeededRandom) -> String {
        text.unicodeScalars.map { scalar in
            let mustBe = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if scalar == "/", Int.random(in: 0..<3, using: &random) == 0 { return #"\/"# }
            if scalar == "\t", Bool.random(using: &random) { return #"\t"# }
            guard mustBe || Int.random(in: 0..<12, using: &random) == 0 else { return String(scalar) }
            if mustBe, scalar != "\t", Bool.random(using: &random) { return "\\" + String(scalar) }
            let digits = String(scalar.value, radix: 16, uppercase: Bool.random(using: &random))
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

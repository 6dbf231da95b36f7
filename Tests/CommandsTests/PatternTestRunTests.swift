import Agent
import Configuration
import FileAccess
import JSONText
import TestSupport
import Testing

@testable import Commands

@Suite
struct PatternTestRunTests {
    private static let patterns = """
        patterns:
          - name: prediction
            match: 'prediction=(?<prediction>\\S+)'
            event: {name: submission, outcome: success}
            metrics:
              - {gauge: bot_prediction, value: $prediction, validate: {reject_outside: [-50, 50]}}
              - {histogram: bot_prediction_size, value: $prediction, buckets: [0.5, 1]}
            tests:
              TEST
          - name: error
            sources: [app]
            match: '(?<level>ERROR|CRITICAL)'
            metrics: [{counter: errors_total, labels: {level: $level}}]

        """

    /// What `outrider test` says of one test beside the pattern `prediction`.
    private func screen(_ test: String, before: String = "") throws -> TestScreen {
        let directory = try TemporaryDirectory()
        let parts = Self.patterns.split(separator: "TEST")
        let text = before + String(parts[0]) + test + String(parts[1])
        try FileWriter().replace(directory("p.yml"), with: Array(text.utf8))
        let loaded = try ConfigurationChoice(file: directory("p.yml")).loadTests()
        return TestScreen(file: "p.yml", results: try TestCommand.results(of: loaded))
    }

    private func failures(_ test: String) throws -> [String] {
        try screen(test).failures.map { "\($0.line):\($0.column) \($0.message)\n\($0.hint)" }
    }

    @Test(arguments: [
        "- {line: 'prediction=0.5', expect: {bot_prediction: 0.5}}",
        "- {line: 'prediction=0.5', expect: {'outrider_events_total{outcome=\"success\",event=\"submission\"}': 1}}",
        "- {lines: ['prediction=0.25', 'prediction=0.5'], expect: {bot_prediction_size_sum: 0.75, bot_prediction: 0.5}}",
        "- {lines: ['prediction=1', 'prediction=9'], expect: {'bot_prediction_size_bucket{le=\"1.0\"}': 1}}",
        "- {lines: ['prediction=1', 'prediction=9'], expect: {'bot_prediction_size_bucket{le=\"+Inf\"}': 2}}",
        // The other patterns are tried on the line too.
        "- {line: 'ERROR prediction=1', expect: {bot_prediction: 1, 'errors_total{level=\"ERROR\"}': 1}}",
        "- {line: 'ERROR', no_match: true, expect: {'errors_total{level=\"ERROR\"}': 1, bot_prediction: null}}",
        "- {line: 'ERROR', expect: {}}",
        // A rejected value leaves no trace in the gauge, but the line matches.
        "- {line: 'prediction=77', expect: {bot_prediction: null, 'outrider_values_rejected_total{metric=\"bot_prediction\",reason=\"out_of_range\"}': 1}}",
    ])
    func aRightTestPasses(test: String) throws {
        let screen = try screen(test)
        #expect(screen.failures == [])
        #expect(screen.results.count == 1)
    }

    @Test func eachTestBeginsFromNothing() throws {
        let test = "- {line: 'prediction=1', expect: {bot_prediction_size_count: 1}}"
        #expect(try screen("\(test)\n      \(test)").failures == [])
    }

    @Test func aFailureNamesThePatternTheLineTheValueAndItsPlace() throws {
        #expect(
            try failures("- {line: 'prediction=0.25', expect: {bot_prediction: 0.5}}") == [
                """
                9:60 in a test of the pattern `prediction`, bot_prediction is 0.25 and not 0.5 after the line `prediction=0.25`
                correct the pattern, or the test
                """
            ])
        #expect(
            try failures("- {line: 'prediction=1 ERROR', expect: {'errors_total{level=\"CRITICAL\"}': 1}}") == [
                """
                9:81 in a test of the pattern `prediction`, errors_total{level="CRITICAL"} is absent and not 1 after the line `prediction=1 ERROR`
                there is `errors_total{level="ERROR"}`
                """
            ])
        #expect(
            try failures("- {line: 'predicted 1', expect: {bot_prediction: 1}}") == [
                """
                9:9 the pattern `prediction` does not match the line `predicted 1`
                correct `match`, or write `no_match: true` if this is right
                """
            ])
        #expect(
            try failures("- {lines: ['prediction=1', 'prediction=2'], no_match: true}") == [
                """
                9:9 the pattern `prediction` matches the lines `prediction=1` … and 2 lines in all
                make `match` narrower, or write what to `expect`
                """
            ])
    }

    @Test func linesAreFromTheSourceOfTheTest() throws {
        let sources = "sources: [{name: web, files: [/w]}, {name: app, files: [/a]}]\n"
        let absent = "- {line: 'prediction=1 ERROR', expect: {'errors_total{level=\"ERROR\"}': null}}"
        #expect(try screen(absent, before: sources).failures == [])
        let present = "- {line: 'prediction=1 ERROR', source: app, expect: {'errors_total{level=\"ERROR\"}': 1}}"
        #expect(try screen(present, before: sources).failures == [])
    }

    @Test func programsGetExpectedAndFound() throws {
        let json = try screen("- {line: 'prediction=0.25', expect: {bot_prediction: 0.5}}").json
        #expect(json["failed"]?.integer == 1)
        #expect(json["passed"]?.integer == 0)
        guard case .array(let failures)? = json["failures"] else {
            Issue.record("no failures")
            return
        }
        #expect(failures[0]["pattern"]?.string == "prediction")
        #expect(failures[0]["series"]?.string == "bot_prediction")
        #expect(failures[0]["expected"]?.double == 0.5)
        #expect(failures[0]["found"]?.double == 0.25)
        #expect(failures[0]["line"]?.integer == 9)
    }

    @Test func aFileThatIsWrongIsNamedWithItsMistakes() throws {
        #expect(throws: ConfigurationError.self) { try screen("- {line: 'prediction=1', expct: {}}") }
        // Sources that are configured must be those that are named.
        #expect(throws: ConfigurationError.self) {
            try screen("- {line: x, no_match: true}", before: "sources: [{name: web, files: [/w]}]\n")
        }
    }
}

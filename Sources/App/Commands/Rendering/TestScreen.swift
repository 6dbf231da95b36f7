import Agent
import Configuration
import JSONText

/// What came of the tests beside the patterns of one file.
struct TestScreen {
    let file: String
    let results: [PatternTestResult]

    var failedCount: Int { results.count { !$0.failures.isEmpty } }

    /// Each failure with its place, in two lines.
    var failures: [Diagnostic] {
        results.flatMap { result in result.failures.map { diagnostic($0, of: result) } }
    }

    private func diagnostic(_ failure: PatternTestFailure, of result: PatternTestResult) -> Diagnostic {
        let test = result.test
        let lines =
            "the line" + (test.lines.count == 1 ? " `\(shown(test.lines[0]))`" : "s `\(shown(test.lines[0]))` …")
        let pattern = "the pattern `\(test.pattern)`"
        switch failure {
        case .noMatch:
            return Diagnostic(
                at: test.location, message: "\(pattern) does not match \(lines)",
                hint: "correct `match`, or write `no_match: true` if this is right")
        case .unexpectedMatch(let count):
            let times = test.lines.count == 1 ? "" : " and \(counted(count, "line")) in all"
            return Diagnostic(
                at: test.location, message: "\(pattern) matches \(lines)\(count > 1 ? times : "")",
                hint: "make `match` narrower, or write what to `expect`")
        case .value(let index, let found):
            let expectation = test.expectations[index]
            let expected = expectation.value.map(Quantities.value) ?? "absent"
            let message =
                "\(expectation.series) is \(found.map(Quantities.value) ?? "absent") and not \(expected) after \(lines)"
            return Diagnostic(
                at: expectation.location, message: "in a test of \(pattern), \(message)",
                hint: found == nil ? absence(of: expectation.series, in: result) : "correct the pattern, or the test")
        }
    }

    /// What there is instead of a series.
    private func absence(of series: SeriesText, in result: PatternTestResult) -> String {
        let known = result.samples.keys.map(\.description).sorted()
        let alike = known.filter { $0 == series.name || $0.hasPrefix("\(series.name){") }
        if !alike.isEmpty { return "there is \(alike.prefix(3).map { "`\($0)`" }.joined(separator: ", "))" }
        return known.isEmpty
            ? "no pattern changed a metric" : "there are \(known.prefix(5).map { "`\($0)`" }.joined(separator: ", "))"
    }

    private func shown(_ line: String) -> String {
        let text = line.printable
        return text.count > 120 ? "\(text.prefix(120))…" : text
    }

    /// The same for programs.
    var json: JSONValue {
        [
            "file": .string(file), "passed": JSONValue(UInt64(results.count - failedCount)),
            "failed": JSONValue(UInt64(failedCount)),
            "failures": .array(results.flatMap { result in result.failures.map { json($0, of: result) } }),
        ]
    }

    private func json(_ failure: PatternTestFailure, of result: PatternTestResult) -> JSONValue {
        let diagnostic = diagnostic(failure, of: result)
        var members: [JSONValue.Member] = [
            .init("pattern", .string(result.test.pattern)), .init("file", .string(diagnostic.file)),
            .init("line", JSONValue(UInt64(diagnostic.line))), .init("column", JSONValue(UInt64(diagnostic.column))),
            .init("message", .string(diagnostic.message)),
            .init("lines", .array(result.test.lines.map(JSONValue.string))),
        ]
        if case .value(let index, let found) = failure {
            let expectation = result.test.expectations[index]
            members += [
                .init("series", .string(expectation.series.description)),
                .init("expected", expectation.value.map(JSONValue.number) ?? .null),
                .init("found", found.map(JSONValue.number) ?? .null),
            ]
        }
        return .object(members)
    }
}

import JSONText
import QueryScripts

/// What came of a script of evaluations in PromQL.
struct ScriptScreen {
    let file: String
    let report: ScriptReport

    var failedCount: Int { report.failures.count }

    /// Each failure with its place, what was expected and what there is.
    var failures: [String] {
        report.failures.flatMap { failure -> [String] in
            guard case .failed(let expected, let got) = failure.outcome else { return [] }
            return ["\(file):\(failure.line): \(failure.expression.onOneLine.printable)"]
                + block("expected", expected) + block("got", got)
        }
    }

    private func block(_ title: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
        return lines.count == 1 ? ["    \(title): \(lines[0])"] : ["    \(title):"] + lines.map { "      \($0)" }
    }

    var summary: String {
        let tried = report.tried
        let left = report.needingNativeHistograms
        let untried = left > 0 ? ", \(left) left out for native histograms, which are not evaluated yet" : ""
        if tried == 0 { return left > 0 ? "nothing to try\(untried)" : "no evaluations" }
        return failedCount == 0
            ? "\(counted(tried, "evaluation")) passed\(untried)"
            : "\(failedCount) of \(counted(tried, "evaluation")) failed\(untried)"
    }

    var json: JSONValue {
        .object([
            .init("file", .string(file)), .init("tried", .integer(Int64(report.tried))),
            .init("passed", .integer(Int64(report.passed))),
            .init("left_out", .integer(Int64(report.needingNativeHistograms))),
            .init(
                "failures",
                .array(
                    report.failures.compactMap { failure in
                        guard case .failed(let expected, let got) = failure.outcome else { return nil }
                        return .object([
                            .init("line", .integer(Int64(failure.line))),
                            .init("expression", .string(failure.expression)), .init("expected", .string(expected)),
                            .init("got", .string(got)),
                        ])
                    })),
        ])
    }
}

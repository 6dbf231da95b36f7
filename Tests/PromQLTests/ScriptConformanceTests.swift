import Foundation
import QueryScripts
import Testing

/// Prometheus's own test scripts, which lie beside the checkout and are no part of it.
@Suite("Prometheus's scripts", .enabled(if: Scripts.arePresent, "../shared/promql is not there"))
struct ScriptConformanceTests {
    @Test(arguments: Scripts.counts)
    func everyEvaluationOfFloatsIsAsExpected(_ script: Scripts.Count) throws {
        let text = try Data(contentsOf: Scripts.folder.appending(path: "\(script.name).test"))
        var runner = ScriptRunner(triesRanges: true)
        let report = try runner.run(Array(text))
        for failure in report.failures {
            Issue.record("\(script.name).test:\(failure.line): \(failure.expression): \(failure.outcome)")
        }
        #expect(report.tried == script.floats)
        #expect(report.needingNativeHistograms == script.nativeHistograms)
    }
}

/// Our own scripts, which need nothing beside the checkout.
@Suite struct OwnScriptTests {
    @Test(arguments: ["selecting", "counters", "over_time", "aggregating", "joining", "functions"])
    func everyEvaluationIsAsExpected(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/\(name).test")
        var runner = ScriptRunner(triesRanges: true)
        let report = try runner.run(Array(try Data(contentsOf: file)))
        for failure in report.failures {
            Issue.record("\(name).test:\(failure.line): \(failure.expression): \(failure.outcome)")
        }
        #expect(report.passed == report.evaluations.count && report.passed > 10)
    }
}

enum Scripts {
    struct Count: Sendable, CustomTestStringConvertible {
        var name: String
        /// Evaluations that neither load nor expect native histograms.
        var floats: Int
        var nativeHistograms: Int
        var testDescription: String { name }
    }

    static let counts = [
        Count(name: "literals", floats: 25, nativeHistograms: 0),
        Count(name: "selectors", floats: 31, nativeHistograms: 0),
        Count(name: "staleness", floats: 17, nativeHistograms: 0),
        Count(name: "trig_functions", floats: 19, nativeHistograms: 0),
        Count(name: "at_modifier", floats: 78, nativeHistograms: 0),
        Count(name: "operators", floats: 143, nativeHistograms: 71),
        Count(name: "aggregators", floats: 138, nativeHistograms: 22),
        Count(name: "functions", floats: 336, nativeHistograms: 95),
        Count(name: "histograms", floats: 91, nativeHistograms: 94),
    ]

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/promql")

    static let arePresent = FileManager.default.fileExists(atPath: folder.appending(path: "literals.test").path)
}

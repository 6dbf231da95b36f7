import JSONText
import QueryScripts
import Testing

@testable import Commands

/// What is said of scripts of PromQL.
@Suite struct ScriptScreenTests {
    private func screen(_ script: String) throws -> ScriptScreen {
        var runner = ScriptRunner()
        return ScriptScreen(file: "x.test", report: try runner.run(Array(script.utf8)))
    }

    private let load = "load 5m\n  x{a=\"b\"} 1 2 3\n\n"

    @Test func whatPassedIsCounted() throws {
        let screen = try screen(load + "eval instant at 5m x\n  x{a=\"b\"} 2\n")
        #expect(screen.failures == [])
        #expect(screen.summary == "1 evaluation passed")
        #expect(screen.json["passed"] == 1)
    }

    @Test func whatFailedIsShownWithItsPlace() throws {
        let screen = try screen(load + "eval instant at 5m x\n  x{a=\"b\"} 3\n")
        #expect(screen.failures.first == "x.test:4: x")
        #expect(screen.failures.contains { $0.contains("expected") } && screen.failures.contains { $0.contains("got") })
        #expect(screen.summary == "1 of 1 evaluation failed")
        #expect(screen.json["failures"]?.array?.first?["line"] == 4)
    }

    @Test func whatNeedsNativeHistogramsIsLeftOut() throws {
        let screen = try screen(
            load + "eval instant at 5m x\n  x{a=\"b\"} 2\n\neval instant at 5m x\n  {} {{schema:0}}\n")
        #expect(screen.summary.hasPrefix("1 evaluation passed, 1 left out for native histograms"))
    }
}

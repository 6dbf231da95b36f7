import Foundation
import Testing

extension EndToEnd {
    /// Prometheus's own scripts through the binary, and the page that says what came of them.
    @Suite("Conformance", .enabled(if: Scripts.arePresent, "../shared/promql is not there"))
    struct ConformanceTests {
        @Test(.enabled(if: Component.python.isInstalled, "\(Component.python.advice)"))
        func thePageSaysWhatTheEngineDoes() async throws {
            try await Fixture.with { fixture in
                let tool = Scripts.root.appending(path: "Tools/conformance.py").path
                let comparison = try fixture.start(
                    Component.python.url, [tool, "--binary", Fixture.binary.path, "--check"])
                #expect(try await comparison.ended() == .exit(0), "\(comparison.error)")
            }
        }

        @Test func everyScriptPasses() async throws {
            try await Fixture.with { fixture in
                let run = try fixture.outrider(["test"] + Scripts.files)
                #expect(try await run.ended() == .exit(0), "\(run.output)\(run.error)")
            }
        }
    }

    private enum Scripts {
        static let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        private static let folder = root.deletingLastPathComponent().appending(path: "shared/promql")
        static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasSuffix(".test") }.sorted().map { folder.appending(path: $0).path }
        static let arePresent = !files.isEmpty
    }
}

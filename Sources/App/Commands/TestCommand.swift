import Agent
import ArgumentParser
import Configuration
import Extraction
import FileAccess
import JSONText
import LogModel
import QueryScripts

/// `outrider test`.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Try the tests beside the patterns of configuration files, or of files that others include.",
        discussion: """
            A file whose name ends in .test is a script of evaluations in PromQL, in the language of Prometheus's own tests.

            Exits with 0 when all pass, 1 when one fails, 2 when a file is wrong.
            """)

    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("The files, each with what it includes.", valueName: "file"))
    var files: [String]

    func run() throws {
        let screens = try files.map(screen)
        if output.json {
            output.write(["files": .array(screens.map(\.json))], lines: [])
        } else {
            for screen in screens { for line in screen.lines { StandardStreams.write(line: line) } }
        }
        if screens.contains(where: \.hasFailures) { throw ExitCode(Ending.failure) }
    }

    /// What came of one file, in either way of saying it.
    private struct FileScreen {
        var lines: [String]
        var json: JSONValue
        var hasFailures: Bool
    }

    private func screen(of file: String) throws -> FileScreen {
        if file.hasSuffix(".test") {
            let screen = ScriptScreen(file: file, report: try Self.report(ofScript: file))
            return FileScreen(
                lines: screen.failures + ["\(file): \(screen.summary)"], json: screen.json,
                hasFailures: screen.failedCount > 0)
        }
        let loaded = try ConfigurationChoice(file: file).loadTests()
        let screen = TestScreen(file: file, results: try Self.results(of: loaded))
        return FileScreen(
            lines: screen.failures.map { "\($0)" } + ["\(file): \(Self.summary(screen))"], json: screen.json,
            hasFailures: screen.failedCount > 0)
    }

    private static func summary(_ screen: TestScreen) -> String {
        let count = screen.results.count
        if count == 0 { return "no tests" }
        return screen.failedCount == 0
            ? "\(counted(count, "test")) passed" : "\(screen.failedCount) of \(counted(count, "test")) failed"
    }

    private static func report(ofScript file: String) throws -> ScriptReport {
        guard let text = try DiskConfigurationFiles(LinuxFileAccess()).read(file) else {
            throw UsageError("there is no file \(file)", hint: "name a script of evaluations in PromQL")
        }
        do throws(ScriptError) {
            var runner = ScriptRunner(triesRanges: true)
            return try runner.run(text)
        } catch {
            throw UsageError(
                "\(file):\(error.line): \(error.reason)",
                hint: "the language is that of Prometheus's PromQL tests: `load`, `clear`, `eval`")
        }
    }

    /// Tries all tests of a configuration.
    static func results(of loaded: LoadedConfiguration) throws -> [PatternTestResult] {
        guard !loaded.tests.isEmpty else { return [] }
        let runner = try PatternTestRunner(loaded.configuration)
        return try loaded.tests.map(runner.run)
    }
}

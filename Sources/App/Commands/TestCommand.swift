import Agent
import ArgumentParser
import Configuration
import Extraction
import JSONText
import LogModel

/// `outrider test`.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Try the tests beside the patterns of configuration files, or of files that others include.",
        discussion: "Exits with 0 when all pass, 1 when one fails, 2 when a file is wrong.")

    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("The files, each with what it includes.", valueName: "file"))
    var files: [String]

    func run() throws {
        let screens = try files.map { file in
            let loaded = try ConfigurationChoice(file: file).loadTests()
            return TestScreen(file: file, results: try Self.results(of: loaded))
        }
        if output.json {
            output.write(["files": .array(screens.map(\.json))], lines: [])
        } else {
            write(screens)
        }
        if screens.contains(where: { $0.failedCount > 0 }) { throw ExitCode(Ending.failure) }
    }

    private func write(_ screens: [TestScreen]) {
        for screen in screens {
            for failure in screen.failures { StandardStreams.write(line: "\(failure)") }
            StandardStreams.write(line: "\(screen.file): \(Self.summary(screen))")
        }
    }

    private static func summary(_ screen: TestScreen) -> String {
        let count = screen.results.count
        if count == 0 { return "no tests" }
        return screen.failedCount == 0
            ? "\(counted(count, "test")) passed" : "\(screen.failedCount) of \(counted(count, "test")) failed"
    }

    /// Tries all tests of a configuration.
    static func results(of loaded: LoadedConfiguration) throws -> [PatternTestResult] {
        guard !loaded.tests.isEmpty else { return [] }
        let runner = try PatternTestRunner(loaded.configuration)
        return try loaded.tests.map(runner.run)
    }
}

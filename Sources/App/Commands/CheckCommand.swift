import ArgumentParser
import Configuration
import Extraction
import FileAccess

/// `outrider check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Check a configuration and its patterns, and try their tests; lists every mistake, and globs that match no file now.",
        discussion: "Exits with 0 when all is good, 1 when a test fails, 2 when the configuration is wrong.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let loaded = try options.load()
        let warnings =
            loaded.warnings.map { "\($0)\n" } + GlobSurvey(LinuxFileAccess()).findings(loaded.globs).map(\.warning)
        for warning in warnings { StandardStreams.complain(raw: warning) }
        let tests = TestScreen(file: "", results: try TestCommand.results(of: loaded))
        for failure in tests.failures { StandardStreams.complain(raw: "\(failure)\n") }
        if tests.failedCount > 0 {
            StandardStreams.complain("\(tests.failedCount) of \(counted(tests.results.count, "test")) failed")
            throw ExitCode(Ending.failure)
        }
        StandardStreams.write(
            line: Self.summary(of: loaded.configuration, tests: loaded.tests.count, warnings: warnings.count))
    }

    static func summary(of configuration: AgentConfiguration, tests: Int = 0, warnings: Int) -> String {
        let metrics = Set(configuration.patterns.flatMap { $0.metrics.map(\.name) })
        var parts = [
            counted(configuration.sources.count, "source"), counted(configuration.patterns.count, "pattern"),
            counted(metrics.count, "metric"),
        ]
        if !configuration.records.isEmpty { parts.append(counted(configuration.records.count, "record")) }
        if tests > 0 { parts.append("\(counted(tests, "test")) passed") }
        if warnings > 0 { parts.append(counted(warnings, "warning")) }
        return "configuration is good: " + parts.joined(separator: ", ")
    }
}

/// `1 source`, `3 sources`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

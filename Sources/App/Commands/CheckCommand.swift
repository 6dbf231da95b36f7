import ArgumentParser
import Configuration
import Extraction
import FileAccess

/// `outrider check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Check a configuration and its patterns, and try their tests; lists every mistake, and what is probably not meant.",
        discussion: """
            Warnings are of globs that match no file now, or one that the user of this check may not read, of captures that are not used, and, where samples of logs are given here \
            or named by sources, of patterns that match nothing in them and of labels whose values look as if there were no \
            end to them. Exits with 0 when all is good, also with warnings, 1 when a test fails, 2 when the configuration is wrong.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "A file with lines of a source, beside those that sources name; once for each.", valueName: "file"))
    var sample: [String] = []

    @Option(
        help: ArgumentHelp(
            "The source that the samples are of; without it the one that reads the file, or the only one.",
            valueName: "name"))
    var source: String?

    func run() throws {
        let loaded = try options.load()
        let access = LinuxFileAccess()
        let warnings =
            try loaded.warnings.map { "\($0)\n" } + globs(loaded.globs, access)
            + RecordSurvey(access).warnings(loaded.records)
            + SampleSurvey(loaded, access).warnings(samples(loaded.configuration))
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

    private func globs(_ globs: [ConfiguredGlob], _ access: LinuxFileAccess) -> [String] {
        let survey = GlobSurvey(access)
        return (survey.findings(globs) + survey.unreadable(globs)).map(\.warning)
    }

    private func samples(_ configuration: AgentConfiguration) throws -> [SampleSurvey.Sample] {
        let choice = SourceChoice(configuration.sources)
        return try sample.map { file in
            let path = try ConfigurationChoice.absolute(file, DiskConfigurationFiles(LinuxFileAccess()))
            guard let name = try source.map(choice.named) ?? choice.reading(path) ?? choice.only else {
                throw UsageError("no source reads \(path)", hint: "say with --source of which one the lines are")
            }
            return SampleSurvey.Sample(source: name, path: path, name: file)
        }
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
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 || noun.hasSuffix("s") ? "" : "s")"
}

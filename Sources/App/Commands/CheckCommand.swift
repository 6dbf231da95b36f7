import ArgumentParser
import Configuration
import Extraction
import FileAccess

/// `outrider check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and its patterns; lists every mistake, and globs that match no file now.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let loaded = try options.load()
        let warnings =
            loaded.warnings.map { "\($0)\n" } + GlobSurvey(LinuxFileAccess()).findings(loaded.globs).map(\.warning)
        for warning in warnings { StandardStreams.complain(raw: warning) }
        StandardStreams.write(line: Self.summary(of: loaded.configuration, warnings: warnings.count))
    }

    static func summary(of configuration: AgentConfiguration, warnings: Int) -> String {
        let metrics = Set(configuration.patterns.flatMap { $0.metrics.map(\.name) })
        var parts = [
            counted(configuration.sources.count, "source"), counted(configuration.patterns.count, "pattern"),
            counted(metrics.count, "metric"),
        ]
        if !configuration.records.isEmpty { parts.append(counted(configuration.records.count, "record")) }
        if warnings > 0 { parts.append(counted(warnings, "warning")) }
        return "configuration is good: " + parts.joined(separator: ", ")
    }
}

/// `1 source`, `3 sources`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

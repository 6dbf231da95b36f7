import Agent
import ArgumentParser
import Configuration
import FileAccess
import LogModel

/// `outrider run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the agent: follow logs, count, and serve /metrics.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var logging: LoggingOptions

    @Flag(
        help:
            "Read every file to its end, print the metrics, and exit: with 1 when a file is missing or cannot be read. Takes no lock and moves no position."
    )
    var once = false

    func run() async throws {
        let loaded = try options.load()
        ProcessUsage.raiseDescriptorLimit()
        if once { return try readOnce(loaded) }
        let logger = logging.logger
        let choice = options.choice
        let runtime = try AgentRuntime(loaded, load: { try choice.load() }, logger: logger)
        let isClean: Bool
        do {
            isClean = try await AgentServices.run(runtime, logger: logger)
        } catch {
            await runtime.stop()
            throw error
        }
        // The log has said why.
        if !isClean { throw ExitCode(Ending.failure) }
    }

    private func readOnce(_ loaded: LoadedConfiguration) throws {
        let absent = GlobSurvey(LinuxFileAccess()).findings(loaded.globs)
        var (text, problems) = try OneShot.page(loaded.configuration)
        // Of what is no file the finding knows the place in the configuration.
        let irregular = absent.compactMap(\.irregular)
        problems.removeAll { problem in irregular.contains { problem.hasPrefix("Cannot open \($0): ") } }
        StandardStreams.write(text)
        for finding in absent { StandardStreams.complain(raw: finding.complaint) }
        for problem in problems { StandardStreams.complain(problem.onOneLine) }
        if !absent.isEmpty || !problems.isEmpty { throw ExitCode(Ending.failure) }
    }
}

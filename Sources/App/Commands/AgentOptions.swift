import Agent
import ArgumentParser
import Configuration
import FileAccess
import JSONText
import LogModel

/// Which running agent is meant; shared by the verbs that talk to one.
struct AgentOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file of the agent.", valueName: "file"))
    var config: String?

    @Option(name: .long, help: ArgumentHelp("The state directory of the agent.", valueName: "directory"))
    var stateDir: String?

    /// The state directory: as given, else as the configuration says, else the standard one.
    func stateDirectory() throws -> String {
        let files = DiskConfigurationFiles(LinuxFileAccess())
        if let stateDir { return try ConfigurationChoice.absolute(stateDir, files) }
        if let configuration = try configuration() { return configuration.stateDirectory }
        guard let standard = ConfigurationChoice.standardStateDirectory else {
            throw ConfigurationChoice.noStateDirectory
        }
        return standard
    }

    /// The configuration that was given, else the standard one; nil where there is none.
    private func configuration() throws -> AgentConfiguration? {
        guard try config != nil || LinuxFileAccess().status(ConfigurationChoice.standardFile) != nil else { return nil }
        return try ConfigurationChoice(file: config, stateDirectory: stateDir).load().configuration
    }

    /// The consumers that the configuration has; nil where only the state directory is known.
    func configuredConsumers() throws -> Set<ConsumerName>? {
        guard stateDir == nil || config != nil else { return nil }
        return try configuration()?.consumers
    }

    /// What the agent answers.
    ///
    /// - Throws: `NoAgent` when none runs.
    func ask(_ request: ControlRequest) throws -> JSONValue {
        let directory = try stateDirectory()
        guard let answer = try ControlClient.ask(request, directory: directory) else { throw NoAgent(directory) }
        return answer
    }
}

/// Nobody is there to be asked.
struct NoAgent: DescribedError {
    let directory: String
    init(_ directory: String) { self.directory = directory }
    var code: String { "agent_not_running" }
    var message: String { "no agent runs on the state directory \(directory)" }
    var hint: String? {
        "start one with `outrider run`, or name another directory with --config FILE or --state-dir DIRECTORY"
    }
    var healing: Healing { .byOperator }
}

/// How a result is written; shared by the verbs.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write JSON instead of text.")
    var json = false

    /// Writes `value` as JSON, or the lines.
    func write(_ value: JSONValue, lines: [String]) {
        if json { return StandardStreams.write(line: value.indentedText) }
        StandardStreams.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}

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

    /// Where the agent is: as given, else as the configuration says, else in the standard place.
    func location() throws -> AgentLocation {
        try ConfigurationChoice(file: config, stateDirectory: stateDir).agent()
    }

    /// What the agent answers.
    ///
    /// - Throws: `NoAgent` when none runs.
    func ask(_ request: ControlRequest) throws -> JSONValue {
        let location = try location()
        // Asked to read its configuration, the agent says itself what is wrong with it.
        if request != .reload { location.complainOfMistakes() }
        guard let answer = try ControlClient.ask(request, directory: location.stateDirectory) else {
            throw NoAgent(location)
        }
        return answer
    }
}

/// Nobody is there to be asked.
struct NoAgent: DescribedError {
    let directory: String
    /// The consumers that the configuration has; nil where only the state directory is known.
    let configuredConsumers: Set<ConsumerName>?

    init(_ location: AgentLocation) {
        directory = location.stateDirectory
        configuredConsumers = location.configuration?.consumers
    }

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

import ArgumentParser
import Configuration

/// Where the configuration comes from; shared by the verbs.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Log files to follow without a configuration; '-' is standard input.", valueName: "file"))
    var log: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Where state is kept, whatever the configuration says.", valueName: "directory"))
    var stateDir: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Where to listen, whatever the configuration says.", valueName: "address:port"))
    var listen: String?

    /// What was given.
    var choice: ConfigurationChoice {
        ConfigurationChoice(file: config, logs: log, stateDirectory: stateDir, listen: listen)
    }

    /// As `ConfigurationChoice.load()`.
    func load() throws -> LoadedConfiguration { try choice.load() }
}

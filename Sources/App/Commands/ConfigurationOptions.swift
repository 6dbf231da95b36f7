import ArgumentParser
import Configuration

/// The configuration file, and what the command line says instead of it; shared by the verbs.
struct ConfigurationFileOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Where state is kept, whatever the configuration says.", valueName: "directory"))
    var stateDir: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Where to listen, whatever the configuration says.", valueName: "address:port"))
    var listen: String?

    /// What was given, with the logs that need no configuration.
    func choice(logs: [String]) -> ConfigurationChoice {
        ConfigurationChoice(file: config, logs: logs, stateDirectory: stateDir, listen: listen)
    }
}

/// Where the configuration comes from, for verbs without arguments: `--log` takes all that follow, as a shell expands `*.log`.
struct ConfigurationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationFileOptions

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Log files to follow without a configuration, as many as follow; '-' is standard input.",
            valueName: "file"))
    var log: [String] = []

    /// What was given.
    var choice: ConfigurationChoice { file.choice(logs: log) }

    /// As `ConfigurationChoice.load()`.
    func load() throws -> LoadedConfiguration { try choice.load() }
}

import ArgumentParser
import Configuration
import Extraction
import FileAccess
import PatternMatching

/// Where the configuration comes from; shared by the verbs.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Log files to follow without a configuration; '-' is standard input.", valueName: "file"))
    var log: [String] = []

    @Option(name: .long, help: ArgumentHelp("Where state is kept, when there is no configuration file.", valueName: "directory"))
    var stateDir: String?

    @Option(name: .long, help: ArgumentHelp("Where to listen, when there is no configuration file.", valueName: "address:port"))
    var listen: String?
}

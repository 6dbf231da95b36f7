import ArgumentParser
import Configuration

/// `outrider docs`.
struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Print the reference of the configuration.",
        subcommands: [Keys.self, Schema.self])

    func run() throws {
        throw UsageError("say what to print: `configuration` or `schema`")
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "configuration", abstract: "Every key of the configuration, in Markdown.")
        func run() { StandardStreams.write(Array(ConfigurationReference.markdown().utf8)) }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "A JSON Schema of the configuration, for editors.")
        func run() { StandardStreams.write(Array(ConfigurationReference.jsonSchema().utf8)) }
    }
}

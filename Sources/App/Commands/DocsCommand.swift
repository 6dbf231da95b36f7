import ArgumentParser
import Configuration

/// `outrider docs`.
struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Print the reference of the configuration, and the patterns that are shipped.",
        subcommands: [Keys.self, Schema.self, Patterns.self])

    func run() throws {
        throw UsageError("say what to print: `configuration`, `schema` or `patterns`")
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "configuration", abstract: "Every key of the configuration, in Markdown.")
        func run() { StandardStreams.write(Array(ConfigurationReference.markdown().utf8)) }
    }

    struct Patterns: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "patterns",
            abstract: "The libraries of patterns that `use` knows, or one of them as it is written."
        )

        @Argument(help: ArgumentHelp("The library to print.", valueName: "name"))
        var name: String?

        func run() throws {
            guard let name else {
                var table = TextTable([.left("library"), .left("what for")])
                for library in PatternLibrary.all { table.add([library.name, library.summary]) }
                return StandardStreams.write(Array((table.lines().joined(separator: "\n") + "\n").utf8))
            }
            guard let library = PatternLibrary.all.first(where: { $0.name == name }) else {
                throw UsageError(
                    "there is no library named \(name)",
                    hint: "the libraries are \(PatternLibrary.all.map(\.name).joined(separator: ", "))")
            }
            StandardStreams.write(Array(library.text.utf8))
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "A JSON Schema of the configuration, for editors.")
        func run() { StandardStreams.write(Array(ConfigurationReference.jsonSchema().utf8)) }
    }
}

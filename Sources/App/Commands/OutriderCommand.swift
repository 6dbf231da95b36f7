import Agent
public import ArgumentParser

/// The program: one type per verb.
public struct OutriderCommand: AsyncParsableCommand {
    /// Its name and verbs.
    public static let configuration = CommandConfiguration(
        commandName: "outrider", abstract: "Rides beside a service: turns its logs into exact metrics.",
        version: OutriderVersion.current,
        subcommands: [
            RunCommand.self, CheckCommand.self, TestCommand.self, ExplainCommand.self, QueryCommand.self,
            StatusCommand.self,
            ReloadCommand.self,
            ConsumersCommand.self, DocsCommand.self,
        ])

    /// For the parser.
    public init() {}
}

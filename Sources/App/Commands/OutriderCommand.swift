public import ArgumentParser

/// The program: one type per verb.
public struct OutriderCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "outrider", abstract: "Rides beside a service: turns its logs into exact metrics.",
        subcommands: [RunCommand.self])

    public init() {}
}

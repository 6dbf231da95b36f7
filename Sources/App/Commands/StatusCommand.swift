import Agent
import ArgumentParser

/// `outrider status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the running agent is: one screen of health.")

    @OptionGroup var agent: AgentOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let status = try agent.ask(.status)
        output.write(status, lines: StatusScreen(status: status).lines)
    }
}

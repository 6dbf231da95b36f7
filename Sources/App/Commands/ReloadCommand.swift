import Agent
import ArgumentParser
import JSONText

/// `outrider reload`.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Apply the configuration as it is now; a bad one changes nothing.")

    @OptionGroup var agent: AgentOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        do {
            let answer = try agent.ask(.reload)
            let changes = (answer["changes"]?.array ?? []).compactMap(\.string)
            output.write(answer, lines: ["configuration reloaded: \(answer.text("summary"))"] + changes)
        } catch let refusal as ControlRefusal {
            // The mistakes of the configuration. Not `printable`: each is two lines.
            for detail in refusal.details { StandardStreams.complain(raw: "\(detail)\n") }
            StandardStreams.complain(raw: Ending.twoLines(refusal))
            throw ExitCode(refusal.details.isEmpty ? Ending.failure : Ending.mistake)
        }
    }
}

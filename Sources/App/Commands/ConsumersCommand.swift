import Agent
import ArgumentParser
import JSONText
import Ledger
import LogModel

/// `outrider consumers`.
struct ConsumersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consumers", abstract: "Show, retire or move on what reads the logs.",
        subcommands: [List.self, Drop.self, Reset.self])

    func run() throws {
        throw UsageError(
            "say what to do with the consumers: `list`, `drop NAME` or `reset NAME`",
            hint: "`outrider consumers --help` says more")
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show where every consumer stands; without a running agent, where the last one left them.")
        @OptionGroup var agent: AgentOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            do {
                let consumers = try agent.ask(.consumers)
                output.write(consumers, lines: ConsumersTable(consumers.array ?? []).lines)
            } catch let nobody as NoAgent {
                let contents = try LeftLedger.contents(of: nobody.directory)
                let report = ConsumersReport(
                    streams: contents.streams, cursors: contents.consumers, configured: nobody.configuredConsumers)
                let lines = ConsumersTable(report.json.array ?? []).lines
                output.write(report.json, lines: lines + ["", LeftLedger.note])
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a consumer that is not configured any more, so that no file is kept for it.")
        @Argument(help: ArgumentHelp("The name of the consumer.", valueName: "NAME")) var name: String
        @OptionGroup var agent: AgentOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let answer = try agent.ask(.drop(ConsumerName(name)))
            output.write(answer, lines: ["dropped the consumer \(answer.text("dropped"))"])
        }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a consumer to the end of everything; what it had not read is accounted as skipped.")
        @Argument(help: ArgumentHelp("The name of the consumer.", valueName: "NAME")) var name: String
        @OptionGroup var agent: AgentOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let answer = try agent.ask(.reset(ConsumerName(name)))
            output.write(answer, lines: ["moved the consumer \(answer.text("reset")) to the end"])
        }
    }
}

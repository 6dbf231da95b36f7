import Agent
import ArgumentParser
import Configuration
import FileAccess
import FileTail
import JSONText
import Ledger
import LogModel

/// `outrider explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what the patterns make of lines, or what became of every byte of a file.",
        discussion: """
            Lines go the way that those of their source go: what patterns see, and what is shown, are the records that are made \
            of them. Of a pattern that does not match, but whose expression is there in part, it is said where the two part; \
            of one that asks for other fields, which.
            """)

    @OptionGroup var configurationFile: ConfigurationFileOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A log file that is followed without a configuration, as given to `run`; once for each.", valueName: "file")
    )
    var log: [String] = []

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("A line to try the patterns on.", valueName: "text"))
    var line: String?

    @Flag(help: "Try the patterns on the lines of FILE, instead of showing its account.")
    var lines = false

    @Option(
        help: ArgumentHelp(
            "The source that the lines are from; without it the one that reads FILE, or the only one.",
            valueName: "name"))
    var source: String?

    @Argument(help: ArgumentHelp("A log file, for its account; '-' tries the patterns on the lines of standard input."))
    var file: String?

    func run() throws {
        switch (line, file) {
        case (let line?, nil): try explainer(configuration()).explain(Array(line.utf8))
        case (nil, "-"): try explainer(configuration()).explainStandardInput()
        case (nil, let file?) where lines: try explainLines(of: file, configuration())
        case (nil, let file?): try explain(file)
        case (nil, nil):
            throw UsageError("say what to explain: a FILE, '-' for lines on standard input, or --line TEXT")
        case (_?, _?): throw UsageError("--line and a FILE cannot be given together")
        }
    }

    private func configuration() throws -> AgentConfiguration {
        try configurationFile.choice(logs: log).load().configuration
    }

    private func explainer(_ configuration: AgentConfiguration, path: String? = nil) throws -> LineExplainer {
        let choice = SourceChoice(configuration.sources)
        let name = try source.map(choice.named) ?? path.flatMap(choice.reading) ?? choice.only
        return LineExplainer(try RecordTrial(configuration, source: name), source: name, output: output)
    }

    private func explainLines(of file: String, _ configuration: AgentConfiguration) throws {
        let access = LinuxFileAccess()
        let path = try ConfigurationChoice.absolute(file, DiskConfigurationFiles(access))
        guard let log = try access.open(path) else { throw UsageError("there is no file \(path)") }
        try explainer(configuration, path: path).explain(log, path: file)
    }

    private func explain(_ file: String) throws {
        let location = try configurationFile.choice(logs: log).agent()
        location.complainOfMistakes()
        let access = LinuxFileAccess()
        let path = try ConfigurationChoice.absolute(file, DiskConfigurationFiles(access))
        let accounts = StreamAccounts(directory: location.stateDirectory)
        var report = try accounts.report(path)
        // The tailer knows files by the names under which it found them, so both are tried.
        if report.items("streams").isEmpty, let canonical = try access.canonicalPath(path), canonical != path {
            report = try accounts.report(canonical)
        }
        guard !report.items("streams").isEmpty else { throw UnknownFile(path, location.stateDirectory, report) }
        output.write(report, lines: StreamScreen(report: report).lines)
    }
}

/// Nothing is known of a file.
struct UnknownFile: DescribedError {
    var code: String { "file_unknown" }
    let message: String
    let hint: String?
    var healing: Healing { .byOperator }

    init(_ path: String, _ stateDirectory: String, _ report: JSONValue) {
        if let live = report.items("relatives").compactMap(\.string).first {
            message = "\(path) is named like a rotation of \(live), but its content is not known in \(stateDirectory)"
            hint =
                "it was never seen as a file of that stream, or so long ago that it was forgotten; `outrider explain \(live)` shows the stream"
        } else {
            message = "nothing is known of \(path) in \(stateDirectory)"
            hint =
                "a source must match it, and an agent must have looked at it; `outrider status` shows what keeps files from being read"
        }
    }
}

/// The accounts of streams: from the running agent, or, when none runs, from the ledger that it left.
private struct StreamAccounts {
    let directory: String

    func report(_ path: String) throws -> JSONValue {
        if let answer = try ControlClient.ask(.explain(path: path), directory: directory) { return answer }
        let contents = try LeftLedger.contents(of: directory)
        return StreamReport(
            streams: contents.streams, cursors: contents.consumers, losses: contents.losses, path: path,
            head: { FileHead(of: path, using: LinuxFileAccess()) }, from: .ledger
        ).json
    }
}

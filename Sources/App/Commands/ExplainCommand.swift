import Agent
import ArgumentParser
import Configuration
import Extraction
import FileAccess
import FileTail
import JSONText
import Ledger
import LogModel
import SeriesModel

/// `outrider explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what the patterns make of a line, or what became of every byte of a file.")

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

    @Option(help: ArgumentHelp("Try only the patterns for this source.", valueName: "name"))
    var source: String?

    @Argument(help: ArgumentHelp("A log file, for its account; '-' tries the patterns on the lines of standard input."))
    var file: String?

    func run() throws {
        let configuration = try configurationFile.choice(logs: log).load().configuration
        switch (line, file) {
        case (let line?, nil):
            try LineExplainer(configuration, source: source, output: output).explain(Array(line.utf8))
        case (nil, "-"): try LineExplainer(configuration, source: source, output: output).explainStandardInput()
        case (nil, let file?): try explain(file, configuration)
        case (nil, nil):
            throw UsageError("say what to explain: a FILE, '-' for lines on standard input, or --line TEXT")
        case (_?, _?): throw UsageError("--line and a FILE cannot be given together")
        }
    }

    private func explain(_ file: String, _ configuration: AgentConfiguration) throws {
        let access = LinuxFileAccess()
        let path = try ConfigurationChoice.absolute(file, DiskConfigurationFiles(access))
        let accounts = StreamAccounts(configuration)
        var report = try accounts.report(path)
        // The tailer knows files by the names under which it found them, so both are tried.
        if report.items("streams").isEmpty, let canonical = try access.canonicalPath(path), canonical != path {
            report = try accounts.report(canonical)
        }
        guard !report.items("streams").isEmpty else { throw UnknownFile(path, configuration.stateDirectory, report) }
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
    let configuration: AgentConfiguration
    init(_ configuration: AgentConfiguration) { self.configuration = configuration }

    func report(_ path: String) throws -> JSONValue {
        let directory = configuration.stateDirectory
        if let answer = try ControlClient.ask(.explain(path: path), directory: directory) { return answer }
        let contents = try LeftLedger.contents(of: directory)
        return StreamReport(
            streams: contents.streams, cursors: contents.consumers, losses: contents.losses, path: path,
            head: { FileHead(of: path, using: LinuxFileAccess()) }, from: .ledger
        ).json
    }
}

/// Tries the patterns on lines.
private struct LineExplainer {
    private let extractor: Extractor
    private let source: Int?
    private let output: OutputOptions
    private static let blockSize = 64 << 10

    init(_ configuration: AgentConfiguration, source: String?, output: OutputOptions) throws {
        let names = configuration.sources.map(\.name)
        extractor = try Extractor(
            patterns: configuration.patterns, sources: names, fields: configuration.fields,
            labelLength: configuration.limits.labelLength)
        self.output = output
        self.source = try source.map { name in
            guard let index = names.firstIndex(of: SourceName(name)) else {
                throw UsageError(
                    "there is no source named \(name)",
                    hint: "the sources are \(names.map(\.rawValue).joined(separator: ", "))")
            }
            return index
        }
    }

    func explain(_ line: [UInt8]) {
        let screen = LineScreen(line: line, explanations: extractor.explain(line, source: source))
        output.write(screen.json, lines: screen.lines)
    }

    /// Each line as soon as it is whole; with JSON, one document a line.
    func explainStandardInput() throws {
        var rest: [UInt8] = []
        while true {
            let block = try ProcessStream.input.read(atMost: Self.blockSize)
            if block.isEmpty { break }
            rest += block
            var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = lines.popLast().map(Array.init) ?? []
            for line in lines { write(line) }
        }
        if !rest.isEmpty { write(rest[...]) }
    }

    private func write(_ line: ArraySlice<UInt8>) {
        let bytes = Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        let screen = LineScreen(line: bytes, explanations: extractor.explain(bytes, source: source))
        let lines = output.json ? [screen.json.compactText] : screen.lines
        StandardStreams.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}

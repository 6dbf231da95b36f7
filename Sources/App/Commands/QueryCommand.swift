import Agent
import ArgumentParser
import Configuration
import FileAccess
import HTTPInterface
import JSONText
import LogModel
import PromQL
import QueryInterface
import QueryModel

/// `outrider query`.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Evaluate PromQL over the running agent's history, or over a dump.",
        discussion: """
            Without --range the values at one time, as a table; with it a chart. Where nobody looks (a pipe), plain lines.

            With --data the samples come from files in OpenMetrics or Prometheus's text format with timestamps, and the time is \
            that of the newest sample; with --serve they can be queried over HTTP as from a Prometheus.

            Exits with 0 when there is an answer, 1 when the expression cannot be evaluated, 2 when it is none.
            """)

    @Argument(help: ArgumentHelp("The expression.", valueName: "expr"))
    var expression: String?

    // A time may be negative, and then looks like an option.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("When: RFC 3339 or Unix time; with --range the end. Now, unless given.", valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("Show how the values were over so long, such as 1h.", valueName: "duration"))
    var range: String?

    @Option(help: ArgumentHelp("The distance of values with --range.", valueName: "duration"))
    var step: String?

    @Option(
        help: ArgumentHelp(
            "Evaluate over the samples in this file (- is standard input; may be .gz; may be repeated).",
            valueName: "file"))
    var data: [String] = []

    @Option(
        help: ArgumentHelp("Serve the samples of --data as a Prometheus would, at this address.", valueName: "address"))
    var serve: String?

    @OptionGroup var agent: AgentOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if serve != nil, data.isEmpty {
            throw UsageError(
                "--serve needs --data", hint: "the running agent serves its own history; see `outrider status`")
        }
        if expression == nil, serve == nil {
            throw UsageError("what shall be evaluated?", hint: "outrider query 'rate(http_requests_total[5m])'")
        }
        if let expression {
            do throws(ParseError) { _ = try Query(expression) } catch { throw ExpressionMistake(error, in: expression) }
        }
        let dump = try data.isEmpty ? nil : readDump()
        if let dump, let serve { return try await DumpServer.run(dump, at: serve, isQuiet: output.json) }
        guard let expression else { return }
        let source: any QuerySource = dump.map { LocalQueries(api: $0.api) } ?? AgentQueries(agent: agent)
        try await evaluate(expression, source, now: dump?.newest ?? LinuxTime().wallNow().seconds)
    }

    private func readDump() throws -> SampleDump {
        var builder = SampleDumpBuilder()
        for file in data { try builder.add(try DumpFile.read(file), name: file == "-" ? "standard input" : file) }
        let dump = builder.dump()
        if dump.duplicateCount > 0 {
            StandardStreams.complain(
                "\(counted(dump.duplicateCount, "sample")) left out: the series has another value at that time")
        }
        return dump
    }

    private func evaluate(_ expression: String, _ source: any QuerySource, now: Double) async throws {
        let end = try time.map { try Self.instant($0) } ?? now
        guard let range else {
            if step != nil { throw UsageError("--step needs --range", hint: "--range 1h --step 30s") }
            let document = try await source.document(
                "query", [("query", expression), ("time", QueryTimes.text(end))])
            return try show(document) { InstantScreen(outcome: $0, time: end, style: .output).lines }
        }
        let terminal = ProcessStream.output.isTerminal ? ProcessStream.output.terminalSize : nil
        let length = try QueryTimes.seconds(range, option: "range")
        let columns = terminal?.columns ?? 80
        let step =
            try step.map { try QueryTimes.seconds($0, option: "step") }
            ?? QueryTimes.step(range: length, columns: columns * 2)
        let document = try await source.document(
            "query_range",
            [
                ("query", expression), ("start", QueryTimes.text(end - length)), ("end", QueryTimes.text(end)),
                ("step", QueryTimes.text(step)),
            ])
        let frame = ChartFrame(start: end - length, end: end, step: step, columns: columns)
        try show(document) { outcome in
            terminal == nil
                ? RangeLines(outcome: outcome).lines
                : ChartScreen(expression: expression, outcome: outcome, frame: frame, style: .output).lines
        }
    }

    static func instant(_ text: String) throws -> Double {
        guard let milliseconds = QueryAPI.time(text) else {
            throw UsageError(
                "`--time \(text)` is no time", hint: "write one such as 2026-01-02T03:04:05Z or 1767323045")
        }
        return Double(milliseconds) / 1000
    }

    private func show(_ document: JSONValue, _ lines: (QueryOutcome) -> [String]) throws {
        let outcome: QueryOutcome
        do { outcome = try QueryOutcome(document) } catch {
            if output.json { output.write(document, lines: []) }
            throw error
        }
        for warning in outcome.warnings { StandardStreams.complain(warning) }
        for info in outcome.infos { StandardStreams.complain(info) }
        if output.json { return output.write(document, lines: []) }
        if outcome.series.isEmpty { return StandardStreams.complain("no series has a value there") }
        output.write(document, lines: lines(outcome))
    }
}

extension SampleDump {
    /// The time of the newest sample, in seconds.
    var newest: Double? { times.map { Double($0.upperBound) / 1000 } }

    /// The query API over the samples.
    var api: QueryAPI {
        let newest = times?.upperBound ?? 0
        var backend = QueryBackend(version: OutriderVersion.current, now: { newest }, view: { [view] in view })
        backend.metadata = { [metadata] in metadata }
        backend.exemplars = { [exemplars] matching, start, end in
            exemplars.compactMap { series in
                guard series.labels.fulfils(oneOf: matching) else { return nil }
                let inside = series.exemplars.filter { (start...end).contains($0.timestamp) }
                return inside.isEmpty ? nil : SeriesExemplars(labels: series.labels, exemplars: inside)
            }
        }
        let started = LinuxTime().wallNow().milliseconds
        backend.runtime = {
            var facts = RuntimeFacts()
            facts.startTime = started
            facts.lastReloadTime = started
            return facts
        }
        backend.storage = { [times] in
            var facts = StorageFacts()
            facts.minimumTime = times?.lowerBound ?? 0
            facts.maximumTime = times?.upperBound ?? 0
            return facts
        }
        var settings = QuerySettings()
        // Nobody else's memory is at stake.
        settings.maximumSamples = 50_000_000
        settings.maximumAnswerSize = 1 << 30
        return QueryAPI(backend, settings: settings)
    }
}

/// Serves a dump until somebody ends it.
private enum DumpServer {
    static func run(_ dump: SampleDump, at address: String, isQuiet: Bool) async throws {
        var settings = HTTPSettings()
        try settings.listen(at: address, option: "--serve")
        guard LocalAddress.isLoopback(settings.host) else {
            throw UsageError(
                "the query API is served on loopback only, because there is no authentication",
                hint:
                    "--serve 127.0.0.1:\(settings.port), and ssh -L \(settings.port):127.0.0.1:\(settings.port) to come from elsewhere"
            )
        }
        try await QueryServer.run(dump.api, settings: settings, logger: LoggingOptions.warnings) { port in
            var settings = settings
            settings.port = port
            let address = settings.address
            StandardStreams.complain(raw: "\(summary(dump))\nserving http://\(address)/api/v1/ (Ctrl-C ends it)\n")
        }
    }

    private static func summary(_ dump: SampleDump) -> String {
        let size =
            "\(Quantities.count(UInt64(dump.sampleCount))) samples of \(Quantities.count(UInt64(dump.seriesCount))) series"
        guard let times = dump.times else { return size }
        let (start, end) = (Double(times.lowerBound) / 1000, Double(times.upperBound) / 1000)
        return "\(size), from \(QueryTimes.shown(start)) through \(QueryTimes.shown(end))"
    }
}

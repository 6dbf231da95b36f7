import Foundation
import Glibc

/// The agent under test: a configuration, a port that stays the same across restarts, and the process of the moment.
final class Agent {
    let fixture: Fixture
    let port = LoopbackHTTP.freePort()
    private(set) var process: ChildProcess?

    init(_ fixture: Fixture) { self.fixture = fixture }

    var configurationPath: String { fixture.path("outrider.yml") }

    /// The pattern that counts numbered lines; `extra` is appended to the file as it is, and `http` to
    /// the keys of the server.
    func configure(
        file: String = "app.log", source: String = "app", pattern: String = "seq=(?<seq>\\d+) value=(?<value>\\S+)",
        extra: String = "", http: String? = nil
    ) throws {
        try fixture.write(
            """
            target: {job: bot}
            state_dir: \(fixture.path("state"))
            http: {metrics: {listen: "127.0.0.1:\(port)"\(http.map { ", \($0)" } ?? "")}}
            sources: [{name: \(source), files: ["\(fixture.path(file))"], start_at: beginning}]
            patterns:
              - name: seq
                match: '\(pattern)'
                metrics:
                  - {counter: lines_seen_total}
                  - {counter: value_sum_total, value: $value}
                  - {gauge: last_seq, value: $seq}
            \(extra)

            """, to: "outrider.yml")
    }

    /// Numbered lines as JSON in Docker's envelope, with everything that may be made of them.
    func configureForContainers() throws {
        try fixture.write(
            """
            state_dir: \(fixture.path("state"))
            http: {metrics: {listen: "127.0.0.1:\(port)"}}
            sources:
              - name: app
                files: ["\(fixture.path("app.log"))"]
                start_at: beginning
                format: docker
                multiline: {first_line: '^\\{|^Traceback'}
            patterns:
              - name: seq
                has: [seq]
                metrics:
                  - {counter: value_sum_total, value: .value}
                  - {gauge: last_seq, operation: max, value: .seq}
                  - {histogram: value_size, value: .value, buckets: [100, 500, 900]}
                  - {counter: levels_total, labels: {level: .level, msg: .msg}}
              - {name: errors, where: {level: error}, metrics: [{counter: errors_total}], heartbeat: service}
              - name: traceback
                match: '(?s)^Traceback (?<n>\\d+)\\n.*ValueError: seq=\\d+ value=(?<value>\\d+)$'
                metrics: [{counter: value_sum_total, value: $value}, {counter: tracebacks_total}]

            """, to: "outrider.yml")
    }

    /// A `record` consumer beside the metrics, which writes the lines that it got to lines.txt.
    func configureWithRecord(file: String = "app.log") throws {
        try configure(file: file, extra: "records: [{name: lines, to: \(fixture.path("lines.txt"))}]")
    }

    /// Starts it; `launcher` is a program with arguments that becomes the agent by executing it, such as `nsenter …`, and
    /// `environment` is added to that of the tests.
    func start(through launcher: [String] = [], environment: [String: String] = [:]) throws {
        let command = launcher + [Fixture.binary.path, "run", "--config", configurationPath]
        process = try fixture.start(
            URL(fileURLWithPath: command[0]), Array(command.dropFirst()), environment: environment)
    }

    func startAndWait(through launcher: [String] = [], environment: [String: String] = [:]) async throws {
        try start(through: launcher, environment: environment)
        try await ready()
    }

    func ready() async throws {
        try await until("the agent is ready", seeing: { process?.error ?? "" }) {
            if let process, !process.isRunning { throw AgentEnded(message: process.error) }
            return LoopbackHTTP.get("/-/ready", port: port)?.status == 200
        }
    }

    func kill() async throws {
        try await process?.stop(with: SIGKILL)
    }

    @discardableResult
    func terminate() async throws -> Ending? {
        try await process?.stop(with: SIGTERM)
    }

    /// The page as it is now; nil when nobody answers.
    func page() -> MetricsPage? {
        guard let answer = LoopbackHTTP.get("/metrics", port: port), answer.status == 200 else { return nil }
        return MetricsPage(answer.body)
    }

    /// The first page on which `name` has reached `value`.
    func page(where name: String, _ labels: [String: String] = [:], reaches value: Double) async throws -> MetricsPage {
        var last: MetricsPage?
        return try await until(
            "\(name) reaches \(value)", seeing: { "\(last?.value(name, labels) as Any)\n\(self.process?.error ?? "")" }
        ) {
            last = page() ?? last
            return (last?.value(name, labels)).flatMap { $0 >= value ? last : nil }
        }
    }
}

/// The agent ended although it was to run; `message` is what it said.
struct AgentEnded: Error, CustomStringConvertible {
    let message: String
    var description: String { "the agent ended by itself: \(message)" }
}

import Configuration
import Consumption
import Extraction
import FileAccess
import FileTail
import HTTPInterface
import HistorySampling
import JSONText
import Ledger
import LogModel
import Logging
import SeriesModel
import TestSupport
import Testing

@testable import Agent

/// A whole agent on a real disk, asked as an operator asks.
@Suite
struct RuntimeControlTests {
    @Test
    func theAgentAnswersWhatItKnows() async throws {
        let directory = try TemporaryDirectory()
        let log = directory("app.log")
        try FileWriter().replace(log, with: Array("one\ntwo\n".utf8))
        let configuration = AgentConfiguration(
            ledger: LedgerSettings(directory: directory("state")),
            sources: [FileSourceSettings(name: SourceName("app"), include: [log], startAt: .beginning)])
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let runtime = try AgentRuntime(
            LoadedConfiguration(configuration), load: { throw ControlRefusal(code: "bad", message: "bad file") },
            logger: silent)

        // A snapshot of the last tenth of a second is fresh enough, and the first one is from before anything was read.
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
        while try answer(await runtime.answer(.consumers)).array?.first?["lines"] != 2 {
            try #require(LinuxTime().monotonicNow() < deadline, "the lines are not read")
            try await Task.sleep(for: .milliseconds(20))
        }
        let status = try answer(await runtime.answer(.status))
        #expect(status["state"] == "running")
        #expect(status["ledger"]?["durable"] == true)
        #expect(status["streams"] == 1)
        let consumers = try answer(await runtime.answer(.consumers))
        #expect(consumers.array?.count == 1)
        #expect(consumers.array?.first?["lines"] == 2)
        #expect(consumers.array?.first?["configured"] == true)

        let explained = try answer(await runtime.answer(.explain(path: log)))
        let cursor = try #require(explained["streams"]?.array?.first?["consumers"]?.array?.first)
        #expect(cursor["consumed"] == 8)
        #expect(cursor["pending"] == 0)
        #expect(cursor["balanced"] == true)
        #expect(try answer(await runtime.answer(.explain(path: "/nowhere")))["streams"] == [])

        let query = ControlRequest.query(target: "/api/v1/query?query=1%2B1&time=3")
        #expect(try answer(await runtime.answer(query))["data"] == ["resultType": "scalar", "result": [3, "2"]])
        let facts = try answer(await runtime.answer(.query(target: "/api/v1/status/runtimeinfo")))["data"]
        #expect(facts?["storageRetention"] == "6h")
        let described = try answer(await runtime.answer(.query(target: "/api/v1/metadata?metric=outrider_build_info")))
        #expect(described["data"]?["outrider_build_info"]?.array?.first?["type"] == "gauge")
        #expect(
            try answer(await runtime.answer(.query(target: "/api/v1/query_exemplars?query=1"))) == ["status": "success"]
        )
        #expect(try answer(await runtime.answer(.query(target: "/x")))["errorType"] == "not_found")
        #expect(runtime.routes.contains { $0.path == "/api/v1/query" })

        #expect(try refusal(await runtime.answer(.drop(.metrics))).code == "consumer_configured")
        #expect(try refusal(await runtime.answer(.drop(ConsumerName("nobody")))).message.contains("nobody"))
        #expect(try refusal(await runtime.answer(.reset(ConsumerName("nobody")))).code == "consumer_unknown")
        #expect(try answer(await runtime.answer(.reset(.metrics))) == ["reset": "metrics"])
        #expect(try refusal(await runtime.answer(.reload)).message == "bad file")
        #expect(try answer(await runtime.answer(.status))["reloads"]?["failed"] == 1)
        await runtime.stop()
    }

    @Test
    func withoutAHistoryThereIsNothingToQuery() async throws {
        let directory = try TemporaryDirectory()
        var configuration = AgentConfiguration(ledger: LedgerSettings(directory: directory("state")), sources: [])
        configuration.history.isEnabled = false
        let settings = configuration
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let runtime = try AgentRuntime(
            LoadedConfiguration(settings), load: { LoadedConfiguration(settings) }, logger: silent)
        let query = ControlRequest.query(target: "/api/v1/query?query=1%2B1&time=3")
        #expect(try refusal(await runtime.answer(query)).code == "history_off")
        #expect(!runtime.routes.contains { $0.path == "/api/v1/query" })
        await runtime.stop()
    }

    @Test
    func aConsumerThatIsNotConfiguredAnyMoreIsNotMovedButDropped() async throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("app.log"), with: Array("one\n".utf8))
        var configuration = AgentConfiguration(
            ledger: LedgerSettings(directory: directory("state")),
            sources: [FileSourceSettings(name: SourceName("app"), include: [directory("app.log")])])
        let former = RecordSettings(name: ConsumerName("copy"), path: directory("copy.txt"), sources: [])
        configuration.records = [former]
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        func start(_ configuration: AgentConfiguration) throws -> AgentRuntime {
            try AgentRuntime(
                LoadedConfiguration(configuration), load: { LoadedConfiguration(configuration) }, logger: silent)
        }
        let before = try start(configuration)
        #expect(await before.stop())
        configuration.records = []
        let runtime = try start(configuration)
        _ = await runtime.freshSnapshot()

        let refusal = try refusal(await runtime.answer(.reset(former.name)))
        #expect(
            refusal.message
                == "the consumer copy is not configured any more, so it cannot be moved: nothing reads for it")
        #expect(refusal.hint?.contains("`outrider consumers drop copy`") == true)
        #expect(try answer(await runtime.answer(.drop(former.name))) == ["dropped": "copy"])
        await runtime.stop()
    }

    /// What a reload cannot change, by the name that the refusal has for it.
    private static let fixedSettings: [(name: String, change: @Sendable (inout AgentConfiguration) -> Void)] = [
        ("history", { $0.history.resolution = .seconds(2) }),
        ("history", { $0.history.retention = .seconds(600) }),
        ("history", { $0.history.isEnabled = false }),
        ("http.metrics", { $0.metricsServer.port = 1 }),
        ("state_dir and ledger", { $0.ledger.onCorrupt = .refuse }),
    ]

    @Test(arguments: fixedSettings.indices)
    func aReloadThatNeedsARestartIsRefusedAndChangesNothing(index: Int) async throws {
        let (name, change) = Self.fixedSettings[index]
        let directory = try TemporaryDirectory()
        let configuration = AgentConfiguration(ledger: LedgerSettings(directory: directory("state")), sources: [])
        var next = configuration
        change(&next)
        next.target = [TargetLabel(name: "job", value: "other")]
        let changed = next
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let runtime = try AgentRuntime(
            LoadedConfiguration(configuration), load: { LoadedConfiguration(changed) }, logger: silent)
        let refusal = try refusal(await runtime.answer(.reload))
        #expect(refusal.message == "\(name) cannot change while the agent runs; nothing was changed")
        #expect(refusal.hint == "restart the agent")
        #expect(runtime.configuration.history == configuration.history)
        #expect(runtime.configuration.target.isEmpty)
        #expect(try answer(await runtime.answer(.status))["reloads"]?["last_was_good"] == false)
        await runtime.stop()
    }

    @Test
    func aStartSaysWhichMetricsAreNotContinued() async throws {
        let directory = try TemporaryDirectory()
        func said(with buckets: [Double]) async throws -> [LogRecorder.Record] {
            var configuration = AgentConfiguration(ledger: LedgerSettings(directory: directory("state")), sources: [])
            configuration.patterns = [
                PatternSettings(
                    name: "took", match: "x",
                    metrics: [
                        PatternMetricSettings(
                            kind: .histogram, name: "took_seconds", help: "", operation: .observe,
                            value: .constant("1"), buckets: buckets)
                    ])
            ]
            let settings = configuration
            let recorder = LogRecorder()
            let runtime = try AgentRuntime(
                LoadedConfiguration(settings), load: { LoadedConfiguration(settings) }, logger: recorder.logger)
            _ = await runtime.freshSnapshot()
            #expect(await runtime.stop())
            return recorder.records.filter { $0.message.contains("another metric") }
        }
        #expect(try await said(with: [1, 2]) == [])
        #expect(try await said(with: [1, 2]) == [])
        let warning = "took_seconds is another metric now, without the values it had: its buckets have changed"
        #expect(try await said(with: [1, 3]) == [LogRecorder.Record(level: .warning, message: warning)])
        #expect(try await said(with: [1, 3]) == [])
    }

    private func answer(_ answer: ControlAnswer) throws -> JSONValue {
        guard case .answer(let value) = answer else { throw Unexpected(answer: answer) }
        return value
    }

    private func refusal(_ answer: ControlAnswer) throws -> ControlRefusal {
        guard case .refusal(let refusal) = answer else { throw Unexpected(answer: answer) }
        return refusal
    }

    private struct Unexpected: Error { var answer: ControlAnswer }
}

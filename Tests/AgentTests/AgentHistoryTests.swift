import Configuration
import FileAccess
import FileTail
import Glibc
import HistorySampling
import JSONText
import Ledger
import LogModel
import Logging
import QueryModel
import SeriesStore
import TestSupport
import Testing

@testable import Agent

/// The history of a whole agent on a real disk.
@Suite
struct AgentHistoryTests {
    private func runtime(
        _ directory: TemporaryDirectory,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws -> AgentRuntime {
        let configuration = AgentConfiguration(
            target: [TargetLabel(name: "job", value: "bot")], ledger: LedgerSettings(directory: directory("state")),
            history: HistorySettings(resolution: .seconds(1)),
            sources: [FileSourceSettings(name: SourceName("app"), include: [directory("app.log")])])
        return try AgentRuntime(
            LoadedConfiguration(configuration), load: { throw ControlRefusal(code: "bad", message: "bad file") },
            logger: logger)
    }

    /// The samples of a series, once there are as many.
    private func samples(_ reader: HistoryReader, _ name: ByteString, count: Int) async throws -> SelectedSeries {
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
        while true {
            let found = reader.view().select([LabelMatcher("__name__", equals: name)], from: 0, through: .max)
            if found.count == 1, found[0].timestamps.count >= count { return found[0] }
            try #require(LinuxTime().monotonicNow() < deadline, "\(name): \(found)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until the agent says so: samples can be seen a moment earlier.
    private func historyIsGood(_ runtime: AgentRuntime) async throws {
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
        while let history = runtime.health.report.first(where: { $0.component == "history" }), history.state != .good {
            try #require(LinuxTime().monotonicNow() < deadline, "\(history)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func samplesOfThePageAndOfRulesOutliveTheAgent() async throws {
        let directory = try TemporaryDirectory()
        let first = try runtime(directory)
        let reader = try #require(first.history)
        let up = try await samples(reader, "up", count: 2)
        #expect(up.labels == ["__name__": "up", "job": "bot"])
        #expect(up.values == up.values.map { _ in 1 })
        #expect(up.timestamps.allSatisfy { $0 % 1000 == 0 })
        let rule: LabelSet = ["__name__": "job:rate"]
        let now = up.timestamps[0]
        #expect(first.appendToHistory([(rule, 0.5)], at: now) == [.appended])
        #expect(first.appendToHistory([(rule, 0.5), (rule, 0.25)], at: now) == [.repeated, .duplicate])
        #expect(first.appendToHistory([(rule, 0.5)], at: now - 1) == [.outOfOrder])
        _ = await first.stop()

        let second = try runtime(directory)
        let again = try #require(second.history)
        let restored = try await samples(again, "up", count: up.timestamps.count + 1)
        #expect(Array(restored.timestamps.prefix(up.timestamps.count)) == up.timestamps)
        // Nobody else says when the series of a rule ends.
        let computed = try await samples(again, "job:rate", count: 1)
        #expect(computed.timestamps == [now] && computed.values == [0.5])
        let status = second.historyStatus
        #expect(status["durable"] == true)
        #expect(status["resolution_seconds"]?.double == 1)
        try await historyIsGood(second)
        _ = await second.stop()
    }

    @Test func aFileThatCannotBeOpenedIsSaidOnce() async throws {
        let directory = try TemporaryDirectory()
        for name in ["state", "state/history.db"] { try #require(mkdir(directory(name), 0o700) == 0) }
        let recorder = LogRecorder()
        let agent = try runtime(directory, logger: recorder.logger)
        // The first attempt to write fails for the same reason.
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(300))
        while agent.historyCounts?.disk?.failures ?? 0 == 0 {
            try #require(LinuxTime().monotonicNow() < deadline, "\(recorder.records)")
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(agent.historyStatus["durable"] == false)
        _ = await agent.stop()
        let said = recorder.records.filter { $0.message.hasPrefix("the history cannot be written") }
        #expect(said.map(\.level) == [.error])
    }
}

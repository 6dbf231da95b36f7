import Configuration
import FileAccess
import FileTail
import JSONText
import Ledger
import LogModel
import Logging
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
        let deadline = LinuxTime().monotonicNow().advanced(by: .seconds(60))
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

        #expect(try refusal(await runtime.answer(.drop(.metrics))).code == "consumer_configured")
        #expect(try refusal(await runtime.answer(.drop(ConsumerName("nobody")))).message.contains("nobody"))
        #expect(try refusal(await runtime.answer(.reset(ConsumerName("nobody")))).code == "consumer_unknown")
        #expect(try answer(await runtime.answer(.reset(.metrics))) == ["reset": "metrics"])
        #expect(try refusal(await runtime.answer(.reload)).message == "bad file")
        #expect(try answer(await runtime.answer(.status))["reloads"]?["failed"] == 1)
        await runtime.stop()
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

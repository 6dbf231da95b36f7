import Foundation
import Testing

extension EndToEnd {
    /// The samples of the last hours, and what becomes of them when the agent or its disk fails.
    @Suite
    struct HistoryTests {
        @Test
        func theHistorySurvivesKills() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(extra: "history: {resolution: 1s, retention: 1h}")
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait()
                let first = try await ticks(agent, after: 0, count: 3)
                let oldest = try #require(first.value("outrider_history_oldest_sample_timestamp_seconds"))
                var samples = try #require(first.value("outrider_history_samples"))
                for _ in 0..<3 {
                    let last = try #require(agent.page()?.value("outrider_history_last_tick_timestamp_seconds"))
                    try await agent.kill()
                    try await agent.startAndWait()
                    let page = try await ticks(agent, after: last, count: 1)
                    #expect(page.value("outrider_history_oldest_sample_timestamp_seconds") == oldest)
                    let now = try #require(page.value("outrider_history_samples"))
                    #expect(now > samples)
                    samples = now
                    #expect(page.value("outrider_history_durable") == 1)
                }
                #expect(agent.process?.error.contains("history restored") == true, "\(agent.process?.error ?? "")")
                let status = try fixture.outrider(["status", "--config", agent.configurationPath])
                #expect(try await status.ended() == .exit(0))
                #expect(status.output.contains("  history "), "\(status.output)")
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func aDamagedHistoryIsPutAsideAndTheLedgerStays() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(extra: "history: {resolution: 1s, retention: 1h}")
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait()
                _ = try await ticks(agent, after: 0, count: 1)
                #expect(try await agent.terminate() == .exit(0))
                let history = fixture.url("state/history.db")
                var bytes = try Data(contentsOf: history)
                for place in stride(from: 4096, to: bytes.count, by: 5) { bytes[place] ^= 0xA5 }
                try bytes.write(to: history)
                try await agent.startAndWait()
                let page = try await ticks(agent, after: 0, count: 1)
                #expect(page.value("lines_seen_total") == 2)
                let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path("state"))
                #expect(names.contains { $0.hasPrefix("history.db.corrupt-") }, "\(names)")
                #expect(!names.contains { $0.hasPrefix("ledger.db.corrupt-") }, "\(names)")
                #expect(agent.process?.error.contains("the history begins anew") == true)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func withoutAHistoryThereIsNoFile() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(extra: "history: {enabled: false}")
                try fixture.write(numberedLines([1]), to: "app.log")
                let once = try fixture.outrider(["run", "--once", "--config", agent.configurationPath])
                #expect(try await once.ended() == .exit(0))
                #expect(!FileManager.default.fileExists(atPath: fixture.path("state")))
                try await agent.startAndWait()
                let page = try await agent.page(where: "lines_seen_total", reaches: 1)
                #expect(page.samples("outrider_history_series").isEmpty)
                #expect(try await agent.terminate() == .exit(0))
                #expect(!FileManager.default.fileExists(atPath: fixture.path("state/history.db")))
            }
        }

        @Test(.enabled(if: Component.mountNamespace.isInstalled, "\(Component.mountNamespace.advice)"))
        func aFullDiskIsSaidAndTheHistoryGoesOn() async throws {
            try await Fixture.with { fixture in
                let disk = try await SmallDisk(fixture, at: "state")
                let agent = Agent(fixture)
                try agent.configure(extra: "history: {resolution: 1s, retention: 1h}")
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait(through: disk.launcher)
                _ = try await ticks(agent, after: 0, count: 1)
                try disk.fill()
                let health = ["component": "history"]
                try await until("the history is not healthy", seeing: { agent.process?.error ?? "" }) {
                    agent.page()?.value("outrider_component_healthy", health) == 0
                }
                let last = try #require(agent.page()?.value("outrider_history_last_tick_timestamp_seconds"))
                let page = try await ticks(agent, after: last, count: 2)
                #expect(page.value("outrider_history_durable") == 0)
                try disk.free()
                _ = try await agent.page(where: "outrider_component_healthy", health, reaches: 1)
                let samples = try #require(agent.page()?.value("outrider_history_samples"))
                let process = try #require(agent.process)
                #expect(process.error.components(separatedBy: "the history cannot be written").count == 2)
                #expect(process.error.contains("the history is written again"))
                try await agent.kill()
                try await agent.startAndWait(through: disk.launcher)
                let again = try await ticks(agent, after: last, count: 1)
                #expect(try #require(again.value("outrider_history_samples")) >= samples)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test(.enabled(if: Component.compiler.isInstalled, "\(Component.compiler.advice)"))
        func aClockThatIsSetBackIsWaitedFor() async throws {
            try await Fixture.with { fixture in
                let clock = try await FalseClock(fixture)
                let agent = Agent(fixture)
                try agent.configure(extra: "history: {resolution: 1s, retention: 1h}")
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait(environment: clock.environment)
                let before = try await ticks(agent, after: 0, count: 2)
                let samples = try #require(before.value("outrider_history_samples"))
                let last = try #require(before.value("outrider_history_last_tick_timestamp_seconds"))
                try clock.jump(to: -7200)
                let health = ["component": "history"]
                try await until("the history is not healthy", seeing: { agent.process?.error ?? "" }) {
                    agent.page()?.value("outrider_component_healthy", health) == 0
                }
                try clock.jump(to: 0)
                let after = try await ticks(agent, after: last, count: 1)
                #expect(after.value("outrider_component_healthy", health) == 1)
                #expect(try #require(after.value("outrider_history_samples")) > samples)
                let oldest = "outrider_history_oldest_sample_timestamp_seconds"
                #expect(after.value(oldest) == before.value(oldest))
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        /// A page after `count` more looks than one at `last`.
        private func ticks(_ agent: Agent, after last: Double, count: Double) async throws -> MetricsPage {
            let first = try await agent.page(
                where: "outrider_history_last_tick_timestamp_seconds", reaches: last + 1
            ).value("outrider_history_last_tick_timestamp_seconds")
            let start = try #require(first)
            return try await agent.page(
                where: "outrider_history_last_tick_timestamp_seconds", reaches: start + count - 1)
        }
    }
}

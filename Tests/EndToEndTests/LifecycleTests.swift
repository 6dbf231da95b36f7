import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Start, stop, reload and one-shot runs.
    @Suite
    struct LifecycleTests {
        @Test
        func aHeartbeatKeepsItsAgeAcrossAKill() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure(
                    extra: """
                          - {name: beat, match: HEARTBEAT, heartbeat: bot, every: 5m}
                          - {name: never, match: NEVER, heartbeat: other}
                        """)
                try fixture.append("HEARTBEAT\nseq=1 value=1\n", to: "app.log")
                try await agent.startAndWait()
                let before = try await agent.page(where: "outrider_heartbeats_total", ["heartbeat": "bot"], reaches: 1)
                let read = try #require(before.value("outrider_heartbeat_last_timestamp_seconds", ["heartbeat": "bot"]))
                #expect(before.value("outrider_heartbeat_interval_seconds", ["heartbeat": "bot"]) == 300)
                #expect(before.value("outrider_heartbeat_last_timestamp_seconds", ["heartbeat": "other"]) == nil)
                let unseen = try #require(before.value("outrider_heartbeat_age_seconds", ["heartbeat": "other"]))

                try await agent.kill()
                try await agent.startAndWait()
                let after = try await agent.page(where: "outrider_heartbeats_total", ["heartbeat": "bot"], reaches: 1)
                let now = Date().timeIntervalSince1970
                #expect(after.value("outrider_heartbeat_last_timestamp_seconds", ["heartbeat": "bot"]) == read)
                let age = try #require(after.value("outrider_heartbeat_age_seconds", ["heartbeat": "bot"]))
                #expect(age > 0 && age <= now - read)
                #expect(try #require(after.value("outrider_heartbeat_age_seconds", ["heartbeat": "other"])) > unseen)
            }
        }

        @Test
        func terminationCommitsAndTheNextStartGoesOn() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try fixture.write(numberedLines([1, 2, 3]), to: "app.log")
                try await agent.startAndWait()
                let before = try await agent.page(where: "lines_seen_total", reaches: 3)
                #expect(try await agent.terminate() == .exit(0))
                try await agent.startAndWait()
                let after = try #require(agent.page())
                #expect(after.value("lines_seen_total") == before.value("lines_seen_total"))
                #expect(after.value("value_sum_total") == 6)
                #expect(after.value("last_seq") == 3)
                try fixture.append(numberedLines([4], from: 4), to: "app.log")
                let more = try await agent.page(where: "lines_seen_total", reaches: 4)
                #expect(more.value("value_sum_total") == 10)
                #expect(try await agent.terminate() == .exit(0))
                #expect(try fixture.text("lines.txt").hasSuffix(numberedLines([1, 2, 3, 4])))
            }
        }

        @Test
        func linesThatAreThereAtTerminationAreCountedOnceInAll() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try await agent.startAndWait()
                try fixture.append(numberedLines(Array(repeating: 1, count: 50_000)), to: "app.log")
                #expect(try await agent.terminate() == .exit(0))
                try await agent.startAndWait()
                let page = try await agent.page(where: "lines_seen_total", reaches: 50_000)
                #expect(page.value("lines_seen_total") == 50_000)
                #expect(page.value("value_sum_total") == 50_000)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func aPartialLineWaitsForItsEndAcrossARestart() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                let line = numberedLines([7])
                try fixture.write(numberedLines([1]) + line.prefix(30), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 1)
                #expect(try await agent.terminate() == .exit(0))
                try fixture.append(String(line.dropFirst(30)), to: "app.log")
                try await agent.startAndWait()
                let page = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(page.value("lines_seen_total") == 2)
                #expect(page.value("value_sum_total") == 8)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func theListeningAddressIsLogged() async throws {
            try await Fixture.with { fixture in
                let child = try fixture.outrider([
                    "run", "--log", fixture.path("app.log"), "--state-dir", fixture.path("state"), "--listen",
                    "127.0.0.1:0",
                ])
                let port = try await until("the address is logged", seeing: { child.error }) {
                    Self.loggedPort(child.error)
                }
                try await until("the logged address answers", seeing: { child.error }) {
                    LoopbackHTTP.get("/-/ready", port: port)?.status == 200
                }
                #expect(try await child.stop() == .exit(0), "\(child.error)")
            }
        }

        private static func loggedPort(_ log: String) -> Int? {
            let mark = "http.address=127.0.0.1:"
            guard let line = log.split(separator: "\n").first(where: { $0.contains("listening") && $0.contains(mark) }),
                let range = line.firstRange(of: mark)
            else { return nil }
            return Int(line[range.upperBound...].prefix { $0.isNumber })
        }

        @Test
        func aSecondAgentOnTheSameStateNamesTheFirst() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try await agent.startAndWait()
                let first = try #require(agent.process)
                let second = try fixture.outrider([
                    "run", "--log", fixture.path("app.log"), "--state-dir", fixture.path("state"), "--listen",
                    "127.0.0.1:0",
                ])
                let ending = try await second.ended()
                #expect(ending == .exit(1) || ending == .exit(2))
                #expect(second.error.contains("\(first.pid)"), "\(second.error)")
                #expect(second.error.contains(fixture.path("state")), "\(second.error)")
                #expect(LoopbackHTTP.get("/-/ready", port: agent.port)?.status == 200)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func hangupWithABadConfigurationKeepsTheOldOne() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 1)
                try fixture.write("patterns:\n  - nam: x\n", to: "outrider.yml")
                let process = try #require(agent.process)
                process.send(signal: SIGHUP)
                try await until("the log says why", seeing: { process.error }) {
                    process.error.contains("\(agent.configurationPath):2:")
                }
                try fixture.append(numberedLines([2], from: 2), to: "app.log")
                let page = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(page.value("value_sum_total") == 3)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func reloadWithABadConfigurationSaysWhyAndChangesNothing() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1]), to: "app.log")
                try await agent.startAndWait()
                let good = try fixture.text("outrider.yml")
                try fixture.write(good + "state_dri: x\n", to: "outrider.yml")
                let reload = try fixture.outrider(["reload", "--config", agent.configurationPath])
                #expect(try await reload.ended() == .exit(2))
                #expect(reload.error.contains("state_dri"), "\(reload.error)")
                try fixture.append(numberedLines([2], from: 2), to: "app.log")
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func reloadTakesANewPatternAndKeepsTheValuesOfTheOld() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 2)
                let before = try fixture.text("outrider.yml")
                try fixture.write(
                    before + "  - {name: more, match: 'value=', metrics: [{counter: more_total}]}\n", to: "outrider.yml"
                )
                let reload = try fixture.outrider(["reload", "--config", agent.configurationPath])
                #expect(try await reload.ended() == .exit(0), "\(reload.error)")
                try fixture.append(numberedLines([3], from: 3), to: "app.log")
                let page = try await agent.page(where: "more_total", reaches: 1)
                #expect(page.value("more_total") == 1)
                #expect(page.value("lines_seen_total") == 3)
                #expect(page.value("value_sum_total") == 6)
                #expect(try await agent.terminate() == .exit(0))
            }
        }

        @Test
        func onceReadsToTheEndPrintsAndMovesNothing() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([5, 6]), to: "app.log")
                for _ in 1...2 {
                    let once = try fixture.outrider(["run", "--config", agent.configurationPath, "--once"])
                    #expect(try await once.ended() == .exit(0), "\(once.error)")
                    let page = MetricsPage(once.output)
                    #expect(page.value("lines_seen_total") == 2)
                    #expect(page.value("value_sum_total") == 11)
                }
            }
        }

        @Test
        func onceNeedsNoConfigurationWithALog() async throws {
            try await Fixture.with { fixture in
                try fixture.write(numberedLines([5, 6, 7]), to: "app.log")
                let once = try fixture.outrider(["run", "--log", fixture.path("app.log"), "--once"])
                #expect(try await once.ended() == .exit(0), "\(once.error)")
                let page = MetricsPage(once.output)
                #expect(page.samples("outrider_build_info").count == 1)
                #expect(page.samples("outrider_consumer_lines_total").map(\.value) == [3])
            }
        }

        @Test
        func onceSaysThatACompressedLogIsCutOff() async throws {
            try await Fixture.with { fixture in
                try fixture.write(numberedLines(Array(1...20_000)), to: "app.log")
                let gzip = try fixture.start(
                    URL(fileURLWithPath: "/bin/sh"),
                    ["-c", "gzip app.log && head -c 20000 app.log.gz > cut.log.gz"])
                #expect(try await gzip.ended() == .exit(0), "\(gzip.error)")
                let once = try fixture.outrider(["run", "--log", fixture.path("cut.log.gz"), "--once"])
                #expect(try await once.ended() == .exit(1))
                #expect(once.error.contains("cut.log.gz ends at compressed offset 20000"))
                let lines = MetricsPage(once.output).samples("outrider_consumer_lines_total").map(\.value)
                #expect(lines.allSatisfy { $0 > 100 && $0 < 20_000 }, "\(lines)")
            }
        }

        @Test
        func onceReadsStandardInput() async throws {
            try await Fixture.with { fixture in
                let once = try fixture.outrider(["run", "--log", "-", "--once"])
                try once.give(numberedLines([5, 6, 7, 8]))
                #expect(try await once.ended() == .exit(0), "\(once.error)")
                let page = MetricsPage(once.output)
                #expect(page.samples("outrider_consumer_lines_total").map(\.value) == [4])
            }
        }

        @Test
        func theLastLineOfAPipeNeedsNoEnd() async throws {
            try await Fixture.with { fixture in
                let port = LoopbackHTTP.freePort()
                let agent = try fixture.outrider([
                    "run", "--log", "-", "--state-dir", fixture.path("state"), "--listen", "127.0.0.1:\(port)",
                ])
                try agent.give("ERROR:a:one\nERROR:b:two")
                let page = try await until("both lines are counted", seeing: { agent.error }) {
                    LoopbackHTTP.get("/metrics", port: port).map { MetricsPage($0.body) }
                        .flatMap { $0.value("outrider_consumer_lines_total", ["consumer": "metrics"]) == 2 ? $0 : nil }
                }
                #expect(page.value("log_messages_total", ["level": "ERROR"]) == 2)
                #expect(try await agent.stop() == .exit(0))
            }
        }

        @Test
        func explainNamesThePatternAndWhatItCaptured() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                let explain = try fixture.outrider([
                    "explain", "--config", agent.configurationPath, "--line", "seq=41 value=12.5",
                ])
                #expect(try await explain.ended() == .exit(0), "\(explain.error)")
                for expected in ["seq", "41", "12.5", "value_sum_total"] {
                    #expect(explain.output.contains(expected), "\(explain.output)")
                }
            }
        }

        @Test
        func explainTellsOfTheLinesOfAFileWhatTheSourceMakesOfThem() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write("seq=41 value=12.5\nseq=42 value=none\n", to: "app.log")
                let arguments = ["explain", "--config", agent.configurationPath, "--lines", fixture.path("app.log")]
                let explain = try fixture.outrider(arguments)
                #expect(try await explain.ended() == .exit(0), "\(explain.error)")
                for expected in [
                    "app.log:1, byte 0, source app", "app.log:2, byte 18, source app", "+= 12.5", "value=none",
                ] {
                    #expect(explain.output.contains(expected), "\(explain.output)")
                }
                let json = try fixture.outrider(arguments + ["--json"])
                #expect(try await json.ended() == .exit(0), "\(json.error)")
                let lines = json.output.split(separator: "\n")
                #expect(lines.count == 2 && lines[1].hasPrefix(#"{"number":2,"offset":18,"line":"seq=42"#), "\(lines)")
            }
        }

        @Test
        func consumersAreListedAndAnUnknownOneIsRefused() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try fixture.write(numberedLines([1, 2]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "outrider_consumer_lines_total", ["consumer": "lines"], reaches: 2)
                let list = try fixture.outrider(["consumers", "list", "--config", agent.configurationPath])
                #expect(try await list.ended() == .exit(0), "\(list.error)")
                #expect(list.output.contains("lines"), "\(list.output)")
                let unknown = try fixture.outrider([
                    "consumers", "drop", "nobody", "--config", agent.configurationPath,
                ])
                let ending = try await unknown.ended()
                #expect(ending == .exit(1) || ending == .exit(2))
                #expect(unknown.error.contains("nobody"), "\(unknown.error)")
                #expect(try await agent.terminate() == .exit(0))
            }
        }
    }
}

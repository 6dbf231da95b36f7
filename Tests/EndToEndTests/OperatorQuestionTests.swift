import Foundation
import Testing

extension EndToEnd {
    /// What an operator asks, and the answers where there is no agent, no file, or nothing left to follow.
    @Suite
    struct OperatorQuestions {
        @Test
        func onceSaysWhichFilesAreMissing() async throws {
            try await Fixture.with { fixture in
                try fixture.write(numberedLines([1]), to: "app.log")
                try FileManager.default.createDirectory(at: fixture.url("dir"), withIntermediateDirectories: false)
                let once = try fixture.outrider([
                    "run", "--once", "--log", fixture.path("app.log"), fixture.path("nope.log"), fixture.path("dir"),
                ])
                #expect(try await once.ended() == .exit(1))
                #expect(
                    once.error == """
                        outrider: `\(fixture.path("nope.log"))` matches no file now
                            correct it, unless the file comes later: a running agent will find it
                        outrider: `\(fixture.path("dir"))` is a directory
                            name the files in it, as in `\(fixture.path("dir"))/*.log`

                        """)
                #expect(MetricsPage(once.output).samples("outrider_consumer_lines_total").map(\.value) == [1])
            }
        }

        @Test
        func checkWarnsOfAGlobWithoutAFile() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                let before = try fixture.outrider(["check", "--config", agent.configurationPath])
                #expect(try await before.ended() == .exit(0))
                #expect(
                    before.error.contains(
                        "outrider.yml:4:31: warning: `\(fixture.path("app.log"))` matches no file now"),
                    "\(before.error)")
                #expect(before.output.hasSuffix("1 warning\n"), "\(before.output)")
                try fixture.write("", to: "app.log")
                let after = try fixture.outrider(["check", "--config", agent.configurationPath])
                #expect(try await after.ended() == .exit(0))
                #expect(!after.error.contains("matches no file"), "\(after.error)")
            }
        }

        @Test
        func checkWarnsOfWhatSamplesShow() async throws {
            try await Fixture.with { fixture in
                for name in ["app.log", "api.log"] { try fixture.write("", to: name) }
                try fixture.write(
                    """
                    state_dir: \(fixture.path("state"))
                    sources:
                      - {name: app, files: ["\(fixture.path("app.log"))"], format: docker, sample: sample.log}
                      - {name: api, files: ["\(fixture.path("api.log"))"], sample: missing.log}
                    patterns:
                      - name: request
                        match: 'id=(?<id>\\S+) (?<rest>.*)'
                        metrics: [{counter: requests_total, labels: {id: $id}}]
                      - {name: silent, match: 'nothing', metrics: [{counter: silent_total}]}
                      - use: [heartbeat, websocket]

                    """, to: "outrider.yml")
                try fixture.write(
                    ["8f14e45f", "c9f0f895", "45c48cce", "heartbeat"].map {
                        #"{"log":"\#($0 == "heartbeat" ? "HEARTBEAT" : "id=\($0) x")\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#
                            + "\n"
                    }.joined(), to: "sample.log")
                let check = try fixture.outrider(["check", "--config", fixture.path("outrider.yml")])
                #expect(try await check.ended() == .exit(0), "\(check.error)")
                for expected in [
                    "outrider.yml:4:", "warning: the sample `\(fixture.path("missing.log"))` does not exist",
                    "outrider.yml:7:12: warning: the capture `rest` is not used",
                    "outrider.yml:8:",
                    "warning: the label `id` of `requests_total` looks unbounded: its values are hexadecimal",
                    "outrider.yml:9:5: warning: the pattern `silent` matches nothing in `\(fixture.path("sample.log"))`",
                    "warning: no pattern of the library websocket matches anything in",
                ] {
                    #expect(check.error.contains(expected), "\(expected) in \(check.error)")
                }
                #expect(!check.error.contains("library heartbeat"), "\(check.error)")
                #expect(check.output.hasSuffix("5 warnings\n"), "\(check.output)")
                try fixture.write("nothing of that\nHEARTBEAT\n", to: "other.log")
                let other = try fixture.outrider([
                    "check", "--config", fixture.path("outrider.yml"), "--source", "api", "--sample",
                    fixture.path("other.log"),
                ])
                #expect(try await other.ended() == .exit(0), "\(other.error)")
                #expect(!other.error.contains("the pattern `silent`"), "\(other.error)")
            }
        }

        @Test
        func consumersAreListedWithoutAnAgent() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configureWithRecord()
                try fixture.write(numberedLines([1, 2, 3]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 3)
                #expect(try await agent.terminate() == .exit(0))
                try agent.configure()

                let list = try fixture.outrider(["consumers", "list", "--config", agent.configurationPath])
                #expect(try await list.ended() == .exit(0), "\(list.error)")
                let lines = list.output.split(separator: "\n").map(String.init)
                #expect(lines.count == 4, "\(list.output)")
                #expect(lines.first?.hasSuffix("NOTE") == true)
                #expect(lines.dropFirst().first?.hasPrefix("lines ") == true)
                #expect(lines.dropFirst().first?.hasSuffix("not configured") == true)
                #expect(lines.last == "No agent runs: this is what the last one left.")

                let json = try fixture.outrider(["consumers", "list", "--json", "--state-dir", fixture.path("state")])
                #expect(try await json.ended() == .exit(0), "\(json.error)")
                let listed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
                #expect(listed?.map { $0["lines"] as? Int } == [3, 3])
            }
        }

        @Test
        func aRotatedFileThatWasReadIsKnown() async throws {
            try await Fixture.with { fixture in
                let agent = Agent(fixture)
                try agent.configure()
                try fixture.write(numberedLines([1, 2, 3]), to: "app.log")
                try await agent.startAndWait()
                _ = try await agent.page(where: "lines_seen_total", reaches: 3)
                try FileManager.default.moveItem(at: fixture.url("app.log"), to: fixture.url("app.log.1"))
                try fixture.write(numberedLines([4], from: 4), to: "app.log")
                _ = try await agent.page(where: "lines_seen_total", reaches: 4)

                let arguments = ["explain", "--config", agent.configurationPath, fixture.path("app.log.1")]
                var last = ""
                try await until("the rotated file is done with", seeing: { last }) {
                    let explain = try fixture.outrider(arguments)
                    // 1 in the moment between the rename and its discovery.
                    let isAnswered = try await explain.ended() == .exit(0)
                    last = isAnswered ? explain.output : explain.error
                    return last.hasPrefix(
                        "\(fixture.path("app.log.1")) is a rotated file of \(fixture.path("app.log")).\n")
                }
                let size = numberedLines([1, 2, 3]).utf8.count
                #expect(last.contains("done with its \(size) bytes"), "\(last)")
                #expect(try await agent.terminate() == .exit(0))
                let left = try fixture.outrider(arguments)
                #expect(try await left.ended() == .exit(0), "\(left.error)")
                #expect(left.output.contains("done with its \(size) bytes"), "\(left.output)")
                #expect(left.output.hasSuffix("No agent runs: this is what the last one left.\n"), "\(left.output)")

                try fixture.write("never seen\n", to: "app.log.2")
                let unknown = try fixture.outrider(arguments.dropLast() + [fixture.path("app.log.2")])
                #expect(try await unknown.ended() == .exit(1))
                #expect(
                    unknown.error.contains("named like a rotation of \(fixture.path("app.log")),"), "\(unknown.error)")
            }
        }
    }
}

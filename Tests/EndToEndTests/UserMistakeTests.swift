import Foundation
import Testing

extension EndToEnd {
    /// A mistake of the user ends with status 2 and one message that says what was wrong; never with a trace.
    @Suite
    struct UserMistakes {
        struct Mistake: CustomTestStringConvertible {
            let name: String
            /// `$` stands for the scratch directory.
            let arguments: [String]
            /// The configuration written to $/bad.yml, if the mistake lies there.
            var configuration: String?
            /// What the message must contain, `$` as above.
            let expected: [String]
            var testDescription: String { name }
        }

        static let mistakes: [Mistake] = [
            Mistake(name: "unknown verb", arguments: ["rum"], expected: ["rum"]),
            Mistake(name: "run without anything", arguments: ["run"], expected: ["--config", "--log"]),
            Mistake(
                name: "run with both ways", arguments: ["run", "--config", "$/bad.yml", "--log", "$/app.log"],
                configuration: "state_dir: $/state\n", expected: ["--config", "--log"]),
            Mistake(
                name: "expression that is none", arguments: ["query", "sum(x"],
                expected: ["1:6", "    sum(x\n         ^"]),
            Mistake(name: "query of nothing", arguments: ["query"], expected: ["outrider query '"]),
            Mistake(
                name: "dump that is missing", arguments: ["query", "x", "--data", "$/missing"], expected: ["$/missing"]),
            Mistake(
                name: "dump that is none", arguments: ["query", "x", "--data", "$/bad.yml"],
                configuration: "x 1 1\ny{ 2\n",
                expected: ["$/bad.yml:2:"]),
            Mistake(
                name: "dump for everybody", arguments: ["query", "--data", "$/bad.yml", "--serve", "0.0.0.0:0"],
                configuration: "x 1 1\n", expected: ["loopback", "ssh -L"]),
            Mistake(name: "serving nothing", arguments: ["query", "--serve", "127.0.0.1:0"], expected: ["--data"]),
            Mistake(
                name: "range that is none", arguments: ["query", "x", "--data", "$/bad.yml", "--range", "1 hour"],
                configuration: "x 1 1\n", expected: ["--range 1 hour", "1h30m"]),
            Mistake(
                name: "time that is none", arguments: ["query", "x", "--data", "$/bad.yml", "--time", "now"],
                configuration: "x 1 1\n", expected: ["--time now"]),
            Mistake(name: "unknown option", arguments: ["run", "--confg", "x.yml"], expected: ["--confg"]),
            Mistake(name: "option without its value", arguments: ["run", "--config"], expected: ["--config"]),
            Mistake(
                name: "missing configuration", arguments: ["run", "--config", "$/missing.yml"],
                expected: ["$/missing.yml"]),
            Mistake(
                name: "check of a missing configuration", arguments: ["check", "--config", "$/missing.yml"],
                expected: ["$/missing.yml"]),
            Mistake(
                name: "a directory as configuration", arguments: ["check", "--config", "$"], expected: ["$"]),
            Mistake(
                name: "broken YAML", arguments: ["check", "--config", "$/bad.yml"],
                configuration: "target: {job: bot\nstate_dir: x\n", expected: ["$/bad.yml:"]),
            Mistake(
                name: "unknown key, run", arguments: ["run", "--config", "$/bad.yml"],
                configuration: "target: {job: bot}\nstate_dri: $/state\n",
                expected: ["$/bad.yml:2:1", "state_dri", "state_dir"]),
            Mistake(
                name: "unknown key, check", arguments: ["check", "--config", "$/bad.yml"],
                configuration: "target: {job: bot}\nstate_dri: $/state\n",
                expected: ["$/bad.yml:2:1", "state_dri", "state_dir"]),
            Mistake(
                name: "pattern that does not compile", arguments: ["check", "--config", "$/bad.yml"],
                configuration: """
                    target: {job: bot}
                    state_dir: $/state
                    http: {metrics: {listen: "127.0.0.1:0"}}
                    sources: [{name: app, files: ["$/app.log"]}]
                    patterns:
                      - name: seq
                        match: '(seq='
                        metrics: [{counter: lines_seen_total}]

                    """, expected: ["$/bad.yml:7:"]),
            Mistake(
                name: "port that is none", arguments: ["run", "--log", "$/app.log", "--listen", "127.0.0.1:many"],
                expected: ["127.0.0.1:many"]),
            Mistake(
                name: "port that is too large",
                arguments: ["run", "--log", "$/app.log", "--listen", "127.0.0.1:99999"],
                expected: ["127.0.0.1:99999"]),
            Mistake(name: "explain without a file", arguments: ["explain"], expected: ["FILE", "--line"]),
            Mistake(
                name: "explain without configuration", arguments: ["explain", "--line", "x"], expected: ["--config"]),
            Mistake(
                name: "consumers without what to do", arguments: ["consumers"], expected: ["list", "drop", "reset"]),
            Mistake(
                name: "consumers drop without a name", arguments: ["consumers", "drop", "--config", "$/bad.yml"],
                configuration: "state_dir: $/state\n", expected: ["NAME"]),
        ]

        @Test(arguments: mistakes)
        func aMistakeExitsTwoAndSaysWhatIsWrong(mistake: Mistake) async throws {
            try await Fixture.with { fixture in
                func placed(_ text: String) -> String {
                    text.replacingOccurrences(of: "$", with: fixture.directory.path)
                }
                if let configuration = mistake.configuration {
                    try fixture.write(placed(configuration), to: "bad.yml")
                }
                let child = try fixture.outrider(mistake.arguments.map(placed))
                #expect(try await child.ended() == .exit(2))
                let message = child.error
                for expected in mistake.expected {
                    #expect(message.lowercased().contains(placed(expected).lowercased()), "\(message)")
                }
                #expect(message.split(separator: "\n").count <= 12, "\(message)")
                for trace in ["Fatal error", "Current stack trace", "*** Signal", "Swift/"] {
                    #expect(!message.contains(trace), "\(message)")
                }
            }
        }

        @Test
        func everyMistakeOfAFileIsReportedAtOnce() async throws {
            try await Fixture.with { fixture in
                try fixture.write("targt: {job: bot}\nstate_dri: x\nsorces: []\n", to: "bad.yml")
                let child = try fixture.outrider(["check", "--config", fixture.path("bad.yml")])
                #expect(try await child.ended() == .exit(2))
                for line in 1...3 { #expect(child.error.contains("bad.yml:\(line):1"), "\(child.error)") }
            }
        }

        @Test
        func checkOfAGoodConfigurationExitsZero() async throws {
            try await Fixture.with { fixture in
                try Agent(fixture).configureWithRecord()
                let child = try fixture.outrider(["check", "--config", fixture.path("outrider.yml")])
                #expect(try await child.ended() == .exit(0), "\(child.error)")
            }
        }

        @Test
        func aFailingTestOfAPatternExitsOneAndNamesItsPlace() async throws {
            try await Fixture.with { fixture in
                func write(expecting value: Int) throws {
                    let pattern = """
                        state_dir: \(fixture.path("state"))
                        sources: [{name: app, files: ["\(fixture.path("app.log"))"]}]
                        patterns:
                          - name: sum
                            match: 'sum=(?<sum>\\d+)'
                            metrics: [{gauge: sum, value: $sum}]
                            tests: [{line: 'sum=7', expect: {sum: \(value)}}]

                        """
                    try fixture.write(pattern, to: "outrider.yml")
                }
                try fixture.write("", to: "app.log")
                for (value, status) in [(7, Int32(0)), (8, 1)] {
                    try write(expecting: value)
                    let test = try fixture.outrider(["test", fixture.path("outrider.yml")])
                    #expect(try await test.ended() == .exit(status))
                    #expect(test.output.contains("outrider.yml:7:43: ") == (status == 1), "\(test.output)")
                    let check = try fixture.outrider(["check", "--config", fixture.path("outrider.yml")])
                    #expect(try await check.ended() == .exit(status))
                    #expect(check.error.contains("outrider.yml:7:43: ") == (status == 1), "\(check.error)")
                }
            }
        }

        @Test
        func statusWithoutAnAgentExitsOneAndSaysSo() async throws {
            try await Fixture.with { fixture in
                try Agent(fixture).configure()
                let child = try fixture.outrider(["status", "--config", fixture.path("outrider.yml")])
                #expect(try await child.ended() == .exit(1))
                #expect(child.error.contains(fixture.path("state")), "\(child.error)")
            }
        }

        @Test
        func aPortThatIsTakenIsNamed() async throws {
            try await Fixture.with { fixture in
                let first = Agent(fixture)
                try first.configure()
                try await first.startAndWait()
                let second = try fixture.outrider([
                    "run", "--log", fixture.path("other.log"), "--state-dir", fixture.path("second"), "--listen",
                    "127.0.0.1:\(first.port)",
                ])
                let ending = try await second.ended()
                #expect(ending == .exit(1) || ending == .exit(2))
                #expect(second.error.contains("127.0.0.1:\(first.port)"), "\(second.error)")
            }
        }
    }
}

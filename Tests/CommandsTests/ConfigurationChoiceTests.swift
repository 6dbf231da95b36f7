import Configuration
import FileAccess
import HTTPInterface
import Ledger
import LogModel
import TestSupport
import Testing

@testable import Commands

@Suite
struct ConfigurationChoiceTests {
    @Test
    func logsNeedNoFile() throws {
        var choice = ConfigurationChoice(logs: ["/var/log/x.log", "/var/log/y/*.log"])
        choice.stateDirectory = "/state"
        choice.listen = "[::1]:99"
        let configuration = try choice.load().configuration
        #expect(configuration.stateDirectory == "/state")
        #expect(configuration.metricsServer.host == "::1")
        #expect(configuration.metricsServer.port == 99)
        #expect(!configuration.patterns.isEmpty)
    }

    @Test
    func aFileAndLogsExcludeEachOther() {
        let error = #expect(throws: UsageError.self) {
            try ConfigurationChoice(file: "/x.yml", logs: ["/x.log"]).load()
        }
        #expect(error?.message.contains("--config") == true && error?.message.contains("--log") == true)
    }

    @Test(arguments: ["127.0.0.1:many", "127.0.0.1:99999", "127.0.0.1", "name:80", ":-1"])
    func anAddressThatIsNoneIsNamed(address: String) {
        let choice = ConfigurationChoice(logs: ["/x.log"], stateDirectory: "/state", listen: address)
        let error = #expect(throws: ListenTextError.self) { try choice.load() }
        #expect(error?.message.contains(address) == true)
        #expect(error?.hint != nil)
    }

    @Test
    func whatOnlyThePartsCanTellIsAMistakeToo() throws {
        let choice = ConfigurationChoice(logs: ["/var/[z"], stateDirectory: "/state")
        let error = #expect(throws: UnusableConfiguration.self) { try choice.load() }
        #expect(error?.mistakes.count == 1)
    }

    @Test
    func aMistakeOfAFileIsReportedOnce() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(
            directory("bad.yml"),
            with: Array(
                """
                state_dir: /state
                sources: [{name: app, files: ["/x.log"]}]
                patterns:
                  - {name: a, match: '(x', metrics: [{counter: a_total}]}
                  - {name: b, match: 'y', metrics: [{gauge: b, value: $z}]}

                """.utf8))
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationChoice(file: directory("bad.yml")).load()
        }
        #expect(error?.diagnostics.map(\.line) == [4, 5])
    }

    @Test
    func theCommandLineBeatsTheFile() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(
            directory("good.yml"),
            with: Array("state_dir: /state\nsources: [{name: app, files: [/x.log]}]\n".utf8))
        var choice = ConfigurationChoice(file: directory("good.yml"))
        #expect(try choice.load().configuration.stateDirectory == "/state")
        choice.stateDirectory = "/other"
        choice.listen = "127.0.0.1:1"
        let configuration = try choice.load().configuration
        #expect(configuration.stateDirectory == "/other")
        #expect(configuration.metricsServer.port == 1)
    }

    @Test
    func aGoodConfigurationIsSummedUp() throws {
        let configuration = try ConfigurationChoice(logs: ["/x.log"], stateDirectory: "/state").load().configuration
        #expect(
            CheckCommand.summary(of: configuration, warnings: 1)
                == "configuration is good: 1 source, 6 patterns, 5 metrics, 1 warning")
    }
}

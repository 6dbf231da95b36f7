import Configuration
import FileAccess
import FileTail
import Glibc
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
        let choice = ConfigurationChoice(logs: ["/var/[z", "/var/x.log", "/var/{a"], stateDirectory: "/state")
        let error = #expect(throws: UnusableConfiguration.self) { try choice.load() }
        #expect(
            error?.mistakes.map(\.message) == [
                "`--log /var/[z` is no file glob: it opens a bracket that is not closed",
                "`--log /var/{a` is no file glob: it opens a brace that is not closed",
            ])
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

    /// What is printed about `$/main.yml`, with the directory written as `$`.
    private static func complaint(_ text: String, in directory: TemporaryDirectory) throws -> String {
        try FileWriter().replace(directory("main.yml"), with: Array(text.utf8))
        let error = try #require(throws: ConfigurationError.self) {
            try ConfigurationChoice(file: directory("main.yml"), stateDirectory: "/state").load()
        }
        return "\(error)".replacing(directory.path, with: "$")
    }

    @Test
    func whatIsNoFileCannotBeAConfiguration() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().makeDirectories(directory("dir"))
        try #require(mkfifo(directory("fifo"), 0o600) == 0)
        try #require(symlink("main.yml", directory("again.yml")) == 0)
        #expect(
            try Self.complaint(
                "include: [dir, fifo, again.yml, none.yml]\nsources: [{name: a, files: [/a]}]", in: directory) == """
                    $/main.yml:1:11: Cannot open $/dir: it is a directory, not a regular file.
                        write `$/dir/*.yml` for the files in it
                    $/main.yml:1:16: Cannot open $/fifo: it is a FIFO, not a regular file.
                        name a regular file: the configuration is read anew with every reload
                    $/main.yml:1:22: `again.yml` is this file itself: it would include itself without end
                        remove it, or name another file
                    $/main.yml:1:33: there is no file `$/none.yml` to include
                        create it, or correct the path
                    """)
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationChoice(file: directory("dir"), stateDirectory: "/state").load()
        }
        #expect(error?.diagnostics.map(\.hint) == ["name the file in it, such as `\(directory("dir"))/outrider.yml`"])
    }

    @Test
    func aStateDirectoryOfTheCommandLineHidesNoLog() throws {
        let logs = ["/log/app.log", "/log/x/*.log", "/logs/app.log", "/log.d/*"]
        let error = #expect(throws: UnusableConfiguration.self) {
            try ConfigurationChoice(logs: logs, stateDirectory: "/log").load()
        }
        #expect(
            error?.mistakes.map { String($0.message.prefix { $0 != " " }) } == [
                "`/log/app.log`", "`/log/x/*.log`",
            ])
        #expect(throws: Never.self) { try ConfigurationChoice(logs: logs, stateDirectory: "/log/state").load() }
    }

    @Test
    func oneFileIsOneFileByWhateverName() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("app.log"), with: [])
        try #require(symlink("app.log", directory("link.log")) == 0)
        let text = """
            sources: [{name: a, files: [app.log]}, {name: b, files: [link.log]}]
            patterns: [{name: p, match: x, metrics: [{counter: x_total}]}]
            records: [{name: r, to: link.log}, {name: s, to: new.txt}, {name: t, to: ../\(PathName.last(directory.path))/new.txt}]
            """
        let lines = try Self.complaint(text, in: directory).split(separator: "\n").map(String.init)
        #expect(
            lines.filter { !$0.hasPrefix(" ") } == [
                "$/main.yml:1:58: two sources read `$/link.log`, here and at $/main.yml:1:29: every line that the pattern `p` matches counts twice",
                "$/main.yml:3:25: the source `a` reads `$/app.log`, which is the file that the record writes to: what it writes would be read again, without end",
                "$/main.yml:3:25: the source `b` reads `$/link.log`, but the agent never reads what a record writes: `$/link.log` and its rotations",
                "$/main.yml:3:74: two records write to `$/../\(PathName.last(directory.path))/new.txt`, here and at $/main.yml:3:50: their lines would be mixed",
            ])
    }

    private enum PathName {
        static func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
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
                == "configuration is good: 1 source, 23 patterns, 11 metrics, 1 warning")
    }

    @Test
    func aLogMayClimb() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().makeDirectories(directory("real/inner"))
        try FileWriter().replace(directory("real/x.log"), with: [])
        try #require(symlink("real/inner", directory("link")) == 0)
        let files = DiskConfigurationFiles(LinuxFileAccess())
        // The parent of what a link leads to, as for every other program.
        #expect(try ConfigurationChoice.absolute(directory("link/../x.log"), files) == directory("real/x.log"))
        #expect(try ConfigurationChoice.absolute(directory("none/../x.log"), files) == directory("none/../x.log"))
        let climb = String(repeating: "../", count: 64)
        for (log, expected) in [
            ("\(climb)x.log", "/x.log"), ("\(climb)var/../usr/*.log", "/usr/*.log"),
            ("\(climb.dropLast())\(directory("link/../*.log"))", directory("real/*.log")),
        ] {
            let choice = ConfigurationChoice(logs: [log], stateDirectory: "/state")
            #expect(try choice.load().configuration.sources[0].include == [expected])
        }
    }

    /// Where the agent of a configuration in `directory` is.
    private static func location(_ text: String, in directory: TemporaryDirectory) throws -> AgentLocation {
        try FileWriter().replace(directory("main.yml"), with: Array(text.utf8))
        return try ConfigurationChoice(file: directory("main.yml")).agent()
    }

    @Test
    func anAgentIsFoundDespiteMistakes() throws {
        let directory = try TemporaryDirectory()
        let good = try Self.location("state_dir: /state\nsources: [{name: a, files: [/a]}]\n", in: directory)
        #expect(good.stateDirectory == "/state")
        #expect(good.configuration?.consumers == [.metrics])
        #expect(good.mistakes == nil)
        for text in ["sources: [{name: a}]\n", "surces: []\n", "include: [none.yml]\n"] {
            let bad = try Self.location("state_dir: /state\n\(text)", in: directory)
            #expect(bad.stateDirectory == "/state")
            #expect(bad.configuration == nil)
            #expect(bad.mistakes != nil)
        }
        let standard = try Self.location("sources: [{name: a}]\n", in: directory)
        #expect(standard.stateDirectory == ConfigurationChoice.standardStateDirectory)
    }

    @Test(arguments: [
        "state_dri: /state\n", "state_dir: {a: b}\n", "state_dir: [/state\n", "include: [none.yml]\n",
        "state_dir: ${OUTRIDER_TEST_NOBODY_SETS_THIS}\n",
    ])
    func anAgentThatMistakesHideNeedsItsStateDirectory(text: String) throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: UsageError.self) { try Self.location(text, in: directory) }
        #expect(error?.hint?.contains("--state-dir") == true)
        let choice = ConfigurationChoice(file: directory("main.yml"), stateDirectory: "/state")
        #expect(try choice.agent().stateDirectory == "/state")
    }
}

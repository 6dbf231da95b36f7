import Configuration
import Extraction
import FileTail
import LineFormats
import LogModel
import LogPipeline
import Testing

@Suite struct DefaultConfigurationTests {
    @Test func logsAloneAreReadFromTheBeginning() {
        let configuration = AgentConfiguration.default(
            logs: ["a.log", "/var/log/b*.log", "./c/d.log", "-"], workingDirectory: "/srv/x",
            disk: MemoryConfigurationFiles(files: [:]), stateDirectory: "/s")
        #expect(
            configuration.sources == [
                FileSourceSettings(
                    name: SourceName("log"), include: ["/srv/x/a.log", "/var/log/b*.log", "/srv/x/c/d.log", "-"],
                    startAt: .beginning)
            ])
        #expect(configuration.stateDirectory == "/s")
        #expect(configuration.decoding == [SourceName("log"): DecodingSettings(container: .auto, fields: .auto)])
        #expect(
            Set(configuration.patterns.flatMap(\.metrics).map(\.name)) == [
                "log_messages_total", "log_mentions_total", "log_tracebacks_total", "log_exceptions_total",
                "log_heartbeats_total", "log_heartbeats_missed_total", "log_records_total", "log_problems_total",
                "http_requests_total", "bot_prediction", "bot_wallet_balance",
            ])
        #expect(
            Set(configuration.patterns.compactMap(\.event)) == [
                EventSettings(name: "submission", outcome: "success"),
                EventSettings(name: "submission", outcome: "failure"),
            ])
    }

    @Test(
        arguments: [
            (["XDG_STATE_HOME": "/x/state", "HOME": "/srv/u"], false, "/x/state/outrider"),
            (["XDG_STATE_HOME": "relative", "HOME": "/srv/u"], false, "/srv/u/.local/state/outrider"),
            (["HOME": "/srv/u/"], false, "/srv/u/.local/state/outrider"),
            ([:], false, nil),
            (["XDG_STATE_HOME": "/x"], true, "/var/lib/outrider"),
        ] as [([String: String], Bool, String?)])
    func stateHasAStandardPlace(environment: [String: String], isRoot: Bool, expected: String?) {
        #expect(StateDirectory.standard(environment: { environment[$0] }, isRoot: isRoot) == expected)
    }
}

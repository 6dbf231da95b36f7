import Configuration
import Consumption
import Extraction
import FileAccess
import FileTail
import HTTPInterface
import Ledger
import LineFormats
import LogModel
import LogPipeline
import SeriesModel
import Testing

@Suite struct GoodConfigurationTests {
    @Test func theExampleIsDecodedToExactValues() throws {
        let loaded = try load(["outrider.yml": ConfigurationReference.example])
        let prediction = PatternMetricSettings(
            kind: .gauge, name: "bot_prediction", help: "From lines that match the pattern submission.",
            operation: .set, value: .capture("prediction"),
            validation: ValidationSettings(warnOutside: -5...5, rejectOutside: -50...50))
        let balance = PatternMetricSettings(
            kind: .gauge, name: "bot_wallet_balance", help: "From lines that match the pattern submission.",
            operation: .set, value: .capture("balance"), labelNames: ["denom"], labelValues: [.capture("denom")])
        let expected = AgentConfiguration(
            ledger: LedgerSettings(directory: "/var/lib/outrider"),
            metricsServer: HTTPSettings(host: "127.0.0.1", port: 9817),
            sources: [FileSourceSettings(name: SourceName("app"), include: ["/var/log/bot/*.log"], startAt: .end)],
            patterns: [
                PatternSettings(
                    name: "submission", sources: [SourceName("app")],
                    match: #"Submission success: prediction=(?<prediction>\S+) balance=(?<balance>\S+) (?<denom>\w+)"#,
                    event: EventSettings(name: "submission", outcome: "success"), metrics: [prediction, balance])
            ])
        #expect(loaded.configuration == expected)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.files == ["outrider.yml"])
    }

    @Test func everyKeyReachesItsSetting() throws {
        let text = """
            target: {job: "${JOB}"}
            state_dir: state
            ledger: {on_corrupt: refuse}
            http: {metrics: {listen: "[::1]:0", max_connections: "7", max_header_size: 8KiB, request_timeout: 1m30s}}
            sources:
              - name: app
                files: ["${LOGS}/**/*.log", ./local.log]
                exclude: [/srv/logs/debug.log]
                start_at: 24h
                max_line: 1MB
                rescan_interval: 250ms
            records:
              - {name: r1, to: /tmp/lines.txt, sources: [app]}
            """
        let configuration = try load(["/opt/x/o.yml": text], path: "/opt/x/o.yml").configuration
        #expect(configuration.target == [TargetLabel(name: "job", value: "bot")])
        #expect(configuration.ledger == LedgerSettings(directory: "/opt/x/state", onCorrupt: .refuse))
        #expect(
            configuration.metricsServer
                == HTTPSettings(
                    host: "::1", port: 0, maximumConnections: 7, maximumHeaderSize: 8192, requestTimeout: .seconds(90)))
        #expect(
            configuration.sources == [
                FileSourceSettings(
                    name: SourceName("app"), include: ["/srv/logs/**/*.log", "/opt/x/local.log"],
                    exclude: ["/srv/logs/debug.log"], startAt: .within(.seconds(86400)), maximumLineLength: 1_000_000,
                    rescanInterval: .milliseconds(250))
            ])
        #expect(
            configuration.records == [
                RecordSettings(name: ConsumerName("r1"), path: "/tmp/lines.txt", sources: [SourceName("app")])
            ])
    }

    @Test(
        arguments: [
            ("plain", nil, FieldFormat.none), ("json", nil, .json), ("docker", nil, .auto), ("docker", "json", .json),
            ("cri", "logfmt", .logfmt), ("auto", "none", .none), ("cri", "auto", .auto), ("plain", "json", .json),
            ("json", "json", .json),
        ] as [(String, String?, FieldFormat)])
    func fieldsAreThoseOfTheFormatUnlessSaid(format: String, fields: String?, expected: FieldFormat) throws {
        let written = fields.map { ", fields: \($0)" } ?? ""
        let text = "sources: [{name: app, files: [/a], format: \(format)\(written)}]"
        let decoding = try load(["/o.yml": text], path: "/o.yml").configuration.decoding[SourceName("app")]
        #expect((decoding ?? DecodingSettings()).fields == expected)
        #expect((decoding ?? DecodingSettings()).container == ContainerFormat(rawValue: format) ?? .none)
    }

    @Test func heartbeatsAreHourlyUnlessAnyOfTheirPatternsSaysOtherwise() throws {
        let text = """
            sources: [{name: app, files: [/a]}]
            patterns:
              - {name: a, match: a, heartbeat: bot}
              - {name: b, match: b, heartbeat: bot, every: 5m}
              - {name: c, match: c, heartbeat: other}
            """
        let patterns = try load(["outrider.yml": text]).configuration.patterns
        #expect(
            patterns.map(\.heartbeat) == [
                HeartbeatSettings(name: "bot", interval: .seconds(300)),
                HeartbeatSettings(name: "bot", interval: .seconds(300)),
                HeartbeatSettings(name: "other", interval: .seconds(3600)),
            ])
    }

    @Test func timersAndWhatIsRememberedReachTheirPatterns() throws {
        let text = """
            sources: [{name: app, files: [/a]}]
            patterns:
              - {name: s, match: 's (?<id>x)', timer: {start: job, key: $id}}
              - name: e
                match: 'e (?<id>x)'
                timer: [{end: job, key: $id, timeout: 5m, max_open: 7}, {start: rest, key: a}]
                metrics: [{histogram: job_duration_seconds, value: ^job, labels: {epoch: ^epoch, text: ^^epoch}}]
              - {name: r, match: 'r (?<n>x)', remember: {epoch: $n, phase: training}}
              - {name: x, match: x, timer: {end: rest, key: ^phase}, metrics: [{gauge: rest_seconds, value: ^rest}]}
            """
        let loaded = try load(["outrider.yml": text])
        #expect(loaded.warnings.isEmpty)
        let patterns = loaded.configuration.patterns
        let job = TimerSettings(name: "job", timeout: .seconds(300), maximumOpen: 7)
        let rest = TimerSettings(name: "rest", timeout: .seconds(3600), maximumOpen: 10_000)
        #expect(
            patterns.map(\.timers) == [
                [TimerUse(job, role: .start, key: .capture("id"))],
                [TimerUse(job, role: .end, key: .capture("id")), TimerUse(rest, role: .start, key: .constant("a"))],
                [], [TimerUse(rest, role: .end, key: .earlier("phase"))],
            ])
        #expect(patterns[1].metrics[0].value == .earlier("job"))
        #expect(patterns[1].metrics[0].labelValues == [.earlier("epoch"), .constant("^epoch")])
        #expect(
            patterns[2].remembered == [
                RememberedValue(name: "epoch", value: .capture("n")),
                RememberedValue(name: "phase", value: .constant("training")),
            ])
    }

    @Test func limitsReachTheMetricsThatTheyAreFor() throws {
        let text = """
            limits: {max_series: 500, max_label_length: 64}
            sources: [{name: app, files: [/a]}]
            patterns:
              - name: p
                match: (?<m>x)
                metrics:
                  - {counter: a_total, labels: {m: $m}}
                  - {counter: a_total, labels: {m: $m}, max_series: 7, expire_after: 10m}
                  - {counter: b_total, labels: {m: $m}}
            """
        let configuration = try load(["outrider.yml": text]).configuration
        #expect(configuration.limits == SeriesLimits(seriesPerMetric: 500, labelLength: 64))
        #expect(configuration.patterns[0].metrics.map(\.seriesLimit) == [7, 7, nil])
        #expect(configuration.patterns[0].metrics.map(\.expiresAfter) == [.seconds(600), .seconds(600), nil])
        #expect(try load(["o": "sources: [{name: a, files: [/a]}]"], path: "o").configuration.limits == SeriesLimits())
    }

    @Test func filesThatLookAlikeAreNotMistaken() {
        let text = """
            state_dir: /var/lib/outrider
            sources:
              - {name: a, files: [/log/app.log, /log/app.log, "/log/{b,b}.log", /var/lib/outrider-demo/x.log]}
              - {name: b, files: [/log/app.log.old, /log/x/*.log], exclude: [/log/x/lines.log]}
              - {name: c, files: [/log/app.log], exclude: ["/log/app.*"]}
            patterns: [{name: p, match: x, metrics: [{counter: x_total}]}]
            records: [{name: r, to: /log/x/lines.log}, {name: s, to: /log/ap}, {name: t, to: /log/x/y/z.log}]
            """
        #expect(outcome(["outrider.yml": text]) == "")
    }

    @Test func aFolderWithSpecialCharactersIsNoGlob() throws {
        let text = "sources: [{name: app, files: ['*.log', /x/*.log], exclude: [b.log]}]"
        let source = try #require(try load(["/a/{[*/o.yml": text], path: "/a/{[*/o.yml").configuration.sources.first)
        #expect(source.include == [#"/a/\{\[\*/*.log"#, "/x/*.log"])
        let glob = try FilePattern(source.include[0])
        #expect(glob.matches("/a/{[*/b.log") && !glob.matches("/a/{[x/b.log"))
        #expect(source.exclude == [#"/a/\{\[\*/b.log"#])
    }

    @Test func defaultsOfKeysAreThoseOfTheSettings() throws {
        let configuration = try load(["outrider.yml": "sources: [{name: app, files: [/a]}]"]).configuration
        #expect(configuration.metricsServer == HTTPSettings())
        #expect(configuration.ledger == LedgerSettings(directory: "/var/lib/outrider"))
        #expect(configuration.sources == [FileSourceSettings(name: SourceName("app"), include: ["/a"])])
        #expect(configuration.patterns.isEmpty && configuration.records.isEmpty && configuration.target.isEmpty)
    }

    @Test(
        arguments: [
            ("counter: c_total", .add, nil),
            ("counter: c_total, operation: inc", .add, nil),
            ("counter: c_total, value: $v", .add, .capture("v")),
            ("counter: c_total, value: 2.5", .add, .constant("2.5")),
            ("gauge: g, value: $v", .set, .capture("v")),
            ("gauge: g, value: 1, operation: sub", .subtract, .constant("1")),
            ("gauge: g, operation: inc", .add, .constant("1")),
            ("gauge: g, operation: dec", .subtract, .constant("1")),
            ("gauge: g, value: $v, operation: min", .minimum, .capture("v")),
            ("gauge: g, value: $v, operation: max", .maximum, .capture("v")),
        ] as [(String, MatchBuffer.Operation, ValueSource?)])
    func operationsMeanWhatTheySay(text: String, operation: MatchBuffer.Operation, value: ValueSource?) throws {
        let metric = try #require(try metrics("{\(text)}").first)
        #expect(metric.operation == operation)
        #expect(metric.value == value)
    }

    @Test(
        arguments: [
            ("$v", .capture("v")), ("plain", .constant("plain")), ("\"$$v\"", .constant("$v")),
            ("\"a$$b$\"", .constant("a$b$")), ("\"${JOB}-1\"", .constant("bot-1")),
            ("\"${DOLLAR}\"", .constant("$level")), ("\"$${v}\"", .constant("${v}")), ("true", .constant("true")),
            ("\"${EMPTY:-none}\"", .constant("none")), ("\"${EMPTY}\"", .constant("")), ("12", .constant("12")),
        ] as [(String, ValueSource)])
    func labelsAreCapturesOrText(text: String, expected: ValueSource) throws {
        let metric = try #require(try metrics("{counter: c_total, labels: {l: \(text)}}").first)
        #expect(metric.labelValues == [expected])
    }

    @Test func labelsOfOneMetricHaveOneOrderAndOneHelp() throws {
        let both = try metrics(
            "{counter: c_total, labels: {a: x, b: y}}", "{counter: c_total, help: Words., labels: {b: $v, a: z}}")
        #expect(both.map(\.labelNames) == [["a", "b"], ["a", "b"]])
        #expect(both[1].labelValues == [.constant("z"), .capture("v")])
        #expect(both.map(\.help) == ["Words.", "Words."])
    }

    private func metrics(_ items: String...) throws -> [PatternMetricSettings] {
        let list = items.map { "      - \($0)" }.joined(separator: "\n")
        let text = """
            sources: [{name: app, files: [/a]}]
            patterns:
              - name: p
                match: 'v=(?<v>\\d+)'
                metrics:
            \(list)
            """
        return try load(["outrider.yml": text]).configuration.patterns[0].metrics
    }
}

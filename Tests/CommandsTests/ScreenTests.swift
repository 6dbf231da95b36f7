import Extraction
import JSONText
import LineFormats
import LogModel
import SeriesModel
import Testing

@testable import Commands

@Suite
struct ScreenTests {
    private static let consumers: JSONValue = [
        [
            "consumer": "metrics", "source": "app", "configured": true, "streams": 3, "lines": 1_234_567,
            "lines_cut": 0, "consumed": 221_700_000, "skipped": [:], "lost": ["truncated": 2048],
            "open_ended_losses": 1, "pending": 1200,
        ],
        [
            "consumer": "old", "source": "app", "configured": false, "streams": 1, "lines": 0, "lines_cut": 0,
            "consumed": 0, "skipped": ["start_at": 512], "lost": [:], "open_ended_losses": 0, "pending": 0,
        ],
    ]

    private static var status: [JSONValue.Member] {
        [
            .init("version", "0.1.0"), .init("process", 4711), .init("uptime_seconds", .number(7440)),
            .init("state_directory", "/var/lib/outrider"), .init("metrics_address", "127.0.0.1:9817"),
            .init("configuration", "1 source, 2 patterns, 0 records"),
        ]
    }

    @Test
    func aHealthyAgentIsOneScreen() {
        let status = JSONValue.object(
            Self.status + [
                .init("reloads", ["succeeded": 2, "failed": 1, "last_was_good": true]), .init("state", "running"),
                .init(
                    "ledger",
                    ["durable": true, "epoch": 4810, "published_seconds_ago": .number(0.42), "error": .null]),
                .init("streams", 3), .init("consumers", Self.consumers), .init("problems", []),
                .init("unbalanced_accounts", 0),
            ])
        #expect(
            StatusScreen(status: status).lines.joined(separator: "\n") == """
                outrider 0.1.0 is running, process 4711, up 2 h 4 min
                  state       /var/lib/outrider
                  ledger      durable, epoch 4,810, committed 0.4 s ago
                  metrics     http://127.0.0.1:9817/metrics
                  configured  1 source, 2 patterns, 0 records
                  reloads     2 taken, 1 refused
                  streams     3 followed

                CONSUMER  SOURCE  STREAMS      LINES  CONSUMED  SKIPPED  PENDING       LOST  NOTE
                metrics   app           3  1,234,567   211 MiB      0 B  1.2 KiB  2.0 KiB +
                old       app           1          0       0 B    512 B      0 B        0 B  not configured

                no problems
                """)
    }

    @Test
    func whatCouldNotBeReadAsConfiguredIsSaid() {
        let status = JSONValue.object(
            Self.status + [
                .init(
                    "decoding",
                    [
                        ["source": "app", "lines_undecoded": .number(1), "records_cut": .number(2)],
                        ["source": "pod", "lines_malformed": .number(7), "characters_replaced": .number(1)],
                    ]), .init("problems", []),
            ])
        #expect(
            StatusScreen(status: status).lines.suffix(5) == [
                "2 sources with what could not be read as configured",
                "  - app: 1 line without readable fields, 2 records cut at the greatest size",
                "  - pod: 7 lines that no container runtime wrote, 1 character replaced", "", "no problems",
            ])
    }

    @Test
    func whatIsWrongIsListedWithWhatToDo() {
        let status = JSONValue.object(
            Self.status + [
                .init("reloads", ["succeeded": 0, "failed": 1, "last_was_good": false]), .init("state", "degraded"),
                .init(
                    "ledger",
                    [
                        "durable": false, "epoch": 3, "published_seconds_ago": 1, "error": "the disk is full",
                        "hint": "free some space",
                    ]), .init("problems", ["Cannot open /x: permission denied. (Add a group.)"]),
            ])
        let lines = StatusScreen(status: status).lines
        #expect(lines[0].hasPrefix("outrider 0.1.0 is running without a durable ledger"))
        #expect(lines.contains("  ledger      NOT durable, epoch 3, published 1 s ago"))
        #expect(
            lines.suffix(4) == [
                "2 problems", "  - the disk is full", "    free some space",
                "  - Cannot open /x: permission denied. (Add a group.)",
            ])
    }

    @Test
    func aHistoryWithoutRoomIsAProblem() {
        let history: JSONValue = ["series": 910, "samples": 21_935, "series_refused": 4188, "durable": true]
        let lines = StatusScreen(status: .object(Self.status + [.init("history", history), .init("problems", [])]))
            .lines
        #expect(
            lines.suffix(3) == [
                "1 problem", "  - the history has no room for 4,188 series of the page",
                "    raise history.memory, or leave out labels with many values",
            ])
    }

    @Test
    func anAgentThatOnlyStartsHasAScreenToo() {
        let lines = StatusScreen(status: .object(Self.status + [.init("state", "starting")])).lines
        #expect(lines.first == "outrider 0.1.0 is starting, process 4711, up 2 h 4 min")
        #expect(lines.contains("  ledger      nothing published yet"))
    }

    @Test
    func aFinishedFileIsSaidToBeFinished() {
        let report: JSONValue = [
            "file": "/l/app.log.1", "from": "agent",
            "streams": [
                [
                    "stream": 7, "source": "app", "path": "/l/app.log", "seen": 12_000, "finished": ["bytes": 9000],
                    "segments": [], "consumers": [], "losses": [],
                ]
            ],
        ]
        #expect(
            StreamScreen(report: report).lines.joined(separator: "\n") == """
                /l/app.log.1 is a rotated file of /l/app.log.
                Every consumer is done with its 9,000 bytes: they were read, or passed over when
                the stream was first followed. Nobody needs it any more. The account of the whole stream:

                /l/app.log: stream 7 of source app, 12 KiB seen

                  nothing was seen of it yet

                  no consumer reads it
                """)
    }

    @Test
    func theAccountIsAnEquation() {
        let report: JSONValue = [
            "file": "/l/app.log", "from": "ledger",
            "streams": [
                [
                    "stream": 7, "source": "app", "path": "/l/app.log", "seen": 12_000,
                    "segments": [
                        ["start": 0, "end": 9000, "path": "/l/app.log.1.gz", "codec": "gzip", "state": "complete"],
                        ["start": 9000, "end": 12_000, "path": "/l/app.log", "codec": "plain", "state": "open"],
                    ],
                    "consumers": [
                        [
                            "consumer": "metrics", "position": 11_000, "seen": 12_000, "lines": 90, "lines_cut": 1,
                            "consumed": 9500, "skipped": ["line_too_long": 1000], "lost": ["truncated": 500],
                            "open_ended_losses": 2, "pending": 1000, "balanced": true,
                        ]
                    ],
                    "losses": [
                        [
                            "consumer": "metrics", "reason": "truncated", "from": 8000, "to": 8500, "open_ended": true,
                            "path": "/l/app.log", "time": .number(1_767_323_045.678),
                        ]
                    ],
                ]
            ],
        ]
        #expect(
            StreamScreen(report: report).lines.joined(separator: "\n") == """
                /l/app.log: stream 7 of source app, 12 KiB seen

                   FROM      TO  STATE     KIND   FILE
                      0   9,000  complete  gzip   /l/app.log.1.gz
                  9,000  12,000  open      plain  /l/app.log

                  metrics stands at 11,000
                    12,000  bytes seen
                  =  9,500  consumed, 90 lines, 1 of them cut
                  +  1,000  skipped: line_too_long
                  +  1,000  pending
                  +    500  lost: truncated
                    and what was written but never seen, 2 times

                  LOST AT                   CONSUMER  REASON      FROM     TO
                  2026-01-02T03:04:05.678Z  metrics   truncated  8,000  8,500  or more

                No agent runs: this is what the last one left.
                """)
    }

    @Test
    func aLineIsExplainedPatternByPattern() throws {
        let patterns = [
            PatternSettings(
                name: "value", match: #"v=(?<v>\S+) (?<unit>\w+)(?<rest>!)?"#,
                metrics: [
                    PatternMetricSettings(
                        kind: .gauge, name: "taken", help: "", operation: .set, value: .capture("v"),
                        labelNames: ["unit"], labelValues: [.capture("unit")]),
                    PatternMetricSettings(
                        kind: .gauge, name: "refused", help: "", operation: .set, value: .capture("v"),
                        validation: ValidationSettings(rejectOutside: 0...1)),
                ]),
            PatternSettings(name: "silent", match: "nothing of that"),
            PatternSettings(name: "elsewhere", sources: [SourceName("b")], match: "v="),
        ]
        let extractor = try Extractor(patterns: patterns, sources: [SourceName("a"), SourceName("b")])
        let line = Array("x v=7 allo\u{1B}".utf8)
        let screen = LineScreen(text: line, explanations: extractor.explain(line, source: 0))
        #expect(
            screen.lines.joined(separator: "\n") == #"""
                x v=7 allo\x1b
                  ✓ value: matches at bytes 2–10
                      $v     7
                      $unit  allo
                      $rest  (took no part)
                      taken{unit="allo"} = 7
                      refused stays: the value is rejected (out_of_range, 7)
                  no match: silent
                  not for this source: elsewhere
                """#)
        let json = try JSONValue(parsing: screen.json.compactText)
        #expect(json["patterns"]?.array?.map { $0["outcome"] } == ["matched", "no_match", "other_source"])
        #expect(json["patterns"]?.array?.first?["captures"] == ["v": "7", "unit": "allo", "rest": .null])
    }

    private static func count(
        _ name: String, match: String? = nil, field: String? = nil, _ conditions: FieldConditions = FieldConditions()
    ) -> PatternSettings {
        PatternSettings(
            name: name, match: match, field: field, conditions: conditions,
            metrics: [
                PatternMetricSettings(kind: .counter, name: name + "_total", help: "", operation: .add, value: nil)
            ])
    }

    @Test
    func whereAnExpressionStoppedIsShown() throws {
        let source = SourceName("a")
        let extractor = try Extractor(
            patterns: [
                Self.count("strict", match: #"success: prediction=(?<p>[\d.]+) balance="#),
                Self.count("begin", match: "^Submission"), Self.count("shout", match: "SUCCESS"),
                Self.count("end", match: "prediction=lots$"), Self.count("far", match: "nothing"),
                Self.count("but", match: "success(?!.*lots)"),
            ], sources: [source])
        let line = Array("- Submission success: prediction=lots balance=1".utf8)
        let screen = LineScreen(text: line, explanations: extractor.explain(line, source: 0))
        #expect(
            screen.lines.joined(separator: "\n") == #"""
                - Submission success: prediction=lots balance=1
                  ≈ strict: stops at byte 33 of the line
                      expression  success: prediction=(?<p>▕[\d.]+) balance=
                      text             success: prediction=▕lots balance=1
                  ≈ end: stops at byte 37 of the line
                      expression  prediction=lots▕$
                      text        prediction=lots▕ balance=1
                  ≈ begin: matches only without `^`, at byte 2 of the line
                      expression  ^Submission
                      text        Submission
                  ≈ shout: only the case of letters differs; `(?i)` at the front of the expression makes it match
                      expression  SUCCESS
                      text        success
                  ≈ but: byte 20 of the line begins what the expression excludes
                      expression  success▕(?!.*lots)
                      text        success▕: prediction=lots balance=1
                  no match: far
                """#)
        let near = try JSONValue(parsing: screen.json.compactText)["patterns"]?.array?.first?["near_miss"]
        #expect(near?["obstacle"] == "text" && near?["unmet"] == #"[\d.]+"# && near?["stop"] == 33)
    }

    @Test
    func fieldsThatAreOthersAreShown() throws {
        let source = SourceName("a")
        let extractor = try Extractor(
            patterns: [
                Self.count(
                    "slow",
                    FieldConditions(
                        required: [
                            .init(path: "level", texts: ["error", "fatal"]), .init(path: "code", texts: ["5"]),
                        ],
                        excluded: [.init(path: "path", texts: ["/up"])], present: ["took"])),
                Self.count("text", match: "done in (?<t>[0-9]+)", field: "message"),
                Self.count("else", FieldConditions(present: ["other"])),
            ], sources: [source], fields: [source: .json])
        let line = Array(#"{"level":"info","code":5,"path":"/up","message":"done in \u0031s"}"#.utf8)
        func screen(_ line: [UInt8]) -> String {
            LineScreen(
                text: line, fields: extractor.fields(of: line, source: 0),
                explanations: extractor.explain(line, source: 0)
            ).lines.joined(separator: "\n")
        }
        #expect(
            screen(line) == #"""
                {"level":"info","code":5,"path":"/up","message":"done in \u0031s"}
                  .level    info
                  .code     5
                  .path     /up
                  .message  done in 1s
                  ✓ text: matches in message
                      $t  1
                      text_total += 1
                  ≈ slow: the fields are others
                      .level is info, not error or fatal
                      .path is /up, which is excluded
                      .took is missing
                  the fields are others: else
                """#)
        #expect(
            screen(Array(#"{"message":"done in no time"}"#.utf8)) == #"""
                {"message":"done in no time"}
                  .message  done in no time
                  ≈ text: stops at byte 8 of the field message
                      expression  done in (?<t>▕[0-9]+)
                      text             done in ▕no time
                  the fields are others: slow, else
                """#)
        #expect(
            screen(Array("no json".utf8)) == """
                no json
                  the line is not in the format of its source, and has no fields
                  the fields are others: slow, text, else
                """)
    }
}

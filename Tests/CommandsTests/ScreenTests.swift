import Extraction
import JSONText
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
        let screen = LineScreen(line: line, explanations: extractor.explain(line, source: 0))
        #expect(
            screen.lines.joined(separator: "\n") == #"""
                x v=7 allo\x1b
                  value: matches at bytes 2–10
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
}

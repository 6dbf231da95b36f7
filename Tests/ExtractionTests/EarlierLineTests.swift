import LineFormats
import LogModel
import SeriesModel
import Testing

@testable import Extraction

/// Timers, and values that are remembered.
@Suite struct EarlierLineTests {
    private let app = SourceName("app")

    private func extractor(
        _ patterns: [PatternSettings], fields: FieldFormat = .none
    ) throws -> Extractor {
        try Extractor(patterns: patterns, sources: [app], fields: [app: fields])
    }

    /// Lines at 12:00 and so many seconds; `-` for a line without a time.
    private func log(_ lines: (second: Int?, text: String)...) -> String {
        lines.map { line in
            guard let second = line.second else { return "- \(line.text)\n" }
            return "\(1_763_899_200 + second) \(line.text)\n"
        }.joined()
    }

    private func jobs(
        _ timer: TimerSettings = TimerSettings(name: "job", timeout: .seconds(60)), key: ValueSource? = .capture("id")
    ) -> [PatternSettings] {
        [
            PatternSettings(
                name: "start", match: #"start(?: (?<id>\w+))?"#, timers: [TimerUse(timer, role: .start, key: key)]),
            PatternSettings(
                name: "end", match: #"end(?: (?<id>\w+))?"#, timers: [TimerUse(timer, role: .end, key: key)],
                metrics: [
                    metric(.gauge, "job_seconds", .set, .earlier("job"), labels: [("id", .capture("id"))]),
                    metric(.counter, "ends_total", .add),
                ]),
        ]
    }

    private func updates(_ extractor: Extractor, _ text: String) -> [String] {
        extract(extractor, text).filter {
            $0.hasPrefix("outrider_timers") || $0.hasPrefix("job") || $0.hasPrefix("ends")
        }
    }

    @Test func theTimeBetweenTwoLinesIsAValue() throws {
        let extractor = try extractor(jobs())
        let text = log((0, "start a"), (2, "start b"), (5, "end a"), (nil, "end b"), (6, "start c"))
        #expect(
            updates(extractor, text) == [
                #"job_seconds{id="a"} set 5.0 @2"#, #"job_seconds{id="b"} set 3.0 @3"#, "ends_total add 2.0 @3",
                #"outrider_timers_open{timer="job"} set 1.0 @0"#,
            ])
        // It goes on with the next batch.
        #expect(
            updates(extractor, log((7, "end c"))) == [
                #"job_seconds{id="c"} set 1.0 @0"#, "ends_total add 1.0 @0",
                #"outrider_timers_open{timer="job"} set 0.0 @0"#,
            ])
    }

    @Test(
        arguments: [
            ([(0, "end a")], [#"unmatched_total{timer="job"} add 1.0 @0"#]),
            (
                [(0, "start a"), (1, "start a"), (3, "end a")],
                [#"restarted_total{timer="job"} add 1.0 @1"#, "job 2.0"]
            ),
            (
                [(0, "start a"), (61, "start b"), (62, "end a")],
                [
                    #"expired_total{timer="job"} add 1.0 @2"#, #"unmatched_total{timer="job"} add 1.0 @2"#,
                    #"open{timer="job"} set 1.0 @0"#,
                ]
            ),
            ([(0, "start a"), (60, "end a")], ["job 60.0"]),
            (
                [(0, "start a"), (61, "end a")],
                [#"expired_total{timer="job"} add 1.0 @1"#, #"unmatched_total{timer="job"} add 1.0 @1"#]
            ),
            ([(5, "start a"), (3, "end a")], [#"refused_total{timer="job",reason="negative"} add 1.0 @1"#]),
            (
                [(0, "start a"), (1, "start"), (1, "end"), (2, "end a")],
                [#"refused_total{timer="job",reason="no_key"} add 2.0 @2"#, "job 2.0"]
            ),
            (
                [
                    (0, "start " + String(repeating: "x", count: 257)),
                    (0, "start " + String(repeating: "x", count: 256)),
                ],
                [#"refused_total{timer="job",reason="long_key"} add 1.0 @0"#, #"open{timer="job"} set 1.0 @0"#]
            ),
        ] as [([(Int, String)], [String])])
    func everyOtherCaseHasItsRuleAndItsCounter(lines: [(second: Int, text: String)], expected: [String]) throws {
        let text = lines.map { log(($0.second, $0.text)) }.joined()
        let found = updates(try extractor(jobs()), text).filter { !$0.hasPrefix("ends") }
        let shortened = found.map { update in
            update.hasPrefix("job_seconds")
                ? "job " + update.split(separator: " ")[2] : String(update.dropFirst("outrider_timers_".count))
        }
        #expect(Set(shortened) == Set(expected))
        #expect(shortened.count == expected.count)
    }

    @Test func aTimerWithoutAKeyIsOneForAStreamAndALineMayEndAndStartIt() throws {
        let lap = TimerSettings(name: "job")
        let extractor = try extractor([
            PatternSettings(
                name: "lap", match: "lap", timers: [TimerUse(lap, role: .end), TimerUse(lap, role: .start)],
                metrics: [metric(.gauge, "job_seconds", .set, .earlier("job"), reading: NumberReading(scale: 1000))])
        ])
        let found = updates(extractor, log((0, "lap"), (3, "lap"), (7, "lap")))
        #expect(
            found == [
                "job_seconds set 3000.0 @1", "job_seconds set 4000.0 @2",
                #"outrider_timers_unmatched_total{timer="job"} add 1.0 @0"#,
                #"outrider_timers_open{timer="job"} set 1.0 @0"#,
            ])
    }

    @Test func anEarlierLineIsAValueOrALabel() throws {
        let extractor = try extractor([
            PatternSettings(
                name: "epoch", match: #"epoch (?<n>\S+)?"#,
                remembered: [
                    RememberedValue(name: "epoch", value: .capture("n")),
                    RememberedValue(name: "phase", value: .constant("training")),
                ], metrics: [metric(.gauge, "job_epoch", .set, .earlier("epoch"))]),
            PatternSettings(
                name: "loss", match: #"loss (?<v>\S+)"#,
                metrics: [
                    metric(
                        .gauge, "job_loss", .set, .capture("v"),
                        labels: [("epoch", .earlier("epoch")), ("phase", .earlier("phase"))]),
                    metric(.gauge, "job_at", .set, .earlier("epoch")),
                ]),
        ])
        let text = log((0, "loss 9"), (1, "epoch 7"), (2, "loss 3"), (3, "epoch "), (4, "loss 2"), (5, "epoch x"))
        #expect(
            updates(extractor, text) == [
                #"job_loss{epoch="",phase=""} set 9.0 @0"#, "job_epoch set 7.0 @1",
                #"job_loss{epoch="7",phase="training"} set 3.0 @2"#, "job_at set 7.0 @2", "job_epoch set 7.0 @3",
                #"job_loss{epoch="7",phase="training"} set 2.0 @4"#, "job_at set 7.0 @4",
            ])
        let rejected = extractor.recentRejections(of: "job_at") + extractor.recentRejections(of: "job_epoch")
        #expect(rejected.map(\.reason) == [.missing, .notANumber])
    }

    @Test func fieldsAreKeysAndValuesToo() throws {
        let timer = TimerSettings(name: "job")
        let extractor = try extractor(
            [
                PatternSettings(
                    name: "start", match: nil,
                    conditions: FieldConditions(required: [.init(path: "event", texts: ["start"])]),
                    remembered: [RememberedValue(name: "host", value: .field("host"))],
                    timers: [TimerUse(timer, role: .start, key: .field("id"))]),
                PatternSettings(
                    name: "end", match: nil,
                    conditions: FieldConditions(required: [.init(path: "event", texts: ["end"])]),
                    timers: [TimerUse(timer, role: .end, key: .field("id"))],
                    metrics: [
                        metric(.gauge, "job_seconds", .set, .earlier("job"), labels: [("host", .earlier("host"))])
                    ]),
            ], fields: .json)
        let text = """
            {"ts":"2025-11-23T12:00:00Z","event":"start","id":"a\\u0062","host":"h1"}
            {"ts":"2025-11-23T12:00:01Z","event":"start","host":"h2"}
            {"ts":"2025-11-23T12:00:04.5Z","event":"end","id":"ab"}
            """
        #expect(
            updates(extractor, text) == [
                #"job_seconds{host="h2"} set 4.5 @2"#,
                #"outrider_timers_refused_total{timer="job",reason="no_key"} add 1.0 @1"#,
            ])
    }

    @Test func whatIsRememberedIsCutAsLabelsAre() throws {
        let extractor = try extractor([
            PatternSettings(
                name: "all", match: "(?<all>.*)", remembered: [RememberedValue(name: "all", value: .capture("all"))],
                metrics: [metric(.counter, "job_total", .add, labels: [("all", .earlier("all"))])])
        ])
        let long = String(repeating: "ä", count: 600)
        let found = extract(extractor, long)
        #expect(found.contains(#"job_total{all="\#(String(repeating: "ä", count: 64))"} add 1.0 @0"#))
        #expect(found.contains(#"outrider_labels_cut_total{metric="job_total"} add 1.0 @0"#))
        #expect(extractor.notes.map(\.value) == [Array(String(repeating: "ä", count: 512).utf8)])
    }

    @Test func streamsKnowNothingOfEachOtherAndNotesBringBackAll() throws {
        let patterns =
            jobs() + [
                PatternSettings(
                    name: "r", match: #"r=(?<r>\w+)"#, remembered: [RememberedValue(name: "r", value: .capture("r"))],
                    metrics: [metric(.counter, "job_total", .add, labels: [("r", .earlier("r"))])])
            ]
        let first = try extractor(patterns)
        _ = extract(first, log((0, "start a"), (1, "r=1"), (nil, "x")))
        let second = try extractor(patterns)
        second.restore(first.notes)
        #expect(second.takeNoteChanges().isEmpty)
        #expect(Set(second.notes) == Set(first.notes))
        #expect(first.takeNoteChanges() == LineNoteChanges(written: first.notes))
        // The line's time is that of two lines before, which the last batch had.
        #expect(updates(second, log((nil, "end a"))).first == #"job_seconds{id="a"} set 1.0 @0"#)
        let changes = second.takeNoteChanges()
        #expect(changes.removed == [LineNote.ID(stream: StreamID(4), kind: .timer, name: "job", key: Array("a".utf8))])
        #expect(changes.written.map(\.value) == [[2]])
        let other = LineNote(
            id: LineNote.ID(stream: StreamID(9), kind: .timer, name: "job", key: [0x61]), time: .unixEpoch)
        second.restore([other])
        #expect(
            updates(second, log((0, "end a"))).contains(#"outrider_timers_unmatched_total{timer="job"} add 1.0 @0"#))
    }

    @Test func notesThatNoPatternKnowsGo() throws {
        let first = try extractor(jobs())
        _ = extract(first, log((0, "start a")))
        let second = try extractor(
            jobs(TimerSettings(name: "task"), key: .capture("id")).map { pattern in
                var pattern = pattern
                pattern.metrics = []
                return pattern
            })
        second.restore(first.notes)
        #expect(second.hasForgottenNotes)
        #expect(second.takeNoteChanges().removed.map(\.kind) == [.timer])
        #expect(!second.hasForgottenNotes)
        #expect(second.notes.map(\.id.kind) == [.time])
    }
}

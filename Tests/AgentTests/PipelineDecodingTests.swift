import Configuration
import Consumption
import FileTail
import JSONText
import Ledger
import LineFormats
import LogModel
import LogPipeline
import MetricRegistry
import TestSupport
import Testing

@testable import Agent

/// What gives trouble when sources are decoded: it is on the page, and as exact across crashes as the lines are.
@Suite
struct PipelineDecodingTests {
    private let disk: SimulatedDisk
    private let store = FaultyDisk("decoding-\(UInt64.random(in: 0 ... .max))")
    private let time = ManualTime()

    init() throws {
        disk = SimulatedDisk(clock: time)
        try disk.makeDirectory("/log")
    }

    private static let sources: [(name: SourceName, path: String, decoding: DecodingSettings)] = [
        (
            SourceName("pod"), "/log/pod.log",
            DecodingSettings(
                container: .cri,
                multiline: MultilineSettings(boundary: .firstLine("^[A-Z]"), maximumLineCount: 2))
        ),
        (SourceName("wide"), "/log/wide.log", DecodingSettings(encoding: .utf16LittleEndian)),
        (SourceName("plain"), "/log/plain.log", DecodingSettings(fields: .json)),
    ]

    private func configuration() -> AgentConfiguration {
        AgentConfiguration(
            ledger: LedgerSettings(directory: "/state"),
            sources: Self.sources.map {
                FileSourceSettings(
                    name: $0.name, include: [$0.path], startAt: .beginning,
                    lineEnd: LineEnd($0.decoding.encoding.lineEnd))
            },
            decoding: Dictionary(uniqueKeysWithValues: Self.sources.map { ($0.name, $0.decoding) }))
    }

    private func pipeline(_ contents: LedgerContents) throws -> Pipeline {
        try Pipeline(
            configuration(), restoring: contents, files: disk, time: time, openRecord: { _ in throw UnexpectedRecord() }
        )
    }

    private func turn(_ pipeline: Pipeline) {
        pipeline.consumption.scan()
        pipeline.tail.observe()
        while pipeline.consumption.turn() {}
    }

    private static let line = "2016-10-06T00:17:09.669794202Z stdout F"

    @Test
    func whatGivesTroubleIsCountedOnceWhateverIsReadAgain() throws {
        var (ledger, contents, _) = try Ledger.open(store, onCorrupt: .refuse, now: time.wallNow())
        var pipeline = try pipeline(contents)
        turn(pipeline)
        var shown = pipeline.seal()
        try ledger.commit(shown.changes, epoch: shown.epoch)
        // Only what can happen to a source has a series, from the start.
        #expect(
            DecodingCounters.kinds.map { kind in
                shown.content.metrics.series(of: kind.name).map { [$0.labelValues[0], "\($0.value ?? -1)"] }
            } == [[["pod", "0.0"]], [["pod", "0.0"]], [["wide", "0.0"]]])

        // The last record may go on, so its lines are read again; and again after each crash.
        try disk.append("/log/pod.log", "A\n\(Self.line) b\n\(Self.line) c\nplain\n")
        try disk.append("/log/wide.log", [0x00, 0xD8, 0x41, 0x00, 0x0A, 0x00])
        turn(pipeline)
        for _ in 0..<2 {
            ledger.close()
            disk.restartAgent()
            (ledger, contents, _) = try Ledger.open(store, onCorrupt: .refuse, now: time.wallNow())
            pipeline = try self.pipeline(contents)
            turn(pipeline)
            try disk.append("/log/pod.log", "\(Self.line) d\n")
            turn(pipeline)
            shown = pipeline.seal()
            try ledger.commit(shown.changes, epoch: shown.epoch)
        }
        let metrics = shown.content.metrics
        // `A b` is cut, and so is `c plain`; `d d` may go on.
        #expect(metrics.value("outrider_records_cut_total", ["source": "pod"]) == 2)
        #expect(metrics.value("outrider_lines_malformed_total", ["source": "pod"]) == 2)
        #expect(metrics.value("outrider_characters_replaced_total", ["source": "wide"]) == 1)
        #expect(
            DecodingReport(metrics).json == [
                ["source": "pod", "lines_malformed": .number(2), "records_cut": .number(2)],
                ["source": "wide", "characters_replaced": .number(1)],
            ])
        ledger.close()
    }
}

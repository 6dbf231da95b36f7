import Configuration
import Consumption
import Extraction
import FileAccess
import FileTail
import Ledger
import LogModel
import MetricRegistry
import SeriesModel
import TestSupport
import Testing

@testable import Agent

/// Series that go, in the whole pipeline: from lines in a file to what a ledger holds after a crash.
@Suite
struct PipelineExpiryTests {
    private final class Scenario {
        private let disk: SimulatedDisk
        private var committed = LedgerContents()
        let time = ManualTime()
        private(set) var pipeline: Pipeline

        init() throws {
            disk = SimulatedDisk(clock: time)
            try disk.makeDirectory("/log")
            pipeline = try Self.pipeline(disk, committed, time)
        }

        private static func pipeline(
            _ disk: SimulatedDisk, _ contents: LedgerContents, _ time: ManualTime
        ) throws -> Pipeline {
            let jobs = PatternMetricSettings(
                kind: .counter, name: "job_steps_total", help: "Steps.", operation: .add, value: nil,
                labelNames: ["job"], labelValues: [.capture("job")], expiresAfter: .seconds(60))
            let configuration = AgentConfiguration(
                ledger: LedgerSettings(directory: "/state"),
                sources: [
                    FileSourceSettings(name: SourceName("app"), include: ["/log/app.log"], startAt: .beginning)
                ], patterns: [PatternSettings(name: "job", match: #"job=(?<job>\w+)"#, metrics: [jobs])])
            return try Pipeline(
                configuration, restoring: contents, files: disk, time: time,
                openRecord: { _ in throw UnexpectedRecord() })
        }

        func write(_ lines: String...) throws {
            try disk.append("/log/app.log", lines.map { "\($0)\n" }.joined())
        }

        /// One turn of the loop: reads what is there, and lets go what has to.
        func turn() {
            pipeline.consumption.scan()
            pipeline.tail.observe()
            while pipeline.consumption.turn() {}
            pipeline.expireSeries()
        }

        /// Makes all durable; gives the steps of a job as they are shown then.
        func commit() -> [String: Double?] {
            let sealed = pipeline.seal(isComplete: true)
            committed = LedgerContents()
            committed.epoch = sealed.epoch
            committed.bootIdentifier = disk.bootIdentifier()
            committed.streams = sealed.changes.streams
            committed.scanned = sealed.changes.scanned
            committed.consumers = sealed.changes.consumers
            committed.metrics = sealed.changes.metrics
            let series = sealed.content.metrics.series(of: "job_steps_total")
            return Dictionary(series.map { ($0.labelValues[0], $0.value) }) { first, _ in first }
        }

        func crash() throws {
            disk.restartAgent()
            pipeline = try Self.pipeline(disk, committed, time)
        }
    }

    @Test
    func aSeriesGoesWithoutALineAndBeginsAnewWithOne() throws {
        let scenario = try Scenario()
        try scenario.write("job=a", "job=a", "job=b")
        scenario.turn()
        #expect(scenario.commit() == ["a": 2, "b": 1])
        scenario.time.advance(by: .seconds(40))
        try scenario.write("job=b")
        scenario.turn()
        #expect(scenario.commit() == ["a": 2, "b": 2])
        scenario.time.advance(by: .seconds(20))
        #expect(!scenario.pipeline.hasChanges)
        scenario.turn()
        #expect(scenario.pipeline.hasChanges, "the removal is committed though nothing was read")
        #expect(scenario.commit() == ["b": 2])
        try scenario.crash()
        try scenario.write("job=a")
        scenario.turn()
        #expect(scenario.commit() == ["a": 1, "b": 2])
    }

    @Test
    func whatACrashReadsAgainIsCountedOnceWhereverItStrikes() throws {
        for step in 0..<4 {
            let scenario = try Scenario()
            try scenario.write("job=a", "job=a")
            scenario.turn()
            _ = scenario.commit()
            scenario.time.advance(by: .seconds(50))
            try scenario.write("job=a")
            if step > 0 { scenario.turn() }
            if step > 1 { _ = scenario.pipeline.seal() }
            // The time in which the agent is down does not count: the line may be unread.
            scenario.time.advance(by: .seconds(500))
            if step > 2 { scenario.turn() }
            try scenario.crash()
            scenario.turn()
            #expect(scenario.commit() == ["a": 3], "after step \(step)")
            scenario.time.advance(by: .seconds(60))
            scenario.turn()
            #expect(scenario.commit() == [:])
        }
    }
}

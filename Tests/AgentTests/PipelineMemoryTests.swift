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

/// What lines leave for later lines, in the whole pipeline: from lines in files to a real ledger, and back after a crash.
@Suite
struct PipelineMemoryTests {
    private final class Scenario {
        private let disk: SimulatedDisk
        private let store: FaultyDisk
        private let time = ManualTime()
        private var configuration: AgentConfiguration
        private var ledger: Ledger
        private(set) var pipeline: Pipeline
        private(set) var contents: LedgerContents

        init(_ patterns: [PatternSettings]) throws {
            disk = SimulatedDisk(clock: time)
            try disk.makeDirectory("/log")
            store = FaultyDisk("memory-\(UInt64.random(in: 0 ... .max))")
            // All lines have arrived when they are read.
            time.advance(by: .seconds(7200))
            configuration = AgentConfiguration(
                ledger: LedgerSettings(directory: "/state"),
                sources: [FileSourceSettings(name: SourceName("app"), include: ["/log/*.log"], startAt: .beginning)],
                patterns: patterns)
            (ledger, contents, _) = try Ledger.open(store, onCorrupt: .refuse, now: time.wallNow())
            pipeline = try Self.pipeline(configuration, contents, disk, time)
        }

        deinit { ledger.close() }

        private static func pipeline(
            _ configuration: AgentConfiguration, _ contents: LedgerContents, _ disk: SimulatedDisk, _ time: ManualTime
        ) throws -> Pipeline {
            try Pipeline(
                configuration, restoring: contents, files: disk, time: time,
                openRecord: { _ in throw UnexpectedRecord() })
        }

        func write(_ line: (stream: String, text: String)) throws {
            try disk.append("/log/\(line.stream).log", "\(line.text)\n")
        }

        func delete(_ stream: String) throws { try disk.unlink("/log/\(stream).log") }

        func rotate(_ stream: String) throws { try disk.rename("/log/\(stream).log", to: "/log/\(stream).log.1") }

        func pass(_ duration: Duration) { time.advance(by: duration) }

        func turn() {
            pipeline.consumption.scan()
            pipeline.tail.observe()
            while pipeline.consumption.turn() {}
        }

        /// Makes all durable; gives the page then.
        @discardableResult
        func commit() throws -> [String] {
            let sealed = pipeline.seal()
            try ledger.commit(sealed.changes, epoch: sealed.epoch)
            var text: [UInt8] = []
            TextExposition.write(sealed.content.metrics, into: &text)
            return text.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
                .filter { !$0.hasPrefix("#") }.sorted()
        }

        /// Forgets what was not committed.
        func crash(then patterns: [PatternSettings]? = nil) throws {
            ledger.close()
            disk.restartAgent()
            if let patterns { configuration.patterns = patterns }
            (ledger, contents, _) = try Ledger.open(store, onCorrupt: .refuse, now: time.wallNow())
            pipeline = try Self.pipeline(configuration, contents, disk, time)
        }

        func reload(_ patterns: [PatternSettings]) throws {
            configuration.patterns = patterns
            try pipeline.reconfigure(configuration)
        }
    }

    private static let timer = TimerSettings(name: "job", timeout: .seconds(60), maximumOpen: 3)

    private static func patterns(_ timer: TimerSettings = timer) -> [PatternSettings] {
        [
            PatternSettings(
                name: "start", match: #"job=(?<id>\w+) start"#,
                timers: [TimerUse(timer, role: .start, key: .capture("id"))]),
            PatternSettings(
                name: "end", match: #"job=(?<id>\w+) end"#, timers: [TimerUse(timer, role: .end, key: .capture("id"))],
                metrics: [
                    PatternMetricSettings(
                        kind: .histogram, name: "job_duration_seconds", help: "", operation: .observe,
                        value: .earlier("job"), labelNames: ["epoch"], labelValues: [.earlier("epoch")],
                        buckets: [1, 5, 20]),
                    // Of which file a gauge without a label is set last depends on how they are read.
                    PatternMetricSettings(
                        kind: .gauge, name: "job_last_duration_seconds", help: "", operation: .set,
                        value: .earlier("job"), labelNames: ["epoch"], labelValues: [.earlier("epoch")]),
                ]),
            PatternSettings(
                name: "epoch", match: #"epoch (?<n>\d+)"#,
                remembered: [RememberedValue(name: "epoch", value: .capture("n"))]),
            PatternSettings(
                name: "loss", match: #"loss (?<v>\S+)"#,
                metrics: [
                    PatternMetricSettings(
                        kind: .counter, name: "loss_total", help: "", operation: .add, value: .capture("v"),
                        labelNames: ["epoch"], labelValues: [.earlier("epoch")]),
                    PatternMetricSettings(
                        kind: .counter, name: "epochs_total", help: "", operation: .add, value: .earlier("epoch")),
                ]),
            PatternSettings(name: "beat", match: "HEARTBEAT", heartbeat: HeartbeatSettings(name: "bot")),
        ]
    }

    /// Lines of two files, as they were written one after the other.
    private static let lines: [(stream: String, text: String)] = [
        ("a", "10:00:00 job=1 start"), ("a", "job=2 start"), ("b", "10:00:01 loss 0.25"), ("a", "10:00:05 epoch 7"),
        ("b", "10:00:06 epoch 30"), ("a", "10:00:07 job=1 end"), ("b", "job=1 start"), ("a", "10:00:08 job=2 start"),
        ("a", "job=9 end"), ("b", "10:00:09 job=1 end"), ("a", "10:00:09 loss 0.5"), ("a", "10:00:20 job=2 end"),
        ("a", "10:00:30 job=3 start"), ("a", "10:00:25 job=3 end"), ("b", "10:00:31 loss 2"),
        ("a", "10:00:40 job=4 start"), ("a", "10:00:41 epoch 8"), ("a", "nothing"), ("b", "10:00:42 job=5 start"),
        ("a", "10:02:30 job=5 start"), ("a", "10:02:31 job=4 end"), ("b", "HEARTBEAT"), ("a", "HEARTBEAT"),
        ("a", "10:02:40 job=5 end"), ("a", "10:03:00 job=6 start"), ("a", "job=7 start"), ("a", "job=8 start"),
        ("a", "job=9 start"), ("b", "10:03:01 job=5 end"), ("a", "loss 1"),
    ].map { line in
        guard line.1.hasPrefix("10:") else { return (line.0, line.1) }
        return (line.0, "2025-11-23T\(line.1.prefix(8))Z\(line.1.dropFirst(8))")
    }

    private static let expected: [String] = {
        guard let scenario = try? Scenario(patterns()) else { return [] }
        for line in lines {
            guard (try? scenario.write(line)) != nil else { return [] }
            scenario.turn()
        }
        return (try? scenario.commit()) ?? []
    }()

    @Test
    func valuesAreThoseThatTheLinesSay() {
        for line in [
            // Of a: 7 s (job 1), 12 s (job 2, started anew), 10 s (job 5); of b: 3 s.
            #"job_duration_seconds_sum{epoch="7"} 19"#, #"job_duration_seconds_sum{epoch="8"} 10"#,
            #"job_duration_seconds_sum{epoch="30"} 3"#, #"job_duration_seconds_bucket{epoch="30",le="5"} 1"#,
            #"job_last_duration_seconds{epoch="7"} 12"#, #"job_last_duration_seconds{epoch="8"} 10"#,
            #"loss_total{epoch=""} 0.25"#, #"loss_total{epoch="7"} 0.5"#,
            #"loss_total{epoch="30"} 2"#, #"loss_total{epoch="8"} 1"#, "epochs_total 45",
            #"outrider_values_rejected_total{metric="epochs_total",reason="missing"} 1"#,
            // Job 4 of a and job 5 of b are too long, job 6 the oldest of four.
            #"outrider_timers_expired_total{timer="job"} 3"#, #"outrider_timers_open{timer="job"} 3"#,
            #"outrider_timers_unmatched_total{timer="job"} 3"#, #"outrider_timers_restarted_total{timer="job"} 1"#,
            #"outrider_timers_refused_total{timer="job",reason="negative"} 1"#,
            #"outrider_heartbeat_last_timestamp_seconds{heartbeat="bot"} 1763892151"#,
            #"outrider_timestamp_errors_total{source="app"} 8"#,
        ] {
            #expect(Self.expected.contains(line), "\(line) in \(Self.expected)")
        }
    }

    @Test(arguments: 0...lines.count)
    func aCrashAfterAnyLineChangesNothing(crash: Int) throws {
        for commit in Set([0, crash / 2, crash - 1, crash]).filter({ (0...crash).contains($0) }) {
            let scenario = try Scenario(Self.patterns())
            for (number, line) in Self.lines.enumerated() {
                if number == commit { try scenario.commit() }
                if number == crash { try scenario.crash() }
                try scenario.write(line)
                // What is read again comes with more at a time than before.
                if number < crash || number % 3 == 0 { scenario.turn() }
            }
            if commit == Self.lines.count { try scenario.commit() }
            if crash == Self.lines.count { try scenario.crash() }
            scenario.turn()
            #expect(try scenario.commit() == Self.expected, "committed after \(commit) lines")
            try scenario.crash()
            #expect(try scenario.commit() == Self.expected, "committed after \(commit) lines, and at the end")
        }
    }

    @Test
    func theLedgerHoldsWhatIsOpenAndNoMore() throws {
        let scenario = try Scenario(Self.patterns())
        for line in Self.lines {
            try scenario.write(line)
            scenario.turn()
            try scenario.commit()
        }
        try scenario.crash()
        let notes = scenario.contents.notes
        let timers = notes.filter { $0.id.kind == .timer }.map { String(decoding: $0.id.key, as: UTF8.self) }
        #expect(timers == ["7", "8", "9"])
        #expect(notes.filter { $0.id.kind == .value }.map { String(decoding: $0.value, as: UTF8.self) } == ["8", "30"])
        #expect(notes.filter { $0.id.kind == .time }.count == 2)
    }

    @Test(arguments: [false, true])
    func aTimerThatChangesGoesOnAndOneThatGoesTakesItsStateAlong(withCrash: Bool) throws {
        let scenario = try Scenario(Self.patterns())
        let open = "outrider_timers_open{timer=\"job\"}"
        func change(_ patterns: [PatternSettings]) throws {
            if withCrash {
                try scenario.commit()
                try scenario.crash(then: patterns)
            } else {
                try scenario.reload(patterns)
            }
        }
        try scenario.write(("a", "2025-11-23T10:00:00Z job=1 start"))
        try scenario.write(("a", "2025-11-23T10:00:00Z epoch 3"))
        scenario.turn()
        try change(Self.patterns(TimerSettings(name: "job", timeout: .seconds(600))))
        #expect(try scenario.commit().contains("\(open) 1"))
        try scenario.write(("a", "2025-11-23T10:05:00Z job=1 end"))
        try scenario.write(("a", "2025-11-23T10:05:00Z job=2 start"))
        scenario.turn()
        #expect(try scenario.commit().contains(#"job_duration_seconds_sum{epoch="3"} 300"#))
        try change(Self.patterns().filter { !["start", "end"].contains($0.name) })
        #expect(scenario.pipeline.hasChanges)
        #expect(try !scenario.commit().contains { $0.hasPrefix(open) })
        try scenario.crash()
        #expect(!scenario.contents.notes.contains { $0.id.kind == .timer })
        try change(Self.patterns())
        #expect(try scenario.commit().contains("\(open) 0"))
        try scenario.write(("a", "job=2 end"))
        scenario.turn()
        #expect(try scenario.commit().contains(#"outrider_timers_unmatched_total{timer="job"} 1"#))
        // What is remembered was never touched.
        try scenario.write(("a", "loss 1"))
        scenario.turn()
        #expect(try scenario.commit().contains(#"loss_total{epoch="3"} 1"#))
    }

    @Test(arguments: [false, true])
    func aTimerOfAFileThatIsGoneIsGivenUpAfterItsTimeout(withCrash: Bool) throws {
        let scenario = try Scenario(Self.patterns())
        try scenario.write(("a", "2025-11-23T12:00:00Z job=1 start"))
        try scenario.write(("b", "2025-11-23T12:00:00Z job=1 start"))
        scenario.turn()
        try scenario.delete("a")
        scenario.pass(.seconds(50))
        func look() throws -> [String] {
            scenario.turn()
            scenario.pipeline.expireTimers()
            return try scenario.commit().filter { $0.contains("timers_open") || $0.contains("timers_expired") }
        }
        // It may still be created anew.
        #expect(
            try look() == [#"outrider_timers_expired_total{timer="job"} 0"#, #"outrider_timers_open{timer="job"} 2"#])
        if withCrash { try scenario.crash() }
        scenario.pass(.seconds(11))
        let rest = [#"outrider_timers_expired_total{timer="job"} 1"#, #"outrider_timers_open{timer="job"} 1"#]
        #expect(try look() == rest)
        // The file that is there says by its lines how late it is.
        scenario.pass(.seconds(3600))
        #expect(try look() == rest)
        try scenario.crash()
        #expect(scenario.contents.notes.filter { $0.id.kind == .timer }.count == 1)
        #expect(try look() == rest)
    }

    @Test
    func aTimerGoesOnInTheFileThatComesAfterARotation() throws {
        let scenario = try Scenario(Self.patterns())
        try scenario.write(("a", "2025-11-23T12:00:00Z job=1 start"))
        scenario.turn()
        try scenario.rotate("a")
        for _ in 0..<5 {
            scenario.pass(.seconds(10))
            scenario.turn()
            scenario.pipeline.expireTimers()
        }
        try scenario.write(("a", "2025-11-23T12:00:55Z job=1 end"))
        scenario.turn()
        #expect(try scenario.commit().contains(#"job_duration_seconds_sum{epoch=""} 55"#))
    }

    @Test
    func nothingIsRememberedOverLinesThatAResetPasses() throws {
        let scenario = try Scenario(Self.patterns())
        for stream in ["a", "b"] {
            try scenario.write((stream, "2025-11-23T10:00:00Z epoch 7"))
            try scenario.write((stream, "2025-11-23T10:00:00Z job=1 start"))
        }
        scenario.turn()
        try scenario.commit()
        try scenario.write(("a", "2025-11-23T10:00:05Z job=1 end"))
        try scenario.write(("a", "2025-11-23T10:00:06Z job=1 start"))
        // What is passed over is known before.
        scenario.pipeline.tail.observe()
        #expect(scenario.pipeline.consumption.reset(.metrics))
        let page = try scenario.commit()
        #expect(page.contains(#"outrider_timers_open{timer="job"} 1"#))
        #expect(page.contains(#"outrider_timers_expired_total{timer="job"} 1"#))
        for _ in 0..<2 {
            try scenario.crash()
            #expect(Set(scenario.contents.notes.map(\.id.stream)).count == 1)
        }
        for stream in ["a", "b"] {
            try scenario.write((stream, "2025-11-23T10:00:30Z job=1 end"))
            try scenario.write((stream, "loss 1"))
        }
        scenario.turn()
        let after = try scenario.commit()
        // The stream of which nothing was passed over goes on.
        #expect(after.contains(#"job_duration_seconds_sum{epoch="7"} 30"#))
        #expect(after.contains(#"outrider_timers_unmatched_total{timer="job"} 1"#))
        #expect(after.contains(#"loss_total{epoch=""} 1"#))
        #expect(after.contains(#"loss_total{epoch="7"} 1"#))
    }
}

import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What the agent promises when it is killed at any moment while its log is rotated under it: every value is exact, nothing
    /// is missing, no counter ever falls.
    @Suite(.enabled(if: Component.python.isInstalled, "\(Component.python.advice)"))
    struct CrashTests {
        @Test(arguments: Rotation.allCases)
        func valuesStayExactAcrossKills(rotation: Rotation) async throws {
            try await Fixture.with { fixture in
                try await CrashScenario(fixture, rotation).play()
            }
        }

        /// The same of records that are put together of several lines, with fields, histograms and labels.
        @Test(arguments: [Rotation.rename, .renameAndCompress])
        func recordsStayExactAcrossKills(rotation: Rotation) async throws {
            try await Fixture.with { fixture in
                try await CrashScenario(fixture, rotation).playContained()
            }
        }

        /// What a scrape shows must never be taken back, or Prometheus sees a reset and `increase()` goes wild.
        @Test(
            .enabled(if: Component.prometheus.isInstalled, "\(Component.prometheus.advice)"),
            arguments: [Rotation.rename, .copyAndTruncate])
        func prometheusSeesNoResetAcrossKills(rotation: Rotation) async throws {
            try await Fixture.with { fixture in
                try await CrashScenario(fixture, rotation).play(scrapedByPrometheus: true)
            }
        }

        /// A process that is held by a debugger or by a full swap wakes up with its log rotated several times.
        @Test
        func tenSecondsHeldDuringRotationsLoseNothing() async throws {
            try await Fixture.with { fixture in
                try await CrashScenario(fixture, .rename).playHeld(for: .seconds(10))
            }
        }
    }
}

/// How the log is rotated while the agent is killed.
enum Rotation: String, CaseIterable, CustomTestStringConvertible {
    case rename, renameAndCompress, copyAndTruncate
    var testDescription: String { rawValue }
}

/// What numbered_writer.py wrote down at its end.
private struct Truth: Decodable {
    let lines: Double
    let sum: Double
    let last: Double
    let rotations: Int
    /// The lines of the file, and what is in them, when the service is in a container.
    let raw: Double
    let errors: Double
    let traces: Double
}

/// What check_record.py found in the file of the `record` consumer.
private struct RecordReport: Decodable {
    let missing: Int
    let firstMissing: Int
    let repeated: Int
    let stepsBack: Int
    let longestReplay: Int
    let gaps: Int
    let foreign: Int
    let firstForeign: [String]
    let beyond: Int
}

/// What scraper.py saw.
private struct ScrapeReport: Decodable {
    struct Decrease: Decodable {
        let series: String
        let before: Double
        let after: Double
    }
    let scrapes: Int
    let decreases: [Decrease]
}

private final class CrashScenario {
    /// The most that a replay may repeat: one block.
    static let largestBlock = 256 * 1024

    let fixture: Fixture
    let rotation: Rotation
    let agent: Agent
    let kills = environmentInteger("OUTRIDER_CRASH_KILLS", default: 5)
    let rate = environmentInteger("OUTRIDER_CRASH_RATE", default: 20_000)
    let seed = environmentInteger("OUTRIDER_CRASH_SEED", default: 1)

    init(_ fixture: Fixture, _ rotation: Rotation) {
        self.fixture = fixture
        self.rotation = rotation
        agent = Agent(fixture)
    }

    func play(scrapedByPrometheus: Bool = false) async throws {
        try agent.configureWithRecord()
        try fixture.write("", to: "app.log")
        let scraper = try fixture.writer(
            "scraper", ["--port", "\(agent.port)", "--report", fixture.path("scrapes.json")])
        let prometheus = try scrapedByPrometheus ? PrometheusServer(fixture, scraping: agent.port) : nil
        try await prometheus?.ready()
        try agent.start()
        let writer = try fixture.writer("numbered_writer", writerArguments)
        let copier = try rotation == .copyAndTruncate ? startCopier(of: writer) : nil

        try await killAtRandomMoments()

        if let copier { #expect(try await copier.stop() == .exit(0), "\(copier.error)") }
        #expect(try await writer.stop() == .exit(0), "\(writer.error)")
        let truth = try fixture.json(Truth.self, "truth.json")
        try await expectExactValues(truth)
        if let prometheus { try await expectNoResets(prometheus, truth) }
        #expect(try await agent.terminate() == .exit(0))
        try await expectWholeRecord(truth)
        try await expectMonotonicCounters(scraper)
    }

    func playContained() async throws {
        try agent.configureForContainers()
        try fixture.write("", to: "app.log")
        let scraper = try fixture.writer(
            "scraper", ["--port", "\(agent.port)", "--report", fixture.path("scrapes.json")])
        try agent.start()
        let writer = try fixture.writer("numbered_writer", writerArguments + ["--docker"])
        try await killAtRandomMoments()
        #expect(try await writer.stop() == .exit(0), "\(writer.error)")
        let truth = try fixture.json(Truth.self, "truth.json")
        let page = try await agent.page(where: "outrider_consumer_lines_total", reaches: truth.raw)
        #expect(page.value("outrider_consumer_lines_total") == truth.raw)
        #expect(page.value("value_sum_total") == truth.sum)
        #expect(page.value("tracebacks_total") == truth.traces)
        #expect(page.value("errors_total") == truth.errors)
        #expect(page.value("outrider_heartbeats_total", ["heartbeat": "service"]) == truth.errors)
        #expect(page.value("levels_total", ["level": "error", "msg": #"a "b""#]) == truth.errors)
        #expect(page.value("value_size_count") == truth.lines - truth.traces)
        #expect(page.value("value_size_bucket", ["le": "+Inf"]) == truth.lines - truth.traces)
        for account in ["lost", "skipped"] {
            let name = "outrider_consumer_\(account)_bytes_total"
            #expect(page.value(name) ?? 0 == 0, "\(page.samples(name))")
        }
        #expect(truth.rotations > 0)
        #expect(try await agent.terminate() == .exit(0))
        try await expectMonotonicCounters(scraper)
    }

    func playHeld(for duration: Duration) async throws {
        try agent.configureWithRecord()
        try await agent.startAndWait()
        let writer = try fixture.writer("numbered_writer", writerArguments + ["--keep", "20"])
        _ = try await agent.page(where: "lines_seen_total", reaches: 1_000)
        let process = try #require(agent.process)
        process.send(signal: SIGSTOP)
        try await pause(duration)
        process.send(signal: SIGCONT)
        #expect(try await writer.stop() == .exit(0), "\(writer.error)")
        let truth = try fixture.json(Truth.self, "truth.json")
        try #require(truth.rotations >= 4)
        try await expectExactValues(truth)
        #expect(try await agent.terminate() == .exit(0))
        try await expectWholeRecord(truth)
    }

    private var writerArguments: [String] {
        var arguments = [
            "--file", fixture.path("app.log"), "--truth", fixture.path("truth.json"), "--rate", "\(rate)", "--seed",
            "\(seed)",
        ]
        // A line that is half in the copy and half in the truncated file is a line in neither.
        arguments += rotation == .copyAndTruncate ? ["--whole-lines"] : ["--rotate-every", "2"]
        if rotation == .renameAndCompress { arguments.append("--gzip-older") }
        return arguments
    }

    private func startCopier(of writer: ChildProcess) throws -> ChildProcess {
        try fixture.writer("copytruncate", ["--file", fixture.path("app.log"), "--writer-pid", "\(writer.pid)"])
    }

    /// From a few milliseconds after the start, when it is still recovering, up to some seconds later, when it has seen a rotation.
    private func killAtRandomMoments() async throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<kills {
            let early = Int.random(in: 0..<4, using: &random) == 0
            try await pause(.milliseconds(Int.random(in: early ? 1...300 : 300...2_500, using: &random)))
            let alive = try #require(agent.process)
            try #require(alive.isRunning, "the agent ended by itself: \(alive.error)")
            try await agent.kill()
            try agent.start()
        }
        try await agent.ready()
    }

    private func expectExactValues(_ truth: Truth) async throws {
        let consumed = try await agent.page(
            where: "outrider_consumer_lines_total", ["consumer": "lines"], reaches: truth.lines)
        let page = try await agent.page(where: "lines_seen_total", reaches: truth.lines)
        #expect(page.value("lines_seen_total") == truth.lines)
        #expect(page.value("value_sum_total") == truth.sum)
        #expect(page.value("last_seq") == truth.last)
        #expect(consumed.value("outrider_consumer_lines_total", ["consumer": "lines"]) == truth.lines)
        for account in ["lost", "skipped"] {
            let name = "outrider_consumer_\(account)_bytes_total"
            #expect(page.value(name) ?? 0 == 0, "\(page.samples(name))")
        }
        #expect(page.value("outrider_consumer_open_ended_losses_total") ?? 0 == 0)
        #expect(page.value("outrider_ledger_durable") == 1)
        #expect(truth.rotations > 0 || rotation == .copyAndTruncate)
    }

    private func expectWholeRecord(_ truth: Truth) async throws {
        let check = try fixture.writer(
            "check_record", ["--record", fixture.path("lines.txt"), "--lines", "\(Int(truth.lines))"])
        #expect(try await check.ended(within: .seconds(300)) == .exit(0), "\(check.error)")
        let report = try JSONDecoder().decode(RecordReport.self, from: Data(check.output.utf8))
        #expect(report.missing == 0, "the first is \(report.firstMissing)")
        #expect(report.gaps == 0)
        #expect(report.beyond == 0)
        #expect(report.stepsBack <= kills)
        #expect(report.longestReplay <= Self.largestBlock)
        #expect(report.foreign <= kills, "torn by a kill: \(report.firstForeign)")
    }

    private func expectMonotonicCounters(_ scraper: ChildProcess) async throws {
        #expect(try await scraper.stop() == .exit(0), "\(scraper.error)")
        let scrapes = try fixture.json(ScrapeReport.self, "scrapes.json")
        #expect(scrapes.scrapes > 0)
        let fallen = scrapes.decreases
        #expect(fallen.isEmpty, "\(fallen.prefix(5))")
    }

    private func expectNoResets(_ prometheus: PrometheusServer, _ truth: Truth) async throws {
        try await until("Prometheus has scraped the last line") {
            try await prometheus.query("lines_seen_total") == [truth.lines]
        }
        for name in ["lines_seen_total", "value_sum_total", "outrider_consumer_lines_total"] {
            #expect(try await !prometheus.query(name).isEmpty, "\(name)")
        }
        // Every counter on the page, those of the agent about itself too.
        let resets = try await prometheus.query(
            #"resets(label_replace({__name__=~".+_total"}, "series_name", "$1", "__name__", "(.+)")[1h:1s])"#)
        #expect(resets.count > 10)
        #expect(resets.allSatisfy { $0 == 0 }, "\(resets)")
    }
}

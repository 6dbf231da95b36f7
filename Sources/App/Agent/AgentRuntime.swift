public import Configuration
import Consumption
import Extraction
import FileAccess
import HTTPInterface
import HistorySampling
import JSONText
import Ledger
public import LogModel
public import Logging
import MetricRegistry
import QueryInterface
public import QueryModel
import SeriesModel
public import SeriesStore
import Synchronization

/// The running agent: the pipeline's thread, the ledger's thread, the server, and what an operator can ask of them.
public final class AgentRuntime: Sendable {
    /// How long a scrape waits for the newest lines to become durable before it gets what was published last.
    static let scrapePatience = Duration.milliseconds(500)
    /// Descriptors that followed files never take: for clients, the ledger and the configuration.
    static let reservedDescriptors = 192
    /// How long shutting down may take until it is cut short; what is not committed then is read again at the next start.
    static let drainTime = Duration.seconds(10)

    private let loadConfiguration: @Sendable () throws -> LoadedConfiguration
    private let current: Mutex<AgentConfiguration>
    let time: any TimeSource
    private let logger: Logger
    private let pipeline: PipelineThread
    private let writer: LedgerWriter<AgentState>
    private let extraction = LatestFamilies()
    /// How the parts of this agent are.
    let health: HealthBoard
    private let reloads = Mutex(ReloadReport())
    /// What the server counts.
    let serverMetrics = HTTPMetrics()
    let startedAt: WallTime
    /// What is kept of the metrics; nil when none is.
    private let keptHistory: AgentHistory?

    /// The port that the server got, once it listens.
    private let boundPort = Mutex<Int?>(nil)

    /// What answers queries; nil while there is nothing to query.
    let queries = Mutex<QueryAPI?>(nil)

    /// What came of the reloads so far.
    struct ReloadReport {
        var succeeded: UInt64 = 0
        var failed: UInt64 = 0
        var lastWasGood = true
        var lastSuccess: WallTime?
    }

    /// Opens the ledger, restores the state, and starts reading.
    ///
    /// - Parameters:
    ///   - loaded: the configuration to start with.
    ///   - load: reads the configuration anew, for reloads; called on no particular thread.
    ///   - logger: for starts, reloads and faults; never given a line that was read.
    /// - Throws: when the ledger needs an operator (the agent runs without one that may heal by itself), when the configuration
    ///   cannot be applied, or when a thread cannot be started.
    public init(
        _ loaded: LoadedConfiguration, load: @escaping @Sendable () throws -> LoadedConfiguration, logger: Logger
    ) throws {
        let time = LinuxTime()
        let files = LinuxFileAccess(reserving: Self.reservedDescriptors)
        loadConfiguration = load
        current = Mutex(loaded.configuration)
        self.time = time
        self.logger = logger
        health = HealthBoard(time: time)
        startedAt = time.wallNow()
        let opened = try OpenedLedger(loaded.configuration.ledger, files: files, time: time, logger: logger)
        let pipeline = try Pipeline(
            loaded.configuration, restoring: opened.contents, files: files, time: time,
            openRecord: { try FileWriter().append(to: $0.path) })
        Self.log(MetricChange.all(from: opened.contents.metrics, to: loaded.configuration.patterns), logger)
        let settings = loaded.configuration.history
        keptHistory =
            settings.isEnabled
            ? try AgentHistory(
                settings, directory: loaded.configuration.stateDirectory, time: time, logger: logger, health: health)
            : nil
        let thread = try PipelineThread()
        self.pipeline = thread
        writer = try LedgerWriter(opened.committer, time: time, onPublish: { _ in thread.wake() })
        try thread.start(
            pipeline, writer: writer, time: time, logger: logger, health: health, report: extraction.replace
        ) {
            [weak self] in
            self?.ownFamilies() ?? []
        }
        try keptHistory?.start(
            AgentHistory.PageSource(
                request: { [weak self] deliver in
                    guard let self else { return deliver(nil) }
                    requestSnapshot(deliver)
                }, page: { [weak self] in self?.historyPage($0) }))
        answerQueries()
    }

    /// A snapshot that holds what was in the files when this was called, or the newest one when the disk takes too long.
    func freshSnapshot() async -> PublishedSnapshot<AgentState>? {
        await withCheckedContinuation { continuation in requestSnapshot { continuation.resume(returning: $0) } }
    }

    /// As `freshSnapshot`, for those who do not wait; `deliver` is called on any thread.
    private func requestSnapshot(_ deliver: @escaping @Sendable (PublishedSnapshot<AgentState>?) -> Void) {
        let now = time.monotonicNow()
        if let latest = writer.latest, now.since(latest.publishedAt) < PipelineThread.freshness {
            return deliver(latest)
        }
        pipeline.send(.refresh)
        writer.whenPublished(
            sealedSince: now, deadline: now.advanced(by: Self.scrapePatience), deliver: deliver)
    }

    private func historyPage(_ snapshot: PublishedSnapshot<AgentState>) -> AgentHistory.Page {
        AgentHistory.Page(
            snapshot: snapshot, own: selfFamilies(snapshot), target: targetLabels)
    }

    /// The labels that every series of the history has beside its own.
    var targetLabels: [Label] {
        configuration.target.map { Label(name: ByteString($0.name), value: ByteString($0.value)) }
    }

    /// What the history has done and holds; nil when none is kept.
    var historyCounts: HistoryCounts? { keptHistory?.latestCounts }

    /// The history, for queries; nil when none is kept.
    public var history: HistoryReader? { keptHistory?.reader }

    /// Appends samples that somebody computed, such as a rule, to the history.
    ///
    /// - Parameters:
    ///   - samples: series and values, the labels of the target among those of the series where they are wanted.
    ///   - timestamp: of all samples, in milliseconds since 1970.
    /// - Returns: what became of each, in their order; nil when no history is kept, or what is stored is not read yet.
    public func appendToHistory(
        _ samples: [(labels: LabelSet, value: Double)], at timestamp: Int64
    ) -> [AppendOutcome]? { keptHistory?.append(samples, at: timestamp) }

    /// What to do where the history has no room for all series.
    public static let historyRoomHint = "raise history.memory, or leave out labels with many values"

    /// The history, for a status.
    var historyStatus: JSONValue {
        keptHistory.map { $0.latestCounts.json($0.settings) } ?? .null
    }

    /// The newest snapshot; nil until the first look at the files is over.
    var latest: PublishedSnapshot<AgentState>? { writer.latest }

    /// Applies the configuration files as they are now. A bad one changes nothing, and the error says why. Returns what became of
    /// metrics that are defined differently.
    @discardableResult
    func reload() async throws -> [MetricChange] {
        do {
            let before = configuration
            let next = try loadConfiguration()
            try checkChangeable(next.configuration)
            try await withCheckedThrowingContinuation { continuation in
                pipeline.send(.reconfigure(next.configuration) { continuation.resume(with: $0) })
            }
            current.withLock { $0 = next.configuration }
            let consumers = Set(next.configuration.records.map { "consumer \($0.name)" })
            for health in health.report where health.component.hasPrefix("consumer ") {
                if !consumers.contains(health.component) { self.health.remove(health.component) }
            }
            reloads.withLock {
                $0.succeeded += 1
                $0.lastWasGood = true
                $0.lastSuccess = time.wallNow()
            }
            logger.info("configuration reloaded", metadata: ["config.files": "\(next.files.joined(separator: " "))"])
            let changes = MetricChange.all(from: before.patterns, to: next.configuration.patterns)
            Self.log(changes, logger)
            return changes
        } catch {
            reloads.withLock {
                $0.failed += 1
                $0.lastWasGood = false
            }
            logger.error("configuration not reloaded, the old one stays", metadata: ["error": "\(error)"])
            throw error
        }
    }

    private static func log(_ changes: [MetricChange], _ logger: Logger) {
        for change in changes { logger.warning("\(change)", metadata: ["metric": "\(change.metric)"]) }
    }

    private func checkChangeable(_ next: AgentConfiguration) throws {
        let running = configuration
        if next.ledger != running.ledger {
            throw AgentError.needsRestart("state_dir and ledger")
        }
        if next.history != running.history { throw AgentError.needsRestart("history") }
        if next.metricsServer != running.metricsServer { throw AgentError.needsRestart("http.metrics") }
    }

    var configuration: AgentConfiguration { current.withLock { $0 } }

    /// Called once by whoever starts the server.
    func didListen(port: Int) {
        boundPort.withLock { $0 = port }
        health.note("server", .good)
    }

    /// Where the page of metrics is served: with the port that the kernel chose where the settings leave it open.
    var metricsAddress: String {
        var settings = httpSettings
        settings.port = boundPort.withLock { $0 } ?? settings.port
        return settings.address
    }

    /// Seconds since the start, by the wall clock.
    var uptime: Double { max(0, time.wallNow().seconds - startedAt.seconds) }

    /// What came of the reloads so far.
    var reloadReport: ReloadReport { reloads.withLock { $0 } }

    /// The reloads so far, for a status.
    var reloadStatus: JSONValue {
        let report = reloadReport
        return [
            "succeeded": JSONValue(report.succeeded), "failed": JSONValue(report.failed),
            "last_was_good": .bool(report.lastWasGood),
        ]
    }

    /// The ledger, for a status.
    func ledgerStatus(_ snapshot: PublishedSnapshot<AgentState>) -> JSONValue {
        let error = snapshot.isDurable ? nil : writer.lastError
        return [
            "durable": .bool(snapshot.isDurable), "epoch": JSONValue(snapshot.epoch.rawValue),
            "published_seconds_ago": .number(time.monotonicNow().since(snapshot.publishedAt) / .seconds(1)),
            "error": error.map { .string($0.message) } ?? .null, "hint": error?.hint.map(JSONValue.string) ?? .null,
        ]
    }

    /// Retires a consumer that is not configured any more; false when it is, or when the name is unknown.
    func drop(_ consumer: ConsumerName) async -> Bool {
        await withCheckedContinuation { continuation in
            pipeline.send(.drop(consumer) { continuation.resume(returning: $0) })
        }
    }

    /// Moves a consumer to the end of everything; what it had not read is accounted as skipped.
    func reset(_ consumer: ConsumerName) async -> Bool {
        await withCheckedContinuation { continuation in
            pipeline.send(.reset(consumer) { continuation.resume(returning: $0) })
        }
    }

    /// Turns of the pipeline's loop since the start.
    var turnCount: UInt64 { pipeline.turnCount }

    /// Reads what is there, commits it, and ends both threads.
    ///
    /// - Returns: whether everything that was read is committed; what is not will be read again at the next start.
    @discardableResult
    public func stop() async -> Bool {
        await keptHistory?.stop()
        pipeline.send(.stop)
        await pipeline.finished()
        let isClean = writer.drain(deadline: time.monotonicNow().advanced(by: Self.drainTime))
        if isClean {
            logger.info("stopped; everything that was read is committed")
        } else {
            logger.warning("the last changes could not be committed; their lines will be read again at the next start")
        }
        return isClean
    }
}

extension AgentRuntime {
    /// What the agent says about itself on the page, beside the stored metrics. Its counters are among those.
    func selfFamilies(_ snapshot: PublishedSnapshot<AgentState>) -> [SampleFamily] {
        let heartbeats = HeartbeatReport(
            heartbeats: configuration.patterns.heartbeats, metrics: snapshot.content.metrics, now: time.wallNow())
        return [OutriderVersion.family] + health.families + AccountReport(snapshot.content).families
            + extraction.current + heartbeats.families
            + ownFamilies().filter { $0.kind != .counter }
    }

    /// What the components count and measure about themselves, since this process began.
    private func ownFamilies() -> [SampleFamily] {
        writer.metrics.families() + serverMetrics.families() + processFamilies(startedAt: startedAt)
            + reloadFamilies(reloadReport)
            + (keptHistory.map { $0.latestCounts.families($0.settings) } ?? [])
    }

    private func reloadFamilies(_ report: ReloadReport) -> [SampleFamily] {
        [
            SampleFamily(
                name: "outrider_config_reloads_total", kind: .counter, help: "Reloads of the configuration by outcome.",
                samples: [
                    .init(labels: [("outcome", "success")], value: Double(report.succeeded)),
                    .init(labels: [("outcome", "failure")], value: Double(report.failed)),
                ]),
            .gauge(
                "outrider_config_last_reload_successful", "Whether the last reload was taken (1) or refused (0).",
                report.lastWasGood ? 1 : 0),
        ]
    }
}

/// What a component said of itself last, for whoever renders the page.
private final class LatestFamilies: Sendable {
    private let families = Mutex<[SampleFamily]>([])
    var current: [SampleFamily] { families.withLock { $0 } }
    func replace(_ next: [SampleFamily]) { families.withLock { $0 = next } }
}

/// What an operator asked for and the running agent cannot do.
public struct AgentError: DescribedError {
    /// What to switch on, such as `needs_restart`.
    public let code: String
    /// What cannot be done, and what became of the request.
    public let message: String
    /// How to get it done all the same.
    public let hint: String?
    /// Whether asking again later would help.
    public let healing: Healing

    static func needsRestart(_ what: String) -> AgentError {
        AgentError(
            code: "needs_restart", message: "\(what) cannot change while the agent runs; nothing was changed",
            hint: "restart the agent", healing: .byOperator)
    }
}

import FileAccess
import HistorySampling
import Ledger
import LogModel
import Logging
import QueryModel
import SeriesModel
import SeriesStore
import Synchronization

/// The history of the running agent: a thread that looks at the page when the clock says so, the store that all may look
/// into, and the file in which it outlives the process.
///
/// What it sees has been published, like everything that a scrape sees.
final class AgentHistory: Sendable {
    /// How long a look waits for the newest lines, when the ledger cannot even say that it takes too long.
    private static let patience = Duration.seconds(2)
    /// How long writing the last samples may take.
    private static let drainTime = Duration.seconds(3)

    let settings: HistorySettings
    private let directory: String
    private let time: any TimeSource
    private let logger: Logger
    private let health: HealthBoard
    private let shared: SharedSeriesStore
    private let counts = Mutex(HistoryCounts())
    private let state = Mutex(State())
    private let pollSet: HandedOver<PollSet>
    private let waker: Waker

    private struct State {
        var isStopping = false
        var thread: DedicatedThread?
        var writer: HistoryWriter?
        /// Set when what is stored has been read.
        var isReady = false
        /// What was asked for last came.
        var snapshot: PublishedSnapshot<AgentState>?
        /// The number of the request that waits, one more when it is answered.
        var request = 0
        var behind: Duration?
    }

    /// What is looked at.
    struct Page: Sendable {
        var snapshot: PublishedSnapshot<AgentState>
        var own: [SampleFamily]
        var target: [Label]
    }

    /// Where pages come from.
    struct PageSource: Sendable {
        /// Asks for a snapshot with everything that was there when it was asked for, or the newest one; nil before the first.
        /// It may be delivered on any thread.
        var request: @Sendable (_ deliver: @escaping @Sendable (PublishedSnapshot<AgentState>?) -> Void) -> Void
        /// What belongs to a snapshot, as of now.
        var page: @Sendable (PublishedSnapshot<AgentState>) -> Page?
    }

    /// A history that does not begin before `start`.
    init(
        _ settings: HistorySettings, directory: String, time: any TimeSource, logger: Logger, health: HealthBoard
    ) throws(FileAccessError) {
        self.settings = settings
        self.directory = directory
        self.time = time
        self.logger = logger
        self.health = health
        shared = SharedSeriesStore(limits: settings.limits)
        let set = try PollSet()
        waker = set.waker
        pollSet = HandedOver(set)
        health.note("history", .starting)
    }

    /// For queries; empty until what was stored is read.
    var reader: HistoryReader { shared.reader }

    /// What it has done and holds, as of the last look.
    var latestCounts: HistoryCounts {
        var counts = counts.withLock { $0 }
        counts.disk = state.withLock { $0.writer }?.status
        return counts
    }

    // MARK: Samples of others

    /// Appends samples that somebody computed, such as a rule: all with the same timestamp.
    ///
    /// - Parameters:
    ///   - samples: series and values; a staleness marker ends a series.
    ///   - timestamp: milliseconds since 1970.
    /// - Returns: what became of each, in their order; nil before what is stored has been read.
    func append(_ samples: [(labels: LabelSet, value: Double)], at timestamp: Int64) -> [AppendOutcome]? {
        let (isReady, writer) = state.withLock { ($0.isReady, $0.writer) }
        guard isReady else { return nil }
        let outcomes = shared.withStore { store in
            let outcomes = samples.map { sample in
                store.reference(ifRoomFor: sample.labels, origin: .rule).map {
                    store.append(sample.value, at: timestamp, to: $0)
                } ?? .noRoom
            }
            Self.submit(store, writer)
            return outcomes
        }
        let refused = outcomes.count { $0 == .noRoom }
        if refused > 0 { counts.withLock { $0.samplesWithoutRoom += UInt64(refused) } }
        return outcomes
    }

    /// In the order of the changes, so with the store locked; without a writer they are nobody's.
    private static func submit(_ store: SeriesStore, _ writer: HistoryWriter?) {
        let changes = store.takeChanges()
        writer?.submit(changes)
    }

    // MARK: Life

    /// Reads what is stored, and begins to take samples; on its own thread.
    func start(_ source: PageSource) throws(FileAccessError) {
        let thread = try DedicatedThread(name: "outrider-hist", stackSize: 1 << 20) { self.run(source) }
        state.withLock { $0.thread = thread }
    }

    /// Takes no more samples, and writes the last ones.
    func stop() async {
        let thread = state.withLock { state in
            state.isStopping = true
            return state.thread
        }
        waker.wake()
        await thread?.finished()
        let writer = state.withLock { $0.writer }
        writer?.drain(deadline: time.monotonicNow().advanced(by: Self.drainTime))
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func run(_ source: PageSource) {
        let writer = openWriter()
        state.withLock { ($0.writer, $0.isReady) = (writer, true) }
        noteHealth()
        let newest = shared.withStore { $0.mark?.timestamp }
        var schedule = TickSchedule(step: settings.step, newest: newest, now: time.monotonicNow())
        let sampler = HistorySampler()
        while !isStopping {
            let newest = shared.withStore { $0.mark?.timestamp }
            let wall = time.wallNow()
            switch schedule.decide(wall: wall, monotonic: time.monotonicNow(), newest: newest) {
            case .wait(let until): wait(until: until)
            case .behind(let until):
                noteBehind(wall, newest)
                wait(until: until)
            case .forget(let limit): forget(after: limit, writer)
            case .sample(let tick, let expiryTime):
                noteBehind(wall, nil)
                if let page = page(source) { take(page, tick, expiryTime, sampler, schedule.missed, writer) }
            }
        }
    }

    private func wait(until: Int64) {
        let rest = until - time.wallNow().milliseconds
        // The wall clock may leap meanwhile.
        pause(.milliseconds(min(max(rest, 1), settings.step)))
    }

    private func pause(_ duration: Duration) {
        do {
            _ = try pollSet.value.wait(atMost: duration)
        } catch {
            logger.error("the history cannot wait", metadata: ["error": "\(error)"])
        }
    }

    private func page(_ source: PageSource) -> Page? {
        let number = state.withLock { state in
            state.request += 1
            return state.request
        }
        source.request { [weak self] snapshot in self?.answer(number, snapshot) }
        let deadline = time.monotonicNow().advanced(by: Self.patience)
        while !isStopping, state.withLock({ $0.request == number }), time.monotonicNow() < deadline {
            pause(deadline.since(time.monotonicNow()))
        }
        let snapshot = state.withLock { state in
            defer { state.snapshot = nil }
            // What comes later answers nobody.
            if state.request == number { state.request += 1 }
            return state.snapshot
        }
        return snapshot.flatMap(source.page)
    }

    private func answer(_ number: Int, _ snapshot: PublishedSnapshot<AgentState>?) {
        state.withLock { state in
            guard state.request == number else { return }
            state.snapshot = snapshot
            state.request += 1
        }
        waker.wake()
    }

    private func take(
        _ page: Page, _ tick: Int64, _ expiryTime: Int64, _ sampler: HistorySampler, _ missed: UInt64,
        _ writer: HistoryWriter?
    ) {
        let start = time.monotonicNow()
        let step = settings.step
        let sampled = SampledPage(
            metrics: page.snapshot.content.metrics, sealedAt: page.snapshot.content.sealedAt, own: page.own,
            target: page.target)
        var next = shared.withStore { store in
            sampler.sample(sampled, at: tick, step: step, into: store)
            store.expire(now: expiryTime)
            Self.submit(store, writer)
            return HistoryCounts(store)
        }
        next.missed = missed
        next.seriesRefused = sampler.seriesRefused
        let spent = time.monotonicNow().since(start)
        let refusedBefore = counts.withLock { counts in
            defer { counts = next }
            next.ticks = counts.ticks + 1
            next.behind = counts.behind
            next.samplesForgotten = counts.samplesForgotten
            next.spent = counts.spent + spent
            next.samplesWithoutRoom = counts.samplesWithoutRoom + UInt64(sampler.seriesRefused)
            return counts.seriesRefused
        }
        if (refusedBefore == 0) != (next.seriesRefused == 0) { noteRoom(next) }
        if next.ticks == 1 { noteHealth() }
        health.progressed("history")
    }

    // MARK: Troubles

    private func noteBehind(_ wall: WallTime, _ newest: Int64?) {
        let behind = newest.map { Duration.milliseconds(max(0, $0 - wall.milliseconds)) }
        if behind != nil { counts.withLock { $0.behind += 1 } }
        let isChanged = state.withLock { state in
            defer { state.behind = behind }
            return (state.behind == nil) != (behind == nil)
        }
        guard isChanged else { return }
        if let behind {
            logger.warning(
                "the clock is behind the newest sample of the history, which waits for it",
                metadata: ["history.behind_seconds": "\(behind.components.seconds)"])
        }
        noteHealth()
    }

    private func noteRoom(_ counts: HistoryCounts) {
        if counts.seriesRefused > 0 {
            logger.warning(
                "the history has no room for all series of the page: samples of the others are not kept",
                metadata: [
                    "history.series": "\(counts.series)", "history.series_refused": "\(counts.seriesRefused)",
                    "hint": "\(AgentRuntime.historyRoomHint)",
                ])
        } else {
            logger.info("the history has room for all series of the page again")
        }
        noteHealth()
    }

    private func forget(after limit: Int64, _ writer: HistoryWriter?) {
        let gone = shared.withStore { store in
            let gone = store.forget(after: limit)
            if let mark = store.mark, mark.timestamp > limit { store.mark = TickMark(timestamp: limit, sealedAt: .max) }
            writer?.replaceFile()
            return gone
        }
        counts.withLock { $0.samplesForgotten += UInt64(gone) }
        logger.warning(
            "the clock was set back and stays there: samples that lie in the future are forgotten, their file is kept aside",
            metadata: ["history.samples": "\(gone)"])
    }

    private func noteHealth() {
        let (error, behind) = state.withLock { ($0.writer?.status.error, $0.behind) }
        if let behind {
            health.note(
                "history", .degraded,
                reason: "the clock is \(behind.components.seconds) s behind the newest sample, so that none is taken",
                hint: "set the clock; when it stays there for ten minutes, what is younger is forgotten")
        } else if let error {
            health.note("history", .degraded, reason: error.message, hint: error.hint)
        } else {
            let (refused, ticks) = counts.withLock { ($0.seriesRefused, $0.ticks) }
            guard refused > 0 else { return health.note("history", ticks > 0 ? .good : .starting) }
            health.note(
                "history", .degraded, reason: "memory has no room for \(refused) series, which are not in the history",
                hint: AgentRuntime.historyRoomHint)
        }
    }

    // MARK: The file

    /// Without a thread for the disk the history is in memory only.
    private func openWriter() -> HistoryWriter? {
        do {
            let time = time
            let (file, refusal) = openFile()
            if let refusal { noteDisk(refusal) }
            let (directory, shared, logger) = (directory, shared, logger)
            return try HistoryWriter(
                file, refusal: refusal, time: time,
                open: { () throws(LedgerError) in
                    let (file, _, notices) = try HistoryFile.open(in: directory, now: time.wallNow())
                    Self.log(notices, logger)
                    return file
                },
                contents: { shared.withStore { $0.takeContents() } },
                onChange: { [weak self] in self?.noteDisk($0) })
        } catch {
            logger.error("the history is kept in memory only", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func openFile() -> (file: HistoryFile?, refusal: LedgerError?) {
        do throws(LedgerError) {
            let (file, contents, notices) = try HistoryFile.open(in: directory, now: time.wallNow())
            Self.log(notices, logger)
            do throws(MalformedHistory) {
                let count = try shared.withRestoring(contents)
                if count > 0 { logger.info("history restored", metadata: ["history.samples": "\(count)"]) }
            } catch {
                Self.log([try file.startOver(error.detail, now: time.wallNow())], logger)
            }
            return (file, nil)
        } catch {
            return (nil, error)
        }
    }

    private static func log(_ notices: [LedgerNotice], _ logger: Logger) {
        for notice in notices { logger.warning("\(notice.message)", metadata: notice.metadata) }
    }

    /// Said once when it begins, when the reason changes, and when it is over.
    private func noteDisk(_ error: LedgerError?) {
        if let error {
            logger.error(
                "the history cannot be written: it goes on in memory, and a restart now would lose what is new",
                metadata: ["error": "\(error)"])
        } else {
            logger.info("the history is written again")
        }
        noteHealth()
    }
}

extension SharedSeriesStore {
    /// Takes what a disk held; returns how many samples there are.
    fileprivate func withRestoring(_ contents: StoreContents) throws(MalformedHistory) -> Int {
        let result = withStore { store -> Result<Int, MalformedHistory> in
            do throws(MalformedHistory) {
                try store.restore(contents)
                return .success(store.sampleCount)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

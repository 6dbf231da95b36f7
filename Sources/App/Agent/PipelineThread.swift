import Configuration
import Consumption
import FileAccess
import FileTail
import Ledger
import LogModel
import Logging
import SeriesModel
import Synchronization

/// What the pipeline's thread is asked to do between two batches.
enum PipelineRequest: Sendable {
    /// Look at everything now, and seal what is new: somebody waits for a fresh snapshot.
    case refresh
    case reconfigure(AgentConfiguration, reply: @Sendable (Result<Void, any Error>) -> Void)
    case drop(ConsumerName, reply: @Sendable (Bool) -> Void)
    case reset(ConsumerName, reply: @Sendable (Bool) -> Void)
    /// Read what is there, seal it, and end.
    case stop
}

/// Drives a `Pipeline` on a thread of its own: waits for changes in directories and for time to pass, reads, and seals.
///
/// A hot file is looked at every `hotInterval`, not at every write; an idle one every `idleInterval`, or when somebody asks for
/// a fresh snapshot.
final class PipelineThread: Sendable {
    static let hotInterval = Duration.milliseconds(50)
    static let idleInterval = Duration.seconds(1)
    /// How often a ledger that is gone is tried to be written anew.
    static let rewriteInterval = Duration.milliseconds(500)
    /// Directories that change all the time are scanned this often at most.
    static let watchedScanInterval = Duration.milliseconds(200)
    /// Changes that nobody asked for are committed after this time; the log is the redo log, so it only costs replay.
    static let commitInterval = Duration.seconds(5)
    /// While much is read, epochs are sealed this often at most.
    static let busyCommitInterval = Duration.seconds(1)
    /// When nothing but the agent's own counters changed, a scrape gets them anew this often.
    static let ownCommitInterval = Duration.seconds(30)
    /// Bytes after which an epoch is sealed although its time has not come.
    static let commitBytes: UInt64 = 64 << 20
    /// When nothing is left to read this long after the start, what only starting needed leaves memory.
    static let settlingTime = Duration.seconds(2)
    /// Problems that are logged one by one when many come up at once.
    static let loggedProblems = 10
    /// How long a shutdown reads on; what is left then is read at the next start.
    static let finishTime = Duration.seconds(5)
    /// Snapshots younger than this are fresh enough for anybody.
    static let freshness = Duration.milliseconds(100)

    private let mailbox = Mutex<[PipelineRequest]>([])
    private let pollSet: HandedOver<PollSet>
    private let waker: Waker
    private let turns = Atomic<UInt64>(0)
    private let thread: Mutex<DedicatedThread?> = Mutex(nil)

    init() throws(FileAccessError) {
        let set = try PollSet()
        waker = set.waker
        pollSet = HandedOver(set)
    }

    /// Turns of the loop since the start: what a watchdog counts.
    var turnCount: UInt64 { turns.load(ordering: .relaxed) }

    func send(_ request: PipelineRequest) {
        mailbox.withLock { $0.append(request) }
        waker.wake()
    }

    /// Ends a wait, so that a committed epoch is noticed.
    func wake() { waker.wake() }

    /// Starts the thread; `pipeline` is given up by the caller.
    func start(
        _ pipeline: sending Pipeline, writer: LedgerWriter<AgentState>, time: any TimeSource, logger: Logger,
        health: HealthBoard, report: @escaping @Sendable ([SampleFamily]) -> Void,
        own: @escaping @Sendable () -> [SampleFamily]
    ) throws(FileAccessError) {
        let handed = HandedOver(pipeline)
        let body = try DedicatedThread(name: "outrider-pipe", stackSize: 4 << 20) {
            var loop = PipelineLoop(
                pipeline: handed.value, pollSet: self.pollSet.value, writer: writer, time: time, logger: logger,
                health: health, report: report,
                own: own)
            loop.run(
                take: {
                    self.mailbox.withLock { requests in
                        defer { requests = [] }
                        return requests
                    }
                }, turned: { self.turns.add(1, ordering: .relaxed) })
        }
        thread.withLock { $0 = body }
    }

    func finished() async {
        let body = thread.withLock { $0 }
        await body?.finished()
    }
}

/// Carries an object to the thread that owns it from then on.
///
/// SAFETY: the giver keeps no reference; the type is only used at the start of a thread.
struct HandedOver<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: sending Value) { self.value = value }
}

/// The loop itself; every variable belongs to the pipeline's thread.
private struct PipelineLoop {
    let pipeline: Pipeline
    let pollSet: PollSet
    let writer: LedgerWriter<AgentState>
    let time: any TimeSource
    let logger: Logger
    let health: HealthBoard
    let report: @Sendable ([SampleFamily]) -> Void
    let own: @Sendable () -> [SampleFamily]
    private var watches: DirectoryWatches
    private var nextScan: MonotonicTime
    private var nextWatchedScan: MonotonicTime
    private var nextLook: MonotonicTime
    private var lastSeal: MonotonicTime
    private var bytesAtSeal: UInt64 = 0
    private var sealedEpoch: EpochID
    /// The newest epoch that is shown, and the newest that is durable.
    private var publishedEpoch: EpochID
    private var confirmedEpoch: EpochID
    private var knownProblems: Set<String> = []
    private var knownLedgerFault: String?
    private var isLedgerNoted = false
    private var isStopping = false
    private var settlesAt: MonotonicTime?
    private var nextTurnNote: MonotonicTime
    private var isInputWatched = false

    init(
        pipeline: Pipeline, pollSet: PollSet, writer: LedgerWriter<AgentState>, time: any TimeSource, logger: Logger,
        health: HealthBoard, report: @escaping @Sendable ([SampleFamily]) -> Void,
        own: @escaping @Sendable () -> [SampleFamily]
    ) {
        self.pipeline = pipeline
        self.pollSet = pollSet
        self.writer = writer
        self.time = time
        self.logger = logger
        self.health = health
        self.report = report
        self.own = own
        let now = time.monotonicNow()
        nextScan = now
        nextWatchedScan = now
        nextLook = now
        nextTurnNote = now
        lastSeal = now
        settlesAt = now.advanced(by: PipelineThread.settlingTime)
        sealedEpoch = pipeline.epoch
        publishedEpoch = pipeline.epoch
        confirmedEpoch = pipeline.epoch
        watches = DirectoryWatches(pollSet: pollSet, logger: logger)
    }

    mutating func run(take: () -> [PipelineRequest], turned: () -> Void) {
        health.note("reading", .starting)
        health.progressed("reading", mustTurn: true)
        pipeline.consumption.scan()
        watches.follow(pipeline.tail.directories)
        report(pipeline.extractionFamilies)
        watchInput(true)
        seal()
        while true {
            noteCommit()
            let wantsFresh = handle(take())
            let hasMore = turn(lookAtAll: wantsFresh)
            if isStopping { break }
            turned()
            noteTurn()
            pipeline.expireSeries()
            sealIfDue(isWanted: wantsFresh)
            if !hasMore { settle() }
            wait(hasMore ? .zero : pause())
        }
        finish()
    }

    /// Once a second is enough for whoever looks.
    private mutating func noteTurn() {
        let now = time.monotonicNow()
        guard now >= nextTurnNote else { return }
        nextTurnNote = now.advanced(by: .seconds(1))
        health.progressed("reading", mustTurn: true)
    }

    /// Lets consumers go on that waited for their block to be committed.
    private mutating func noteCommit() {
        noteDurability()
        guard let latest = writer.latest, latest.epoch >= sealedEpoch else { return }
        if latest.isDurable, latest.epoch > confirmedEpoch { health.progressed("ledger") }
        publishedEpoch = latest.epoch
        // What is shown but not durable would be read again: consumers that repeat nothing must wait.
        guard latest.isDurable, latest.epoch > confirmedEpoch else { return }
        confirmedEpoch = latest.epoch
        pipeline.consumption.didCommit()
    }

    /// Says when the disk begins to refuse commits, whenever the reason changes, and when all is durable again.
    private mutating func noteDurability() {
        let error = writer.lastError
        guard error?.code != knownLedgerFault || (!isLedgerNoted && writer.latest != nil) else { return }
        isLedgerNoted = true
        health.note("ledger", error == nil ? .good : .failed, reason: error?.message, hint: error?.hint)
        guard error?.code != knownLedgerFault else { return }
        knownLedgerFault = error?.code
        if let error {
            logger.error(
                "the ledger refuses commits: values are right but not durable, and lines are read again after a restart",
                metadata: ["error": "\(error)"])
        } else {
            logger.info("all is durable again", metadata: ["ledger.epoch": "\(writer.metrics.epoch.rawValue)"])
        }
    }

    /// Returns whether somebody waits for a fresh snapshot.
    private mutating func handle(_ requests: [PipelineRequest]) -> Bool {
        var wantsFresh = false
        for request in requests {
            switch request {
            case .refresh: wantsFresh = true
            case .reconfigure(let configuration, let reply):
                reply(Result { try reconfigure(configuration) })
                wantsFresh = true
            case .drop(let consumer, let reply):
                reply(pipeline.drop(consumer))
                wantsFresh = true
            case .reset(let consumer, let reply):
                reply(pipeline.consumption.reset(consumer))
                wantsFresh = true
            case .stop: isStopping = true
            }
        }
        return wantsFresh
    }

    private mutating func reconfigure(_ configuration: AgentConfiguration) throws {
        // What belongs to sources and consumers that go must be in the ledger before they do.
        seal()
        try pipeline.reconfigure(configuration)
        pipeline.consumption.scan()
        watches.follow(pipeline.tail.directories)
        report(pipeline.extractionFamilies)
    }

    private mutating func turn(lookAtAll: Bool) -> Bool {
        let now = time.monotonicNow()
        if now >= nextScan || (now >= nextWatchedScan && watches.takeChanged()) {
            nextWatchedScan = now.advanced(by: PipelineThread.watchedScanInterval)
            pipeline.consumption.scan()
            watches.follow(pipeline.tail.directories)
            nextScan = now.advanced(by: rescanInterval)
        }
        let isDue = lookAtAll || now >= nextLook
        pipeline.tail.observe(onlyHot: !isDue)
        let hasMore = pipeline.consumption.turn()
        if isDue {
            nextLook = now.advanced(by: PipelineThread.idleInterval)
            pipeline.expireTimers()
        }
        return hasMore
    }

    private var rescanInterval: Duration { pipeline.configuration.sources.map(\.rescanInterval).min() ?? .seconds(10) }

    private mutating func sealIfDue(isWanted: Bool) {
        let now = time.monotonicNow()
        // A ledger that cannot be made anew is tried again, and not all the time.
        if writer.wantsCompleteEpoch, writer.canAccept, now.since(lastSeal) >= PipelineThread.rewriteInterval {
            return seal(isComplete: true)
        }
        guard pipeline.hasChanges || (isWanted && now.since(lastSeal) >= PipelineThread.ownCommitInterval) else {
            if isWanted { writer.confirmUnchanged(at: now) }
            return
        }
        if isWanted || isDue(now) { seal() }
    }

    private func isDue(_ now: MonotonicTime) -> Bool {
        guard sealedEpoch == publishedEpoch, writer.canAccept else { return false }
        let age = now.since(lastSeal)
        if age >= PipelineThread.commitInterval { return true }
        if pipeline.consumption.awaitsCommit, publishedEpoch == confirmedEpoch, pipeline.consumption.failures.isEmpty {
            return true
        }
        return age >= PipelineThread.busyCommitInterval
            && pipeline.consumption.bytesRead - bytesAtSeal >= PipelineThread.commitBytes
    }

    private mutating func seal(isComplete: Bool = false) {
        let sealed = pipeline.seal(own: own(), isComplete: isComplete)
        sealedEpoch = sealed.epoch
        lastSeal = time.monotonicNow()
        bytesAtSeal = pipeline.consumption.bytesRead
        noteProblems(sealed)
        writer.submit(sealed)
    }

    /// Says once what is lost and what cannot be read, and once when it is over.
    private mutating func noteProblems(_ sealed: SealedEpoch<AgentState>) {
        for loss in sealed.changes.losses where loss.consumer == .metrics {
            logger.error(
                "lines lost",
                metadata: [
                    "loss.path": "\(loss.path)", "loss.reason": "\(loss.reason.rawValue)",
                    "loss.bytes": "\(loss.upperOffset - loss.lowerOffset)", "loss.open_ended": "\(loss.isOpenEnded)",
                ])
        }
        let problems = Set(sealed.content.problems)
        noteHealth()
        let new = problems.subtracting(knownProblems).sorted()
        for problem in new.prefix(PipelineThread.loggedProblems) {
            logger.warning("a problem with a source or a consumer", metadata: ["tail.problem": "\(problem)"])
        }
        if new.count > PipelineThread.loggedProblems {
            logger.warning(
                "and more such problems; `outrider status` lists them",
                metadata: ["tail.problems": "\(new.count - PipelineThread.loggedProblems)"])
        }
        let over = knownProblems.subtracting(problems).sorted()
        for problem in over.prefix(PipelineThread.loggedProblems) {
            logger.info("a problem is over", metadata: ["tail.problem": "\(problem)"])
        }
        knownProblems = problems
    }

    private func noteHealth() {
        let faults = pipeline.readingProblems
        health.note(
            "reading", faults.isEmpty ? .good : .degraded,
            reason: faults.first.map { faults.count == 1 ? $0 : "\($0), and \(faults.count - 1) more" },
            hint: faults.isEmpty ? nil : "`outrider status` lists every problem")
        for (consumer, failure) in pipeline.consumerStates {
            health.note("consumer \(consumer)", failure == nil ? .good : .failed, reason: failure)
        }
    }

    private func pause() -> Duration {
        let now = time.monotonicNow()
        let until = min(nextLook, watches.hasChanged ? nextWatchedScan : nextScan)
        let rest = until.since(now)
        let isBusy = pipeline.tail.hasHotStreams || pipeline.consumption.awaitsCommit
        return isBusy ? min(rest, PipelineThread.hotInterval) : rest
    }

    private mutating func wait(_ timeout: Duration) {
        do {
            if timeout == .zero { return }
            let wakeup = try pollSet.wait(atMost: timeout)
            watches.take(wakeup)
            if wakeup.ready.contains(where: { $0.token == 2 }) { nextLook = time.monotonicNow() }
            if pipeline.standardInput?.isAtEnd == true { watchInput(false) }
        } catch {
            logger.error("cannot wait for events", metadata: ["error": "\(error)"])
        }
    }

    /// A pipe on standard input is read when something comes, and its writer waits when we do not keep up.
    private mutating func watchInput(_ isWatched: Bool) {
        guard pipeline.standardInput != nil, isWatched != isInputWatched else { return }
        // What cannot be polled (a terminal's null device) is looked at now and then like any idle file.
        do {
            if isWatched { try pollSet.add(0, token: 2) } else { try pollSet.remove(0) }
            isInputWatched = isWatched
        } catch {
            logger.debug("standard input cannot be waited for", metadata: ["error": "\(error)"])
        }
    }

    private mutating func settle() {
        guard let due = settlesAt, time.monotonicNow() >= due else { return }
        settlesAt = nil
        ProcessMemory.releaseWhatStartingNeeded()
    }

    private mutating func finish() {
        let deadline = time.monotonicNow().advanced(by: PipelineThread.finishTime)
        pipeline.tail.observe()
        while pipeline.consumption.turn() {
            if time.monotonicNow() >= deadline { break }
        }
        seal()
    }
}

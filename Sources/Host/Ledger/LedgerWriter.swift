import FileAccess
public import LogModel

/// The ledger's own thread: epochs go in without waiting for the disk, published snapshots come out.
///
/// One epoch is committed at a time and at most one more waits; a further one is merged into the one that waits, so a
/// stalled disk neither blocks the pipeline nor lets memory grow beyond the agent's own state. Snapshots are published in
/// ascending order of their epochs. Call `drain` at the end: the thread lives until then.
public final class LedgerWriter<Content: Sendable>: Sendable {
    /// Called with a snapshot, or with nil when the deadline came first and nothing was ever published.
    public typealias Delivery = @Sendable (PublishedSnapshot<Content>?) -> Void

    private let lock: ConditionLock<State>
    private let time: any TimeSource
    private let onPublish: @Sendable (PublishedSnapshot<Content>) -> Void

    private struct Waiter {
        var sealedSince: MonotonicTime
        var deadline: MonotonicTime
        var deliver: Delivery
    }

    private struct State {
        var waiting: SealedEpoch<Content>?
        /// Set while the thread works on an epoch: when that was sealed.
        var committingSealedAt: MonotonicTime?
        var latest: PublishedSnapshot<Content>?
        /// Everything applied by then is in `latest`.
        var latestSealedAt: MonotonicTime?
        var waiters: [Waiter] = []
        var drainDeadline: MonotonicTime?
        var hasTriedAtDrain = false
        var isStopped = false
        var isClean = false
        var metrics = LedgerMetrics()
        var lastError: LedgerError?
        var wantsCompleteEpoch = false
        var thread: DedicatedThread?

        mutating func takeWaiters(where isDue: (Waiter) -> Bool) -> [Delivery] {
            guard waiters.contains(where: isDue) else { return [] }
            let due = waiters.filter(isDue)
            waiters.removeAll(where: isDue)
            return due.map(\.deliver)
        }

        /// Takes out those whose snapshot is published.
        mutating func takeSatisfied() -> [Delivery] {
            guard let latestSealedAt else { return [] }
            return takeWaiters { $0.sealedSince <= latestSealedAt }
        }
    }

    private enum Work {
        case commit(SealedEpoch<Content>)
        case retry(regardless: Bool)
        case checkpoint
        case expire([Delivery], PublishedSnapshot<Content>?)
        case stop
    }

    /// Starts the thread.
    /// - Parameters:
    ///   - committer: given up by the caller.
    ///   - time: what deadlines and pauses are measured by.
    ///   - onPublish: called on the ledger's thread with every snapshot, also when one only becomes durable later.
    /// - Throws: `ledger_failed` when the system gives no thread.
    public init(
        _ committer: sending LedgerCommitter<Content>, time: any TimeSource,
        onPublish: @escaping @Sendable (PublishedSnapshot<Content>) -> Void = { _ in }
    ) throws(LedgerError) {
        self.time = time
        self.onPublish = onPublish
        var state = State()
        state.metrics = committer.metrics
        lock = ConditionLock(state)
        let handed = HandedOver(committer)
        let thread = try DedicatedThread.forDisk(name: "outrider-ledger") { self.run(handed.value) }
        lock.change { $0.thread = thread }
    }

    /// Whether an epoch that is submitted now is taken up next. When not, the pipeline had better go on and seal later.
    public var canAccept: Bool { lock.read { $0.waiting == nil } }

    /// The newest snapshot; nil before the first.
    public var latest: PublishedSnapshot<Content>? { lock.read { $0.latest } }

    /// What the ledger has done so far.
    public var metrics: LedgerMetrics { lock.read { $0.metrics } }

    /// Why the last attempt to commit failed; nil when it did not.
    public var lastError: LedgerError? { lock.read { $0.lastError } }

    /// Whether the next epoch must be a complete one, because the ledger has to be written anew.
    public var wantsCompleteEpoch: Bool { lock.read { $0.wantsCompleteEpoch } }

    /// Hands an epoch over. Never waits for the disk.
    public func submit(_ sealed: SealedEpoch<Content>) {
        lock.change { state in
            guard let waiting = state.waiting else {
                state.waiting = sealed
                return
            }
            state.waiting = SealedEpoch(
                epoch: sealed.epoch, changes: waiting.changes.merging(sealed.changes), content: sealed.content,
                sealedAt: sealed.sealedAt, isComplete: sealed.isComplete || waiting.isComplete)
        }
    }

    /// Says that nothing has changed since the last epoch was sealed, so that whoever waits for a newer one has it already.
    public func confirmUnchanged(at now: MonotonicTime) {
        let (due, latest) = lock.change { state -> ([Delivery], PublishedSnapshot<Content>?) in
            if state.waiting != nil {
                state.waiting?.sealedAt = now
            } else if state.committingSealedAt != nil {
                state.committingSealedAt = now
            } else if state.latest != nil {
                state.latestSealedAt = now
            }
            return (state.takeSatisfied(), state.latest)
        }
        for deliver in due { deliver(latest) }
    }

    /// Delivers the first snapshot that holds everything applied by `sealedSince`, or the newest one when `deadline` comes
    /// first. At once and on the caller's thread when it is there, else on the thread that publishes.
    public func whenPublished(
        sealedSince: MonotonicTime, deadline: MonotonicTime, deliver: @escaping Delivery
    ) {
        let (isThere, latest) = lock.change { state -> (Bool, PublishedSnapshot<Content>?) in
            let isThere = state.isStopped || state.latestSealedAt.map { $0 >= sealedSince } ?? false
            if !isThere {
                state.waiters.append(Waiter(sealedSince: sealedSince, deadline: deadline, deliver: deliver))
            }
            return (isThere, state.latest)
        }
        if isThere { deliver(latest) }
    }

    /// As `whenPublished(sealedSince:deadline:deliver:)`, for asynchronous code.
    public func snapshot(
        sealedSince: MonotonicTime, deadline: MonotonicTime
    ) async -> PublishedSnapshot<Content>? {
        await withCheckedContinuation { continuation in
            whenPublished(sealedSince: sealedSince, deadline: deadline) { continuation.resume(returning: $0) }
        }
    }

    /// Lets the thread look at the clock again; for time sources that do not pass by themselves.
    public func wake() { lock.change { _ in } }

    /// Commits what was submitted, closes the ledger and ends the thread; blocks the caller until then, at most until
    /// `deadline` and one attempt that was begun before it.
    /// - Returns: whether everything is durable.
    @discardableResult
    public func drain(deadline: MonotonicTime) -> Bool {
        let thread = lock.change { state -> DedicatedThread? in
            state.drainDeadline = deadline
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
        return lock.wait { $0.isStopped ? .done($0.isClean) : .wait(nil) }
    }

    // MARK: The thread

    /// Commits follow each other at most this closely while idle before the log is emptied.
    private static var idleBeforeCheckpoint: Duration { .seconds(30) }

    private func run(_ committer: LedgerCommitter<Content>) {
        var checkpointAt: MonotonicTime?
        while true {
            switch nextWork(committer, checkpointAt) {
            case .commit(let sealed):
                publish(committer.submit(sealed), committer)
                checkpointAt = time.monotonicNow().advanced(by: Self.idleBeforeCheckpoint)
            case .retry(let regardless):
                publish(committer.retry(regardless: regardless), committer)
            case .checkpoint:
                committer.checkpoint()
                checkpointAt = nil
            case .expire(let due, let latest):
                for deliver in due { deliver(latest) }
            case .stop:
                committer.close()
                let (due, latest) = lock.change { state -> ([Delivery], PublishedSnapshot<Content>?) in
                    state.isStopped = true
                    state.isClean = !committer.hasUncommittedChanges
                    defer { state.waiters = [] }
                    return (state.waiters.map(\.deliver), state.latest)
                }
                for deliver in due { deliver(latest) }
                return
            }
        }
    }

    private func nextWork(_ committer: LedgerCommitter<Content>, _ checkpointAt: MonotonicTime?) -> Work {
        lock.wait { state in
            if let sealed = state.waiting {
                state.waiting = nil
                state.committingSealedAt = sealed.sealedAt
                return .done(.commit(sealed))
            }
            let now = time.monotonicNow()
            let expired = state.takeWaiters { $0.deadline <= now }
            if !expired.isEmpty { return .done(.expire(expired, state.latest)) }
            if let deadline = state.drainDeadline {
                guard committer.hasUncommittedChanges, now < deadline || !state.hasTriedAtDrain else {
                    return .done(.stop)
                }
                if !state.hasTriedAtDrain {
                    state.hasTriedAtDrain = true
                    return .done(.retry(regardless: true))
                }
            }
            if let due = committer.nextAttempt, due <= now { return .done(.retry(regardless: false)) }
            if let checkpointAt, checkpointAt <= now { return .done(.checkpoint) }
            let deadlines = state.waiters.map(\.deadline)
            let next = ([committer.nextAttempt, checkpointAt, state.drainDeadline] + deadlines).compactMap { $0 }.min()
            return .wait(next.map { $0.since(now) })
        }
    }

    private func publish(_ snapshot: PublishedSnapshot<Content>?, _ committer: LedgerCommitter<Content>) {
        let due = lock.change { state -> [Delivery] in
            if let snapshot { state.latest = snapshot }
            if let sealedAt = state.committingSealedAt { state.latestSealedAt = sealedAt }
            state.committingSealedAt = nil
            state.metrics = committer.metrics
            state.lastError = committer.lastError
            state.wantsCompleteEpoch = committer.wantsCompleteEpoch
            return state.takeSatisfied()
        }
        guard let snapshot else { return }
        onPublish(snapshot)
        for deliver in due { deliver(snapshot) }
    }
}

import Glibc
@_spi(LedgerCommit) public import LogModel

/// Turns sealed epochs into published snapshots, one commit each, in the caller's thread.
///
/// It never loses changes: what a commit could not write is merged with what comes next. While the disk refuses, snapshots
/// are published all the same but say that they are not durable; when it heals, everything is committed and durable again.
/// `LedgerWriter` runs one on its own thread; `--once` and simulations call it directly.
public final class LedgerCommitter<Content: Sendable> {
    /// What the ledger has done so far.
    public private(set) var metrics = LedgerMetrics()
    /// Why the last attempt failed; nil when it did not.
    public private(set) var lastError: LedgerError?
    /// Whether the ledger must be written anew, so that only a complete epoch can make anything durable again.
    public private(set) var wantsCompleteEpoch = false
    /// When changes that could not be committed are due for another attempt; nil when there are none, or when they wait for
    /// a complete epoch.
    public private(set) var nextAttempt: MonotonicTime?

    private var ledger: Ledger?
    private let openLate: (() throws(LedgerError) -> Ledger)?
    private let time: any TimeSource
    private var pending: Pending?
    private var failuresInARow = 0

    private struct Pending {
        var changes: EpochChanges
        var epoch: EpochID
        var content: Content
        var isComplete: Bool
    }

    /// - Parameters:
    ///   - ledger: the ledger, or nil when a new one could not be created, so that the agent runs without.
    ///   - time: what attempts and pauses are measured by.
    ///   - openLate: tried again, with the pauses of any other retry, while there is no ledger. What it opens must be empty,
    ///     as the agent's state began from nothing.
    public init(
        ledger: Ledger?, time: any TimeSource,
        openLate: (() throws(LedgerError) -> Ledger)? = nil
    ) {
        self.ledger = ledger
        self.openLate = openLate
        self.time = time
        metrics.isDurable = ledger != nil
        metrics.epoch = ledger?.epoch ?? EpochID(0)
    }

    /// Whether something waits for another attempt.
    public var hasUncommittedChanges: Bool { pending != nil }

    /// Commits an epoch, unless the last failure is too recent.
    /// - Parameter sealed: epochs come in ascending order.
    /// - Returns: what may be shown; it says whether it is durable.
    public func submit(_ sealed: SealedEpoch<Content>) -> PublishedSnapshot<Content> {
        let changes = pending?.changes.merging(sealed.changes) ?? sealed.changes
        pending = Pending(
            changes: changes, epoch: sealed.epoch, content: sealed.content,
            isComplete: sealed.isComplete || pending?.isComplete == true)
        let isTooEarly = nextAttempt.map { time.monotonicNow() < $0 } ?? false
        let isDurable = !isTooEarly && attempt()
        return snapshot(sealed.content, sealed.epoch, isDurable: isDurable)
    }

    /// Tries again what could not be committed, when that is due.
    /// - Parameter regardless: do not wait until it is due.
    /// - Returns: the newest snapshot, now durable; nil when nothing was due or it failed again.
    public func retry(regardless: Bool = false) -> PublishedSnapshot<Content>? {
        guard let pending else { return nil }
        guard regardless || nextAttempt.map({ time.monotonicNow() >= $0 }) == true else { return nil }
        guard attempt() else { return nil }
        return snapshot(pending.content, pending.epoch, isDurable: true)
    }

    /// Empties the write-ahead log into the database; for idle moments. A failure only means that the log stays.
    public func checkpoint() { try? ledger?.checkpoint() }

    /// Closes the ledger and gives up the state directory.
    public func close() { ledger?.close() }

    private func snapshot(_ content: Content, _ epoch: EpochID, isDurable: Bool) -> PublishedSnapshot<Content> {
        PublishedSnapshot(content: content, epoch: epoch, isDurable: isDurable, publishedAt: time.monotonicNow())
    }

    private func attempt() -> Bool {
        guard let pending else { return true }
        let (start, startOfWork) = (time.monotonicNow(), threadTime())
        defer {
            metrics.commitTime += time.monotonicNow().since(start)
            metrics.processorTime += threadTime() - startOfWork
            metrics.bytesWritten = ledger?.bytesWritten ?? 0
        }
        do {
            try write(pending)
        } catch {
            note(error, at: start)
            return false
        }
        self.pending = nil
        nextAttempt = nil
        wantsCompleteEpoch = false
        lastError = nil
        failuresInARow = 0
        metrics.commits += 1
        metrics.isDurable = true
        metrics.epoch = pending.epoch
        return true
    }

    private func write(_ pending: Pending) throws(LedgerError) {
        let ledger = try openedLedger()
        if !wantsCompleteEpoch {
            do {
                return try ledger.commit(pending.changes, epoch: pending.epoch)
            } catch {
                guard error.kind == .moved || error.kind == .corrupt else { throw error }
                wantsCompleteEpoch = true
                guard pending.isComplete else { throw error }
            }
        }
        guard pending.isComplete else { throw lastError ?? .moved(path: ledger.path) }
        try ledger.rewrite(
            pending.changes, epoch: pending.epoch, now: time.wallNow())
        metrics.rewrites += 1
    }

    private func openedLedger() throws(LedgerError) -> Ledger {
        if let ledger { return ledger }
        guard let opened = try openLate?() else {
            throw LedgerError(.failed, "there is no ledger", hint: nil, healing: .never)
        }
        guard opened.epoch == EpochID(0) else {
            opened.close()
            throw LedgerError(
                .failed, "ledger \(opened.path) has come back, with a state that this agent did not start from",
                hint: "restart the agent, so that it continues from there", healing: .byOperator)
        }
        ledger = opened
        return opened
    }

    private func note(_ error: LedgerError, at now: MonotonicTime) {
        lastError = error
        metrics.isDurable = false
        metrics.failures[error.code, default: 0] += 1
        failuresInARow += 1
        guard !wantsCompleteEpoch || pending?.isComplete == true else {
            nextAttempt = nil
            return
        }
        nextAttempt = now.advanced(by: retryDelay(afterFailures: failuresInARow))
    }
}

/// Half a second, doubled with each failure, at most half a minute.
func retryDelay(afterFailures count: Int) -> Duration {
    min(.milliseconds(500) * (1 << min(max(count - 1, 0), 6)), .seconds(30))
}

/// The CPU time of the calling thread.
private func threadTime() -> Duration {
    var now = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
}

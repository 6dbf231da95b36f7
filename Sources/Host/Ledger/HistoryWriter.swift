import FileAccess
public import LogModel
public import SeriesStore

/// How the history on disk is.
public struct HistoryWriterStatus: Sendable {
    /// Why the last attempt to write failed; nil when it did not.
    public var error: LedgerError?
    /// Moves with every transaction.
    public var commits: UInt64 = 0
    /// Moves with every attempt that failed.
    public var failures: UInt64 = 0
    /// Times that all of it was written anew.
    public var rewrites: UInt64 = 0
    /// Bytes of the database.
    public var fileSize = 0
}

/// The history's own thread for its disk: changes go in without waiting, and are written one batch after the other.
///
/// While the disk refuses, changes wait; when they are too many they are dropped, and all of the store is written anew once
/// the disk heals. Call `drain` at the end: the thread lives until then.
public final class HistoryWriter: Sendable {
    /// Bytes of changes that wait at most.
    static let maximumWaiting = 4 << 20
    /// How often what was written is made durable.
    static let checkpointInterval = Duration.seconds(300)

    /// Why all of it has to be written.
    private enum Rewrite {
        case needed
        /// The old file has samples of a time that has not come, and is put aside.
        case ahead
    }

    private struct State {
        var waiting: [StoreChanges] = []
        var size = 0
        var rewrite: Rewrite?
        var isWriting = false
        var nextAttempt: MonotonicTime?
        var failuresInARow = 0
        var drainDeadline: MonotonicTime?
        var hasTriedAtDrain = false
        var isStopped = false
        var status = HistoryWriterStatus()
        var thread: DedicatedThread?

        var hasWork: Bool { !waiting.isEmpty || rewrite != nil }
    }

    private enum Work {
        case write([StoreChanges], Rewrite?)
        case checkpoint
        case stop
    }

    private let lock: ConditionLock<State>
    private let time: any TimeSource
    private let open: @Sendable () throws(LedgerError) -> HistoryFile
    private let contents: @Sendable () -> StoreContents
    private let onChange: @Sendable (LedgerError?) -> Void

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - file: given up by the caller; nil when it could not be opened.
    ///   - refusal: why it could not, as the caller has said already.
    ///   - time: what pauses are measured by.
    ///   - open: opens the file later, when it could not be opened; whatever it holds is replaced.
    ///   - contents: all of the store, called on the thread.
    ///   - onChange: called on the thread when writing begins to fail, fails for another reason, or succeeds again.
    /// - Throws: `ledger_failed` when the system gives no thread.
    public init(
        _ file: sending HistoryFile?, refusal: LedgerError? = nil, time: any TimeSource,
        open: @escaping @Sendable () throws(LedgerError) -> HistoryFile,
        contents: @escaping @Sendable () -> StoreContents, onChange: @escaping @Sendable (LedgerError?) -> Void
    ) throws(LedgerError) {
        self.time = time
        self.open = open
        self.contents = contents
        self.onChange = onChange
        var state = State()
        if file == nil { state.rewrite = .needed }
        state.status.error = refusal
        lock = ConditionLock(state)
        let handed = HandedOver(file)
        let thread = try DedicatedThread.forDisk(name: "outrider-histio") { self.run(handed.value) }
        lock.change { $0.thread = thread }
    }

    /// How it is.
    public var status: HistoryWriterStatus { lock.read { $0.status } }

    /// Hands changes over. Never waits for the disk.
    public func submit(_ changes: StoreChanges) {
        guard !changes.isEmpty else { return }
        lock.change { state in
            // All of the store will hold them, too.
            guard state.rewrite == nil else { return }
            state.waiting.append(changes)
            state.size += changes.size
            guard state.size > Self.maximumWaiting else { return }
            (state.waiting, state.size) = ([], 0)
            state.rewrite = .needed
        }
    }

    /// Has all of the store written to a new file, and the old one put aside.
    public func replaceFile() {
        lock.change { state in
            (state.waiting, state.size) = ([], 0)
            state.rewrite = .ahead
        }
    }

    /// Writes what waits, closes the file and ends the thread; blocks the caller until then, at most until `deadline` and one
    /// attempt that was begun before it.
    public func drain(deadline: MonotonicTime) {
        let thread = lock.change { state -> DedicatedThread? in
            state.drainDeadline = deadline
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Lets the thread look at the clock again; for time sources that do not pass by themselves.
    package func wake() { lock.change { _ in } }

    /// Blocks until the thread has written, or failed to, so that its status is as wanted.
    package func wait(until isReached: (HistoryWriterStatus) -> Bool) {
        lock.wait { !$0.isWriting && isReached($0.status) ? .done(()) : .wait(nil) }
    }

    // MARK: The thread

    private func run(_ opened: HistoryFile?) {
        var file = opened
        var checkpointAt = time.monotonicNow().advanced(by: Self.checkpointInterval)
        while true {
            switch nextWork(checkpointAt) {
            case .write(let changes, let rewrite): note(write(changes, rewrite, &file), changes, rewrite, file)
            case .checkpoint:
                // A failure only means that the log stays.
                try? file?.checkpoint()
                checkpointAt = time.monotonicNow().advanced(by: Self.checkpointInterval)
            case .stop:
                try? file?.checkpoint()
                file?.close()
                return lock.change { $0.isStopped = true }
            }
        }
    }

    private func nextWork(_ checkpointAt: MonotonicTime) -> Work {
        lock.wait { state in
            let now = time.monotonicNow()
            let isDue = state.nextAttempt.map { $0 <= now } ?? true
            let isLast = state.drainDeadline.map { $0 > now } == true && !state.hasTriedAtDrain
            if state.hasWork, isDue || isLast {
                if state.drainDeadline != nil { state.hasTriedAtDrain = true }
                state.isWriting = true
                defer { (state.waiting, state.size, state.rewrite) = ([], 0, nil) }
                return .done(.write(state.waiting, state.rewrite))
            }
            if state.drainDeadline != nil { return .done(.stop) }
            if checkpointAt <= now { return .done(.checkpoint) }
            let next = state.hasWork ? min(checkpointAt, state.nextAttempt ?? checkpointAt) : checkpointAt
            return .wait(next.since(now))
        }
    }

    private func write(_ changes: [StoreChanges], _ rewrite: Rewrite?, _ file: inout HistoryFile?) -> LedgerError? {
        do throws(LedgerError) {
            let isLate = file == nil
            let opened: HistoryFile
            if let file { opened = file } else { opened = try open() }
            file = opened
            guard let rewrite else {
                try opened.commit(changes)
                return nil
            }
            let aside: AsideFiles.Reason? = rewrite == .ahead ? .ahead : isLate && opened.heldSamples ? .unread : nil
            try opened.rewrite(contents(), puttingAside: aside, now: time.wallNow())
            // What was taken before is in there; to write it again changes nothing.
            if !changes.isEmpty { try opened.commit(changes) }
            return nil
        } catch {
            return error
        }
    }

    private func note(_ error: LedgerError?, _ changes: [StoreChanges], _ rewrite: Rewrite?, _ file: HistoryFile?) {
        let size = file?.size ?? 0
        let before = lock.change { state -> LedgerError? in
            let before = state.status.error
            state.status.error = error
            state.status.fileSize = size
            state.isWriting = false
            guard let error else {
                state.status.commits += 1
                if rewrite != nil { state.status.rewrites += 1 }
                (state.failuresInARow, state.nextAttempt) = (0, nil)
                return before
            }
            state.status.failures += 1
            state.failuresInARow += 1
            state.nextAttempt = time.monotonicNow().advanced(by: retryDelay(afterFailures: state.failuresInARow))
            let mustRewrite = rewrite != nil || [.moved, .corrupt].contains(error.kind)
            if mustRewrite {
                state.rewrite = rewrite == .ahead || state.rewrite == .ahead ? .ahead : .needed
                (state.waiting, state.size) = ([], 0)
            } else {
                state.waiting = changes + state.waiting
                state.size += changes.reduce(0) { $0 + $1.size }
            }
            return before
        }
        if error?.code != before?.code { onChange(error) }
    }
}

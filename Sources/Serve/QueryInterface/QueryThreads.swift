import FileAccess
import Synchronization

/// Threads for what may take long and needs a deep stack: at most so many at once, and a bounded line before them.
///
/// A thread ends when nobody waits any more, so that an agent that nobody asks has none.
final class QueryThreads: Sendable {
    /// The deepest expression that is taken needs less than 1 MiB in a release build and less than 4 MiB in a debug build;
    /// only what is touched costs memory.
    private static let stackSize = 8 << 20

    private struct State {
        var running = 0
        var waiting: [Work] = []
    }

    /// Something to do; what it returns tells whoever waits for it, and is called when its place is free again.
    private typealias Work = @Sendable () -> () -> Void

    private let state = Mutex(State())
    private let concurrency: Int
    private let maximumWaiting: Int

    init(concurrency: Int, maximumWaiting: Int) {
        self.concurrency = concurrency
        self.maximumWaiting = maximumWaiting
    }

    /// Does the work on a thread of its own; nil when too much waits already, or when there is no room for a thread.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isTaken = submit {
                let value = work()
                return { continuation.resume(returning: value) }
            }
            if !isTaken { continuation.resume(returning: nil) }
        }
    }

    private func submit(_ work: @escaping Work) -> Bool {
        enum Decision { case start, waits, refused }
        let decision = state.withLock { state -> Decision in
            if state.running < concurrency {
                state.running += 1
                return .start
            }
            guard state.waiting.count < maximumWaiting else { return .refused }
            state.waiting.append(work)
            return .waits
        }
        guard decision == .start else { return decision == .waits }
        do throws(FileAccessError) {
            _ = try DedicatedThread(name: "outrider-query", stackSize: Self.stackSize) { [self] in
                var current: Work? = work
                while let work = current {
                    let tell = work()
                    current = next()
                    tell()
                }
            }
            return true
        } catch {
            // Whoever waits is served by another thread, or, when this was to be the only one, by nobody.
            return giveUp()
        }
    }

    /// The next work; nil means that the thread that asks ends.
    private func next() -> Work? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func giveUp() -> Bool {
        state.withLock { $0.running -= 1 }
        return false
    }
}

import Glibc

/// A value that threads share, with a place to wait until it changes.
///
/// SAFETY: the pthread objects live at a stable address from init to deinit; `state` is touched only with the mutex held.
/// The class is the owner of both, so a thread inside a call keeps them alive.
package final class ConditionLock<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    package init(_ state: sending State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the lock held, then wakes every waiting thread.
    package func change<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Runs `body` with the lock held and wakes nobody.
    package func read<Result>(_ body: (State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(state)
    }

    /// What a thread that waits does next.
    package enum Turn<Result> {
        case done(Result)
        /// Look again after a change, or at the latest after this time; nil waits for a change only.
        case wait(Duration?)
    }

    /// Asks `body` with the lock held until it is done, waiting in between with the lock free.
    package func wait<Result>(_ body: (inout State) -> Turn<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .done(let result): return result
            case .wait(nil): pthread_cond_wait(condition, mutex)
            case .wait(let duration?):
                var until = deadline(after: duration)
                pthread_cond_timedwait(condition, mutex, &until)
            }
        }
    }

    private func deadline(after duration: Duration) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = max(duration, .zero).components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: now.tv_sec + Int(min(seconds, 86_400)) + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000)
    }
}

/// A value that is handed from one thread to another and used by one at a time.
///
/// SAFETY: whoever makes the box gives the value up; only the thread that takes it over touches it.
package struct HandedOver<Value>: @unchecked Sendable {
    package let value: Value
    package init(_ value: sending Value) { self.value = value }
}

import CLinux
import Glibc
import Synchronization

/// A thread of its own for work that blocks: reading, the ledger, outbound HTTP.
///
/// Swift's own pool has one thread per core, and a blocking call there holds up everybody.
///
/// SAFETY: the new thread receives the one retained reference to its body and releases it; the handle is joined or detached
/// exactly once, under the lock.
public final class DedicatedThread: Sendable {
    private let handle: Mutex<pthread_t?>
    private let completion: Completion

    /// Starts the thread. `name` is shown by `ps -L`, its first 15 bytes at least. Fails when the machine has no room for
    /// another thread.
    public init(
        name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
    ) throws(FileAccessError) {
        let completion = Completion()
        self.completion = completion
        let start = Unmanaged.passRetained(
            Start {
                name.utf8CString.withUnsafeBufferPointer { setName($0) }
                body()
                completion.finish()
            })
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, max(stackSize, 64 * 1024))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, start.toOpaque())
        if result != 0 { start.release() }
        handle = Mutex(result == 0 ? thread : nil)
        if result != 0 { throw .system(.startThread, name, Errno(result)) }
    }

    deinit { handle.withLock { if let thread = $0 { pthread_detach(thread) } } }

    /// Blocks until the body has returned and the thread is gone. May be called several times, but not by the thread itself.
    public func join() {
        handle.withLock {
            if let thread = $0 { pthread_join(thread, nil) }
            $0 = nil
        }
    }

    /// Suspends, without blocking anybody, until the body has returned.
    public func finished() async { await completion.wait() }
}

private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func setName(_ name: UnsafeBufferPointer<CChar>) {
    // The kernel takes 15 bytes and a NUL, and refuses longer names.
    var short = [CChar](name.prefix(15))
    short.append(0)
    outrider_name_thread(&short)
}

/// Waiting for an event that happens once.
private final class Completion: Sendable {
    private struct State {
        var isDone = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func finish() {
        let waiters = state.withLock { state in
            state.isDone = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if !state.isDone { state.waiters.append(continuation) }
                return state.isDone
            }
            if isDone { continuation.resume() }
        }
    }
}

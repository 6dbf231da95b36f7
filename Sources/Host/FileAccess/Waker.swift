import Synchronization

/// Wakes the thread that waits on a `PollSet`. May be called from any thread, as often as one likes: many wakes before the
/// thread gets to run cost one system call.
public final class Waker: Sendable {
    private let counter: Descriptor
    private let isPending = Atomic<Bool>(false)

    init(owning counter: Descriptor) { self.counter = counter }

    var descriptor: Int32 { counter.number }

    /// Ends the current wait, or the next one. What the caller wrote before is visible to the woken thread.
    public func wake() {
        guard !isPending.exchange(true, ordering: .sequentiallyConsistent) else { return }
        SystemCalls.raiseEventCounter(counter.number)
    }

    /// The order matters: a wake between the two lines belongs to the wait that is just ending, whose caller has not looked
    /// at anything yet. The other way round, its count would be taken and the flag left set for ever.
    func acknowledge() {
        SystemCalls.resetEventCounter(counter.number)
        isPending.store(false, ordering: .sequentiallyConsistent)
    }
}

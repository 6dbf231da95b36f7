import CLinux
import Glibc

/// What a thread waits on: descriptors, a time-out, and being woken by other threads.
///
/// Belongs to one thread; only its `waker` may be used by others.
///
/// SAFETY: the buffer of events lives as long as the set and is written by the kernel only within `epoll_wait`.
public final class PollSet {
    /// What to be told of a descriptor.
    public struct Interest: OptionSet, Hashable, Sendable {
        /// The bits, one per interest.
        public let rawValue: UInt8
        /// Makes a set of interests from bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// There is something to read, or the other side is done.
        public static let reading = Interest(rawValue: 1)
        /// There is room to write.
        public static let writing = Interest(rawValue: 2)
    }

    /// A descriptor that can be read or written without waiting, or that has failed (then its next call says how).
    public struct Ready: Hashable, Sendable {
        /// The token it was added with.
        public let token: UInt32
        /// What can be done with it.
        public let interest: Interest
    }

    /// Why waiting ended; nothing at all after a time-out, and now and then without a reason.
    public struct Wakeup: Sendable {
        /// Somebody called `wake()` since the last wait.
        public var wasWoken = false
        /// The descriptors that are ready.
        public var ready: [Ready] = []
    }

    /// Ends the current wait, or the next one if there is none.
    public let waker: Waker
    private let epoll: Descriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private static let wakerToken = UInt64.max

    /// Fails only when the process or the machine has no descriptors left.
    public init() throws(FileAccessError) {
        do {
            epoll = Descriptor(owning: try SystemCalls.makePollSet())
            waker = Waker(owning: Descriptor(owning: try SystemCalls.makeEventCounter()))
        } catch { throw .system(.poll, "a poll set", error) }
        events = .allocate(capacity: 64)
        events.initialize(repeating: epoll_event())
        try control(EPOLL_CTL_ADD, waker.descriptor, .reading, PollSet.wakerToken)
    }

    deinit { events.deallocate() }

    /// Waits on a descriptor from now on. The caller keeps it open until it has removed it. It is level-triggered: what is
    /// not read is reported again. A regular file cannot be waited on (`code` is `permission_denied`, errno EPERM).
    public func add(
        _ descriptor: Int32, token: UInt32, for interest: Interest = .reading
    ) throws(FileAccessError) {
        try control(EPOLL_CTL_ADD, descriptor, interest, UInt64(token))
    }

    /// Changes what is awaited of a descriptor.
    public func change(_ descriptor: Int32, token: UInt32, for interest: Interest) throws(FileAccessError) {
        try control(EPOLL_CTL_MOD, descriptor, interest, UInt64(token))
    }

    /// Waits on a descriptor no longer.
    public func remove(_ descriptor: Int32) throws(FileAccessError) {
        try control(EPOLL_CTL_DEL, descriptor, [], 0)
    }

    /// Waits until a descriptor is ready, somebody wakes this set, a signal was handled, or the time is over; nil waits
    /// without end. Time is rounded up to whole milliseconds.
    public func wait(atMost timeout: Duration?) throws(FileAccessError) -> Wakeup {
        let count = epoll_wait(epoll.number, events.baseAddress, Int32(events.count), milliseconds(timeout))
        guard count >= 0 else {
            let number = errno
            if number == EINTR { return Wakeup() }
            throw .system(.poll, "a poll set", Errno(number))
        }
        var wakeup = Wakeup()
        for event in events.prefix(Int(count)) {
            if event.data.u64 == PollSet.wakerToken {
                waker.acknowledge()
                wakeup.wasWoken = true
            } else {
                wakeup.ready.append(
                    Ready(token: UInt32(truncatingIfNeeded: event.data.u64), interest: interest(event.events)))
            }
        }
        return wakeup
    }

    private func milliseconds(_ timeout: Duration?) -> Int32 {
        guard let timeout else { return -1 }
        let (seconds, attoseconds) = timeout.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(0, Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }

    private func interest(_ events: UInt32) -> Interest {
        var interest: Interest = []
        let failed = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        if failed || events & EPOLLIN.rawValue != 0 { interest.insert(.reading) }
        if failed || events & EPOLLOUT.rawValue != 0 { interest.insert(.writing) }
        return interest
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ interest: Interest, _ token: UInt64
    ) throws(FileAccessError) {
        var event = epoll_event()
        if interest.contains(.reading) { event.events |= EPOLLIN.rawValue }
        if interest.contains(.writing) { event.events |= EPOLLOUT.rawValue }
        event.data.u64 = token
        do { try SystemCalls.changePollSet(epoll.number, operation, descriptor, &event) } catch {
            throw .system(.poll, "descriptor \(descriptor)", error)
        }
    }
}

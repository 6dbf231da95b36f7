import CLinux
import Glibc

// SAFETY: as in SystemCallsUnsafe.swift.
extension SystemCalls {
    static func makePollSet() throws(Errno) -> Int32 { try check { epoll_create1(Int32(EPOLL_CLOEXEC)) } }

    static func changePollSet(
        _ set: Int32, _ operation: Int32, _ descriptor: Int32, _ event: inout epoll_event
    ) throws(Errno) {
        _ = try check { epoll_ctl(set, operation, descriptor, &event) }
    }

    static func makeEventCounter() throws(Errno) -> Int32 {
        try check { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
    }

    /// Cannot fail but when the counter is full (EAGAIN), and then its reader is about to wake anyway.
    static func raiseEventCounter(_ counter: Int32) { _ = try? check { eventfd_write(counter, 1) } }

    /// Cannot fail but when the counter is zero (EAGAIN).
    static func resetEventCounter(_ counter: Int32) {
        var value: eventfd_t = 0
        _ = try? check { eventfd_read(counter, &value) }
    }

    static func makeInotify() throws(Errno) -> Int32 {
        try check { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) }
    }

    static func addWatch(_ inotify: Int32, _ path: String, _ mask: UInt32) throws(Errno) -> Int32 {
        try check(path) { inotify_add_watch(inotify, $0, mask) }
    }

    /// Fails only when the watch has ended already.
    static func removeWatch(_ inotify: Int32, _ watch: Int32) { _ = inotify_rm_watch(inotify, watch) }
}

import Glibc
public import LogModel

/// The clocks of this machine.
///
/// Monotonic time is CLOCK_MONOTONIC, the clock that epoll counts in: it stands still while the machine is suspended.
/// Schedules by the calendar follow the wall clock.
public struct LinuxTime: TimeSource {
    /// The clocks need no preparation.
    public init() {}

    /// CLOCK_REALTIME.
    public func wallNow() -> WallTime { WallTime(nanoseconds: Int64(clamping: now(CLOCK_REALTIME))) }

    /// CLOCK_MONOTONIC.
    public func monotonicNow() -> MonotonicTime { MonotonicTime(nanoseconds: UInt64(clamping: now(CLOCK_MONOTONIC))) }

    /// Cannot fail: both clocks exist on every Linux, and the pointer is good (clock_gettime(2)).
    private func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

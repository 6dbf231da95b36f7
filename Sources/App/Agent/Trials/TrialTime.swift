import LogModel

/// When all lines of a trial are read, so that nothing comes of when it is made: 2001-09-09 01:46:40 UTC.
struct TrialTime: TimeSource {
    func wallNow() -> WallTime { WallTime(nanoseconds: 1_000_000_000_000_000_000) }
    func monotonicNow() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
}

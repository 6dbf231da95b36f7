public import LogModel
import Synchronization

/// Time that stands still until a test moves it.
public final class ManualTime: TimeSource {
    private struct State {
        var wall: WallTime
        var monotonic: MonotonicTime
    }
    private let state: Mutex<State>

    /// Starts at 2025-11-23 10:00:00 UTC on the wall and at one hour on the monotonic clock, unless told otherwise.
    public init(
        wall: WallTime = WallTime(nanoseconds: 1_763_892_000_000_000_000),
        monotonic: MonotonicTime = MonotonicTime(nanoseconds: 3_600_000_000_000)
    ) {
        state = Mutex(State(wall: wall, monotonic: monotonic))
    }

    /// The wall clock's time.
    public func wallNow() -> WallTime { state.withLock { $0.wall } }

    /// The monotonic clock's time.
    public func monotonicNow() -> MonotonicTime { state.withLock { $0.monotonic } }

    /// Lets time pass on both clocks.
    public func advance(by duration: Duration) {
        state.withLock { state in
            state.monotonic = state.monotonic.advanced(by: duration)
            state.wall = WallTime(nanoseconds: state.wall.nanoseconds + duration.wholeNanoseconds)
        }
    }

    /// Makes the wall clock jump, forwards or backwards; the monotonic one does not notice.
    public func jumpWall(by duration: Duration) {
        state.withLock { $0.wall = WallTime(nanoseconds: $0.wall.nanoseconds + duration.wholeNanoseconds) }
    }

    /// Sets the wall clock.
    public func setWall(_ time: WallTime) { state.withLock { $0.wall = time } }

    /// Sets the monotonic clock; a real one never goes back.
    public func setMonotonic(_ time: MonotonicTime) { state.withLock { $0.monotonic = time } }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

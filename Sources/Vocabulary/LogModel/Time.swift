/// An instant of the wall clock: nanoseconds since 1970-01-01 00:00:00 UTC. It may jump in both directions.
public struct WallTime: Hashable, Sendable, Comparable {
    /// Negative before 1970. The range ends in the year 2262.
    public let nanoseconds: Int64
    /// The instant this many nanoseconds after 1970.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// The instant this many seconds after 1970, as exactly as a double says it (about 0.2 µs today). The value must be finite and
    /// in range.
    public init(seconds: Double) { self.nanoseconds = Int64(seconds * 1e9) }

    /// Seconds since 1970, as Prometheus writes instants.
    ///
    /// Whole seconds and their fraction are converted apart: all nanoseconds do not fit a Double's 53 bits, and rounding
    /// them first would show 1763892000.123 as …1230001.
    public var seconds: Double { Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9 }
    /// Milliseconds since 1970, rounded down: what PromQL counts time in.
    public var milliseconds: Int64 {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return rest < 0 ? quotient - 1 : quotient
    }
    /// Whether the left instant is the earlier one.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.nanoseconds < right.nanoseconds }
    /// 1970-01-01 00:00:00 UTC.
    public static let unixEpoch = WallTime(nanoseconds: 0)
}

/// An instant of a clock that never jumps, in nanoseconds from an arbitrary start; only differences have a meaning.
public struct MonotonicTime: Hashable, Sendable, Comparable {
    /// Counted from the clock's own start; not to be stored, since the clock may start anew.
    public let nanoseconds: UInt64
    /// The instant this many nanoseconds after the clock's start.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    /// Whether the left instant is the earlier one.
    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time from `earlier` to this instant; zero when `earlier` lies after it.
    public func since(_ earlier: MonotonicTime) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds >= earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0))
    }

    /// The instant `duration` after this one, or before it when negative, but never before the clock's start.
    public func advanced(by duration: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = duration.components
        let delta = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return MonotonicTime(nanoseconds: UInt64(clamping: Int64(clamping: nanoseconds) &+ delta))
    }
}

/// Where time comes from. It is handed in everywhere, so that live running, one-shot runs, backtests and simulations are
/// one driver with different time.
public protocol TimeSource: Sendable {
    func wallNow() -> WallTime
    func monotonicNow() -> MonotonicTime
}

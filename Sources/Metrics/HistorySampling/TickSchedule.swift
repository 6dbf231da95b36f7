public import LogModel

/// When a page is sampled: when the wall clock shows a multiple of the resolution. Pure; whoever asks hands in both clocks.
///
/// What was missed is not made up for. A clock that is behind the newest sample takes no samples, because they would not be
/// younger; when it was set back by more than `tolerance` and stays there for `patience`, the clock before was the wrong one,
/// and what is younger than now has to go. A clock that leaps ahead takes samples at once, but lets nothing expire by the new
/// time before it has stayed for `patience`.
public struct TickSchedule: Sendable {
    /// A clock that is wrong by this much delays samples and is waited for.
    public static let tolerance = Duration.seconds(300)
    /// How long a clock has to stay where it leapt to until it is believed.
    public static let patience = Duration.seconds(600)

    /// What to do now.
    public enum Decision: Hashable, Sendable {
        /// Ask again at this time of the wall clock, in milliseconds since 1970.
        case wait(until: Int64)
        /// Take samples with this timestamp; samples are as old as at `expiryTime`.
        case sample(Int64, expiryTime: Int64)
        /// No samples can be taken, because there are younger ones; ask again at the next tick.
        case behind(until: Int64)
        /// Forget what is younger than this, and then take samples.
        case forget(after: Int64)
    }

    private struct Anchor {
        var wall: Int64
        var monotonic: MonotonicTime
    }

    /// Milliseconds between two ticks.
    public let step: Int64
    /// Ticks that nobody took, because something took too long.
    public private(set) var missed: UInt64 = 0
    private var last: Int64?
    private var lastTaken: MonotonicTime?
    private var trusted: Anchor?
    private var aheadSince: MonotonicTime?
    private var behindSince: MonotonicTime?

    /// - Parameters:
    ///   - step: milliseconds between two ticks.
    ///   - newest: of the youngest sample that is there already.
    ///   - now: when the schedule begins.
    public init(step: Int64, newest: Int64?, now: MonotonicTime) {
        self.step = step
        trusted = newest.map { Anchor(wall: $0, monotonic: now) }
    }

    /// The tick at or before a time.
    private func tick(at wall: Int64) -> Int64 {
        let rest = wall % step
        return wall - (rest < 0 ? rest + step : rest)
    }

    /// - Parameters:
    ///   - wall: what the clock shows.
    ///   - monotonic: by the clock that does not leap.
    ///   - newest: of the youngest sample.
    /// - Returns: what to do; to be asked again afterwards.
    public mutating func decide(wall: WallTime, monotonic: MonotonicTime, newest: Int64?) -> Decision {
        let now = wall.milliseconds
        let tick = tick(at: now)
        let next = tick + step
        // The first tick is the first one that begins, and what comes too late is another tick's.
        guard let last else {
            self.last = tick
            return .wait(until: next)
        }
        guard tick != last, now - tick <= step / 2 else { return .wait(until: next) }
        if let newest, tick <= newest { return behind(tick, newest, monotonic) }
        behindSince = nil
        self.last = tick
        noteMissed(monotonic)
        return .sample(tick, expiryTime: expiryTime(now, monotonic))
    }

    private mutating func behind(_ tick: Int64, _ newest: Int64, _ now: MonotonicTime) -> Decision {
        guard newest - tick > Self.tolerance.milliseconds else {
            (last, behindSince) = (tick, nil)
            return .behind(until: tick + step)
        }
        let since = behindSince ?? now
        behindSince = since
        guard now.since(since) >= Self.patience else {
            last = tick
            return .behind(until: tick + step)
        }
        behindSince = nil
        trusted = nil
        return .forget(after: tick - 1)
    }

    private mutating func noteMissed(_ now: MonotonicTime) {
        if let lastTaken {
            let steps = now.since(lastTaken).milliseconds / step
            // A tick comes a little early or late.
            if steps > 1 { missed += UInt64(steps - 1) }
        }
        lastTaken = now
    }

    private mutating func expiryTime(_ wall: Int64, _ now: MonotonicTime) -> Int64 {
        if let trusted {
            let expected = trusted.wall + now.since(trusted.monotonic).milliseconds
            if wall - expected > Self.tolerance.milliseconds {
                let since = aheadSince ?? now
                aheadSince = since
                if now.since(since) < Self.patience { return expected }
            }
        }
        aheadSince = nil
        trusted = Anchor(wall: wall, monotonic: now)
        return wall
    }
}

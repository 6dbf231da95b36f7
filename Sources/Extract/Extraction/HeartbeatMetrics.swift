/// The names of the metrics of heartbeats. The first two are stored; the others are made when a page is.
public enum HeartbeatMetrics {
    /// How many came. Its created time is when somebody began to wait for them.
    public static let count = "outrider_heartbeats_total"
    /// When the latest one came; absent before the first.
    public static let last = "outrider_heartbeat_last_timestamp_seconds"
    /// How far apart they are expected.
    public static let interval = "outrider_heartbeat_interval_seconds"
    /// How long ago the latest one came, or, before the first, since when it is waited for.
    public static let age = "outrider_heartbeat_age_seconds"
}

extension [PatternSettings] {
    /// Every heartbeat once, in the order of the patterns.
    public var heartbeats: [HeartbeatSettings] {
        var names: Set<String> = []
        return compactMap(\.heartbeat).filter { names.insert($0.name).inserted }
    }
}

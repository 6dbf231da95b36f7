/// Several patterns may be one heartbeat; then they must expect it alike.
struct HeartbeatChecks {
    static let usualInterval = Duration.seconds(3600)
    let context: DecodingContext

    func check(_ patterns: [PatternDraft]) {
        var first: [String: Located<Duration>] = [:]
        for pattern in patterns {
            guard let interval = pattern.interval else { continue }
            guard let heartbeat = pattern.heartbeat?.value else {
                context.error(
                    "`every` says how often a heartbeat comes, and this pattern is none", at: interval.location,
                    hint: "add `heartbeat: NAME`, or remove it")
                continue
            }
            if let other = first[heartbeat], other.value != interval.value {
                context.error(
                    "the heartbeat `\(heartbeat)` is expected every \(DurationText.render(interval.value)) here and every \(DurationText.render(other.value)) at \(other.location)",
                    at: interval.location, hint: "write `every` once, and leave it out here")
            }
            first[heartbeat] = first[heartbeat] ?? interval
        }
    }

    /// What any of the patterns of a heartbeat says.
    static func interval(of heartbeat: String, in patterns: [PatternDraft]) -> Duration {
        patterns.first { $0.heartbeat?.value == heartbeat && $0.interval != nil }?.interval?.value ?? usualInterval
    }
}

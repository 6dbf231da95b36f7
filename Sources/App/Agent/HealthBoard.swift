import JSONText
import LogModel
import SeriesModel
import Synchronization

/// Where every part of the agent says how it is, and whoever asks can read it. Any thread may do either.
final class HealthBoard: Sendable {
    /// A part that should turn all the time and has not for this long has stalled.
    static let stallTime = Duration.seconds(30)

    private struct Entry {
        var health: ComponentHealth
        /// By the clock that does not jump; nil for parts that need not turn.
        var lastTurn: MonotonicTime?
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let time: any TimeSource

    init(time: any TimeSource) { self.time = time }

    /// Says how a part is; `since` moves only when the state changes.
    func note(
        _ component: String, _ state: ComponentHealth.State, reason: String? = nil, hint: String? = nil
    ) {
        let now = time.wallNow()
        entries.withLock { entries in
            var entry =
                entries[component] ?? Entry(health: ComponentHealth(component: component, state: state, since: now))
            if entry.health.state != state { entry.health.since = now }
            (entry.health.state, entry.health.reason, entry.health.hint) = (state, reason, hint)
            entries[component] = entry
        }
    }

    /// Says that a part, which must have been noted before, got something done; with `mustTurn` it does so all the time, and
    /// has stalled when it does not.
    func progressed(_ component: String, mustTurn: Bool = false) {
        let (wall, monotonic) = (time.wallNow(), time.monotonicNow())
        entries.withLock {
            $0[component]?.health.lastProgress = wall
            if mustTurn { $0[component]?.lastTurn = monotonic }
        }
    }

    /// A part that is not configured any more.
    func remove(_ component: String) { entries.withLock { $0[component] = nil } }

    /// Sorted by name. A part that has stalled is shown as failed.
    var report: [ComponentHealth] {
        let now = time.monotonicNow()
        return entries.withLock { $0.values.map { Self.health($0, now) } }.sorted { $0.component < $1.component }
    }

    private static func health(_ entry: Entry, _ now: MonotonicTime) -> ComponentHealth {
        guard let turn = entry.lastTurn, now.since(turn) > stallTime else { return entry.health }
        var health = entry.health
        health.state = .failed
        health.since = health.lastProgress ?? health.since
        health.reason = "it has not moved for \(now.since(turn).components.seconds) s"
        health.hint = "a read or a lock may hang: look for a dead network mount (`cat /proc/PID/task/*/stack`)"
        return health
    }
}

extension HealthBoard {
    /// For the page of metrics.
    var families: [SampleFamily] {
        let report = report
        func labels(_ health: ComponentHealth) -> [(name: String, value: String)] {
            [("component", health.component)]
        }
        return [
            SampleFamily(
                name: "outrider_component_healthy", kind: .gauge,
                help: "1 while all is well with a part of the agent, 0 while it is degraded or failed.",
                samples: report.map { .init(labels: labels($0), value: $0.state == .good ? 1 : 0) }),
            SampleFamily(
                name: "outrider_component_state_since_timestamp_seconds", kind: .gauge,
                help: "When the state of a part of the agent last changed, in Unix time.",
                samples: report.map { .init(labels: labels($0), value: $0.since.seconds) }),
            SampleFamily(
                name: "outrider_component_last_progress_timestamp_seconds", kind: .gauge,
                help: "When a part of the agent last got something done, in Unix time.",
                samples: report.compactMap { health in
                    health.lastProgress.map { .init(labels: labels(health), value: $0.seconds) }
                }),
        ]
    }

    /// For a status.
    var json: JSONValue {
        .array(
            report.map { health in
                .object([
                    .init("component", .string(health.component)), .init("state", .string(health.state.rawValue)),
                    .init("since", .number(health.since.seconds)),
                    .init("last_progress", health.lastProgress.map { .number($0.seconds) } ?? .null),
                    .init("reason", health.reason.map(JSONValue.string) ?? .null),
                    .init("hint", health.hint.map(JSONValue.string) ?? .null),
                ])
            })
    }
}

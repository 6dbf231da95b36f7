import Extraction
import LogModel
import MetricRegistry
import SeriesModel

/// How old heartbeats are, by the wall clock at the moment of a scrape.
struct HeartbeatReport {
    let heartbeats: [HeartbeatSettings]
    let metrics: MetricSnapshot
    let now: WallTime

    /// One that never came is as old as the waiting for it: its counter, which exists with 0 from the start, says since when.
    /// So one alert finds both, and no agent that has just been set up raises it.
    var families: [SampleFamily] {
        let counts = metrics.series(of: HeartbeatMetrics.count)
        let samples = heartbeats.compactMap { heartbeat -> SampleFamily.Sample? in
            guard let count = counts.first(where: { $0.labelValues == [heartbeat.name] }) else { return nil }
            let last = metrics.value(HeartbeatMetrics.last, ["heartbeat": heartbeat.name]) ?? count.created.seconds
            // A clock that was set back must not make it younger than now.
            return SampleFamily.Sample(labels: [("heartbeat", heartbeat.name)], value: max(0, now.seconds - last))
        }
        return [
            SampleFamily(
                name: HeartbeatMetrics.age, kind: .gauge,
                help:
                    "How long ago the latest heartbeat was written; before the first one, since when it is waited for.",
                samples: samples)
        ]
    }
}

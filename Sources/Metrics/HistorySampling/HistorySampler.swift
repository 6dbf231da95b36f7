import LogModel
import MetricRegistry
import QueryModel
import SeriesModel
public import SeriesStore

/// Takes samples of everything that a page shows, as Prometheus does when it scrapes it.
///
/// Labels are made and looked up once for each series; from then on a series is known by its place in the registry.
///
/// - A counter, bucket, count or sum that has begun since the last look gets a 0 one step before its first value, so that
///   `increase()` sees the first failure (docs/decisions/history-sampling.md).
/// - A series that is not on the page any more gets a staleness marker; after a start, so do those that do not come back.
/// - `up` is 1: whoever looks at a page got it.
/// - A series for which the store has no room is left out and counted; what is in the history goes on.
public final class HistorySampler {
    private var tracks: [MetricSchema: FamilyTrack] = [:]
    private var ownTracks: [String: OwnTrack] = [:]
    private var target: [Label] = []
    private var up: SeriesReference?
    private var previous: TickMark?
    private var isFirst = true
    private var pending = TickSamples()
    private var values: ContiguousArray<Double?> = []

    /// Series of the last page for which the store had no room.
    public private(set) var seriesRefused = 0

    /// A sampler that has not looked at anything yet.
    public init() {}

    /// Appends a sample of every series of the page.
    ///
    /// - Parameters:
    ///   - page: what there is to be seen.
    ///   - timestamp: milliseconds since 1970, younger than at the last look.
    ///   - step: milliseconds to the look before, if it was taken.
    ///   - store: always the same.
    public func sample(_ page: SampledPage, at timestamp: Int64, step: Int64, into store: SeriesStore) {
        if isFirst { previous = store.mark }
        pending.removeAll()
        seriesRefused = 0
        if target != page.target { changeTarget(page.target) }
        // The first one, so that there is always room for it.
        sampleUp(store)
        sampleStored(page.metrics, store)
        sampleOwn(page.own, store)
        pending.append(to: store, at: timestamp, step: step, stale: SampleValue.stale)
        if isFirst { store.endSeries(of: .page, notSampledAt: timestamp) }
        let mark = TickMark(timestamp: timestamp, sealedAt: page.sealedAt.nanoseconds)
        (previous, store.mark, isFirst) = (mark, mark, false)
    }

    /// Every series is another one now.
    private func changeTarget(_ next: [Label]) {
        for track in tracks.values { end(track) }
        for track in ownTracks.values { end(track) }
        if let up { pending.ended.append(up) }
        (tracks, ownTracks, up, target) = ([:], [:], nil, next)
    }

    private func end(_ track: FamilyTrack) { pending.ended += track.samples.compactMap(\.ending) }

    private func end(_ track: OwnTrack) { pending.ended += track.entries.compactMap(\.sample.ending) }

    // MARK: Stored metrics

    private func sampleStored(_ metrics: MetricSnapshot, _ store: SeriesStore) {
        var left = Set(tracks.keys)
        for family in metrics.families {
            left.remove(family.schema)
            var track = tracks.removeValue(forKey: family.schema) ?? FamilyTrack(family)
            if track.places.count != family.samplePlaceCount {
                end(track)
                track = FamilyTrack(family)
            }
            track.follow(family) { pending.ended.append($0) }
            sample(&track, metrics, store)
            tracks[family.schema] = track
        }
        for schema in left {
            if let track = tracks.removeValue(forKey: schema) { end(track) }
        }
    }

    private func sample(_ track: inout FamilyTrack, _ metrics: MetricSnapshot, _ store: SeriesStore) {
        let family = track.family
        let width = track.places.count
        for series in family.slots.indices {
            values.removeAll(keepingCapacity: true)
            metrics.appendValues(of: family, at: series, to: &values)
            for place in 0..<width {
                let index = series * width + place
                take(
                    &track.samples[index], values[place], store,
                    isNew: { _ in track.places[place].isCounter && isNew(family.created[series]) },
                    labels: { labels(family, series, track.places[place]) })
            }
        }
    }

    /// Whether all that was counted since `created` was counted after the last look.
    private func isNew(_ created: WallTime) -> Bool { previous.map { created.nanoseconds > $0.sealedAt } ?? false }

    /// `isNew` is asked for series only that were not on the page before.
    private func take(
        _ sample: inout TrackedSample, _ value: Double?, _ store: SeriesStore, isNew: (SeriesReference) -> Bool,
        labels: () -> LabelSet
    ) {
        guard let value else {
            if let ending = sample.ending { pending.ended.append(ending) }
            sample.isPresent = false
            return
        }
        let isAdded = !sample.isPresent
        sample.isPresent = true
        guard let reference = resolve(&sample, store, labels) else {
            seriesRefused += 1
            return
        }
        if isAdded, value > 0, isNew(reference) {
            let last = store.lastSample(of: reference)?.timestamp
            pending.beginnings.append(TickSamples.Beginning(reference: reference, last: last))
        }
        pending.samples.append((reference, value))
    }

    /// The series of a sample, whose samples may all have gone because memory was short; nil when there is no room for it.
    private func resolve(
        _ sample: inout TrackedSample, _ store: SeriesStore, _ labels: () -> LabelSet
    ) -> SeriesReference? {
        if let reference = sample.reference, store.isCurrent(reference) { return reference }
        // It was looked up before, and would be refused again.
        if sample.isRefused, store.isFull { return nil }
        sample.reference = store.reference(ifRoomFor: labels())
        sample.isRefused = sample.reference == nil
        return sample.reference
    }

    private func labels(_ family: MetricFamily, _ series: Int, _ place: SamplePlace) -> LabelSet {
        var labels = target
        for label in family.labelPairs(of: series) {
            labels.append(Label(name: ByteString(label.name), value: ByteString(label.value)))
        }
        if let bound = place.bound { labels.append(Label(name: .bucketBound, value: ByteString(bound))) }
        labels.append(Label(name: .metricName, value: ByteString(place.name)))
        return LabelSet(labels)
    }

    // MARK: What the agent says about itself

    private func sampleOwn(_ families: [SampleFamily], _ store: SeriesStore) {
        var left = Set(ownTracks.keys)
        for family in families {
            // A second family of the same name is a part of the first.
            var key = family.name
            while left.remove(key) == nil, ownTracks[key] != nil { key += " " }
            var track = ownTracks.removeValue(forKey: key) ?? OwnTrack()
            track.follow(family.samples) { pending.ended.append($0) }
            for index in family.samples.indices {
                take(
                    &track.entries[index].sample, family.samples[index].value, store,
                    isNew: { family.kind == .counter && !isFirst && store.lastSample(of: $0) == nil },
                    labels: { labels(family.name, family.samples[index].labels) })
            }
            ownTracks[key] = track
        }
        for key in left {
            if let track = ownTracks.removeValue(forKey: key) { end(track) }
        }
    }

    private func labels(_ name: String, _ own: [(name: String, value: String)]) -> LabelSet {
        LabelSet(
            target + own.map { Label(name: ByteString($0.name), value: ByteString($0.value)) }
                + [Label(name: .metricName, value: ByteString(name))])
    }

    private func sampleUp(_ store: SeriesStore) {
        if up.map({ !store.isCurrent($0) }) ?? true { up = store.reference(for: labels("up", [])) }
        if let up { pending.samples.append((up, 1)) }
    }
}

import LogModel
import MetricRegistry
import QueryModel
import SeriesModel
import SeriesStore

/// What leads from the series of a page to those of the store, from one look to the next.
struct TrackedSample {
    /// Nil before the first look, and while the store has no room for the series.
    var reference: SeriesReference?
    /// Whether the last page had it.
    var isPresent = false
    /// Whether the store had no room for it at the last look.
    var isRefused = false

    /// The series that ends when it is not on the page any more.
    var ending: SeriesReference? { isPresent ? reference : nil }
}

/// The series of a stored metric, found again by their place and not by their labels.
struct FamilyTrack {
    private(set) var family: MetricFamily
    let places: [SamplePlace]
    /// One for each place of each series, in their order.
    var samples: ContiguousArray<TrackedSample>

    init(_ family: MetricFamily) {
        self.family = MetricFamily.empty(like: family)
        places = family.samplePlaces
        samples = []
    }

    /// Follows the series that came and went; those that went are handed to `ended`.
    mutating func follow(_ next: MetricFamily, ended: (SeriesReference) -> Void) {
        guard !next.hasSameSeries(as: family) else { return }
        let width = places.count
        var known: [SeriesSlot: Int] = [:]
        for (index, slot) in family.slots.enumerated() { known[slot] = index }
        var followed: ContiguousArray<TrackedSample> = []
        followed.reserveCapacity(next.slots.count * width)
        for series in next.slots.indices {
            if let old = known[next.slots[series]], next.isSame(series, as: family, at: old) {
                followed += samples[old * width..<(old + 1) * width]
                known[next.slots[series]] = nil
            } else {
                followed.append(contentsOf: repeatElement(TrackedSample(), count: width))
            }
        }
        for old in known.values {
            samples[old * width..<(old + 1) * width].compactMap(\.ending).forEach(ended)
        }
        (family, samples) = (next, followed)
    }
}

/// The series of a metric that a component reports about the agent, found again by their place as long as their labels stay.
struct OwnTrack {
    struct Entry {
        var labels: [(name: String, value: String)]
        var sample = TrackedSample()
    }

    var entries: [Entry] = []

    mutating func follow(_ samples: [SampleFamily.Sample], ended: (SeriesReference) -> Void) {
        let isSame =
            samples.count == entries.count
            && zip(samples, entries).allSatisfy { Self.isEqual($0.labels, $1.labels) }
        guard !isSame else { return }
        var known: [[String]: Entry] = [:]
        for entry in entries { known[Self.key(entry.labels)] = entry }
        entries = samples.map { sample in
            known.removeValue(forKey: Self.key(sample.labels)) ?? Entry(labels: sample.labels)
        }
        known.values.compactMap(\.sample.ending).forEach(ended)
    }

    private static func isEqual(
        _ left: [(name: String, value: String)], _ right: [(name: String, value: String)]
    ) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    private static func key(_ labels: [(name: String, value: String)]) -> [String] {
        labels.flatMap { [$0.name, $0.value] }
    }
}

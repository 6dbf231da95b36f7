import QueryModel

/// The buckets of a classic histogram at one time: cumulative counts by upper bound, ascending, each bound once.
struct ClassicHistogram {
    struct Bucket {
        var bound: Double
        var count: Double
    }

    private(set) var buckets: [Bucket]

    /// Buckets in any order; those with the same bound are added up.
    init(_ unsorted: [Bucket]) {
        buckets = []
        for bucket in unsorted.sorted(by: { $0.bound < $1.bound }) {
            if let last = buckets.last, last.bound == bucket.bound {
                buckets[buckets.count - 1].count += bucket.count
            } else {
                buckets.append(bucket)
            }
        }
    }

    private var isComplete: Bool { buckets.last?.bound == .infinity }

    /// The quantile by linear interpolation in its bucket, and whether counts had to be raised to those before them
    /// (docs: querying/functions, histogram_quantile).
    func quantile(_ fraction: Double) -> (value: Double, wasForced: Bool) {
        if fraction.isNaN { return (SampleValue.nan, false) }
        if fraction < 0 { return (-.infinity, false) }
        if fraction > 1 { return (.infinity, false) }
        guard isComplete else { return (SampleValue.nan, false) }
        var fixed = self
        let wasForced = fixed.makeMonotonic()
        return (fixed.interpolated(fraction), wasForced)
    }

    private func interpolated(_ fraction: Double) -> Double {
        let last = buckets.count - 1
        guard last > 0, buckets[last].count != 0 else { return SampleValue.nan }
        var rank = fraction * buckets[last].count
        let index = buckets[..<last].firstIndex { $0.count >= rank } ?? last
        if index == last { return buckets[last - 1].bound }
        if index == 0, buckets[0].bound <= 0 { return buckets[0].bound }
        var start = 0.0
        var count = buckets[index].count
        if index > 0 {
            start = buckets[index - 1].bound
            count -= buckets[index - 1].count
            rank -= buckets[index - 1].count
        }
        return start + (buckets[index].bound - start) * (rank / count)
    }

    /// Counts that fall are raised to the one before. Differences of a trillionth come from rounding and are not reported.
    private mutating func makeMonotonic() -> Bool {
        var wasForced = false
        var previous = buckets[0].count
        for index in buckets.indices.dropFirst() {
            let count = buckets[index].count
            if count == previous { continue }
            if isAlmostEqual(previous, count, tolerance: 1e-12) {
                buckets[index].count = previous
            } else if count < previous {
                buckets[index].count = previous
                wasForced = true
            } else {
                previous = count
            }
        }
        return wasForced
    }

    /// The share of observations above `lower` and not above `upper`.
    func fraction(from lower: Double, through upper: Double) -> Double {
        guard isComplete, let total = buckets.last?.count, total != 0, !lower.isNaN, !upper.isNaN else {
            return SampleValue.nan
        }
        if lower >= upper { return 0 }
        return (rank(of: upper) - rank(of: lower)) / total
    }

    /// How many observations are not above `value`, by linear interpolation. Buckets without end are not interpolated: the
    /// lowest counts whole and the highest not at all.
    private func rank(of value: Double) -> Double {
        if value == -.infinity { return 0 }
        guard let index = buckets.firstIndex(where: { value <= $0.bound }) else { return buckets.last?.count ?? 0 }
        let bucket = buckets[index]
        let below = index > 0 ? buckets[index - 1].count : 0
        if value == bucket.bound { return bucket.count }
        if bucket.bound == .infinity { return below }
        var start = 0.0
        if index > 0 {
            start = buckets[index - 1].bound
        } else if bucket.bound <= 0 {
            return bucket.count
        } else if value <= 0 {
            return 0
        }
        return below + (bucket.count - below) * ((value - start) / (bucket.bound - start))
    }
}

/// Whether two values differ by no more than a share of their sum (Prometheus: util/almost).
public func isAlmostEqual(_ left: Double, _ right: Double, tolerance: Double) -> Bool {
    if isAbsent(left) || isAbsent(right) { return isAbsent(left) && isAbsent(right) }
    if left.isNaN && right.isNaN { return true }
    if left == right { return true }
    let sum = left.magnitude + right.magnitude
    let difference = (left - right).magnitude
    let smallest = Double.leastNormalMagnitude
    if left == 0 || right == 0 || sum < smallest { return difference < tolerance * smallest }
    return difference / min(sum, .greatestFiniteMagnitude) < tolerance
}

import LogModel

/// Which series were updated, and when they were last known to be; kept only while some metric lets its series go.
///
/// In memory only: after a start nothing is known, and the time without an update begins anew, because lines that are not
/// read yet may be updates. So no crash lets a series go early, and a jump of the wall clock does neither.
struct SeriesActivity {
    /// Whether updates are to be noted at all.
    var isKept = false
    /// By the number of a series: whether it was updated since that was last asked.
    private var isTouched: ContiguousArray<Bool> = []
    private var lastUpdates: ContiguousArray<MonotonicTime?> = []
    /// When the next series may have to go; nil when there is none.
    var nextExpiry: MonotonicTime?

    @inline(__always)
    mutating func touch(_ series: Int) {
        if series >= isTouched.count { grow(to: series) }
        isTouched[series] = true
    }

    /// When a series was last updated, as far as that is known: one that was updated since the last time is so now, and so is
    /// one of which nothing is known.
    mutating func lastUpdate(of series: Int, now: MonotonicTime) -> MonotonicTime {
        if series >= isTouched.count { grow(to: series) }
        guard !isTouched[series], let last = lastUpdates[series] else {
            isTouched[series] = false
            lastUpdates[series] = now
            return now
        }
        return last
    }

    mutating func forget(_ series: Int) {
        guard series < isTouched.count else { return }
        isTouched[series] = false
        lastUpdates[series] = nil
    }

    mutating func forgetAll() { (isTouched, lastUpdates, nextExpiry) = ([], [], nil) }

    @inline(never)
    private mutating func grow(to series: Int) {
        let missing = max(series + 1, 2 * isTouched.count) - isTouched.count
        isTouched.append(contentsOf: repeatElement(false, count: missing))
        lastUpdates.append(contentsOf: repeatElement(nil, count: missing))
    }
}

import QueryModel

/// The samples of a series from which a function over ranges reads, with the bounds of the range at each step.
struct RangeSamples {
    /// What names the series.
    var labels: LabelSet
    /// The times of the floats, markers of staleness left out.
    var times: [Int64]
    /// The floats.
    var values: [Double]
    /// The times of native histograms; as a rule there are none.
    var histogramTimes: [Int64] = []
    /// The ranges, the same for all series.
    var ranges: RangeBounds

    /// The samples of a selected series.
    init(_ series: SelectedSeries, ranges: RangeBounds) {
        labels = series.labels
        times = series.timestamps
        values = series.values
        self.ranges = ranges
        let isPlain = !series.holdsHistograms && !values.contains(where: isAbsent)
        if !isPlain { separate(holdsHistograms: series.holdsHistograms) }
    }

    /// The samples of a row of a subquery, whose steps are at `times`.
    init(row: Int, of grid: Grid, times: [Int64], ranges: RangeBounds) {
        labels = grid.labels[row]
        self.times = times
        values = Array(grid.cells[row * grid.width..<(row + 1) * grid.width])
        self.ranges = ranges
        if grid.mayHoldHistograms || values.contains(where: isAbsent) {
            separate(holdsHistograms: grid.mayHoldHistograms)
        }
    }

    private mutating func separate(holdsHistograms: Bool) {
        if holdsHistograms {
            histogramTimes = zip(times, values).filter { isHistogram($0.1) }.map(\.0)
        }
        let kept = values.indices.filter { !isAbsent(values[$0]) && !(holdsHistograms && isHistogram(values[$0])) }
        times = kept.map { times[$0] }
        values = kept.map { values[$0] }
    }

    /// All samples of the range at a step, histograms among them.
    func window(at step: Int) -> (timestamps: [Int64], values: [Double]) {
        let end = ranges.end(step)
        let isInside = { (time: Int64) in time > end - ranges.length && time <= end }
        var samples = zip(times, values).filter { isInside($0.0) }
        samples += histogramTimes.filter(isInside).map { ($0, SampleValue.histogram) }
        samples.sort { $0.0 < $1.0 }
        return (samples.map(\.0), samples.map(\.1))
    }
}

/// Ranges that are open on the left and closed on the right, one for each step.
struct RangeBounds {
    /// Where the range of the first step ends.
    var firstEnd: Int64
    /// How far the range moves from step to step; 0 when `@` fixes it.
    var distance: Int64
    /// How long each range is.
    var length: Int64
    /// The number of steps.
    var count: Int

    func end(_ step: Int) -> Int64 { firstEnd &+ Int64(step) &* distance }
    var lastEnd: Int64 { end(max(0, count - 1)) }
}

extension Evaluator {
    /// The series of a range vector.
    func rangeSamples(_ expression: Expression, _ steps: Steps) throws(QueryError) -> [RangeSamples] {
        let inner = expression.withoutParentheses
        switch inner.form {
        case .rangeSelector(let selector, let length):
            let ranges = bounds(selector.shift, length: length, steps)
            let selected = try series(selector, after: ranges.firstEnd &- length, through: ranges.lastEnd)
            return selected.map { RangeSamples($0, ranges: ranges) }
        case .subquery(let subquery): return try rangeSamples(subquery, steps)
        default: throw .execution("BUG: no range vector")
        }
    }

    private func bounds(_ shift: TimeShift, length: Int64, _ steps: Steps) -> RangeBounds {
        RangeBounds(
            firstEnd: referenceTime(shift, at: steps.start), distance: shift.anchor == nil ? steps.interval : 0,
            length: length, count: steps.count)
    }

    /// The inner expression is evaluated once, at all multiples of its step that any of the ranges covers.
    private func rangeSamples(_ subquery: Subquery, _ steps: Steps) throws(QueryError) -> [RangeSamples] {
        let ranges = bounds(subquery.shift, length: subquery.rangeInMilliseconds, steps)
        let interval = subquery.stepInMilliseconds ?? options.subqueryStepInMilliseconds
        let open = ranges.firstEnd &- ranges.length
        // Multiples of the step, counted from 1970.
        var start = open / interval * interval
        if start <= open { start += interval }
        guard ranges.lastEnd >= start else { return [] }
        let count = (ranges.lastEnd - start) / interval + 1
        guard count <= Int64(options.maximumSamples) else { throw .tooManySamples }
        try hold(Int(count))
        let innerSteps = Steps(start: start, interval: interval, count: Int(count))
        let grid = try vector(subquery.expression, innerSteps)
        let times = (0..<innerSteps.count).map(innerSteps.time)
        return (0..<grid.rowCount).map { RangeSamples(row: $0, of: grid, times: times, ranges: ranges) }
    }
}

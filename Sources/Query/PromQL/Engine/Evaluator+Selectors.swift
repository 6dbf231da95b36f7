import QueryModel

extension Evaluator {
    /// The time that a selector looks at when evaluated at `time`.
    func referenceTime(_ shift: TimeShift, at time: Int64) -> Int64 {
        let anchor =
            switch shift.anchor {
            case .time(let fixed): fixed
            case .start: start
            case .end: end
            case nil: time
            }
        return anchor &- shift.offsetInMilliseconds
    }

    /// The series of a selector with the samples after `start` until `end`.
    func series(
        _ selector: VectorSelector, after start: Int64, through end: Int64
    ) throws(QueryError) -> [SelectedSeries] {
        if let known = remembered(selector.matchers, from: start &+ 1, through: end) { return known }
        let selected: [SelectedSeries]
        do { selected = try source.select(selector.matchers, from: start &+ 1, through: end) } catch {
            throw .storage(error)
        }
        for matcher in selector.matchers {
            if let reason = matcher.takeFailure() { throw .execution(reason) }
        }
        try remember(Selection(matchers: selector.matchers, start: start &+ 1, end: end, series: selected))
        try checkTime()
        return selected
    }

    /// The newest sample of each series at each step that is no older than the lookback.
    func select(_ selector: VectorSelector, _ steps: Steps) throws(QueryError) -> Grid {
        try select(selector, steps, takingTimes: false)
    }

    /// With `takingTimes` the samples' times in seconds, for `timestamp(selector)`.
    func select(_ selector: VectorSelector, _ steps: Steps, takingTimes: Bool) throws(QueryError) -> Grid {
        let first = referenceTime(selector.shift, at: steps.start)
        let last = referenceTime(selector.shift, at: steps.end)
        let selected = try series(selector, after: first &- options.lookbackInMilliseconds, through: last)
        let distance = selector.shift.anchor == nil ? steps.interval : 0
        try hold(selected.count * steps.count)
        var grid = Grid(width: steps.count)
        grid.labels.reserveCapacity(selected.count)
        grid.cells.reserveCapacity(selected.count * steps.count)
        for (index, series) in selected.enumerated() {
            if index % 256 == 255 { try checkTime() }
            let rowStart = grid.cells.count
            let hasSamples = appendNewest(
                of: series, first: first, distance: distance, count: steps.count, takingTimes: takingTimes,
                to: &grid.cells)
            if hasSamples {
                grid.labels.append(series.labels)
                grid.mayHoldHistograms = grid.mayHoldHistograms || (series.holdsHistograms && !takingTimes)
            } else {
                grid.cells.removeSubrange(rowStart...)
            }
        }
        return grid
    }

    /// Appends a row; false when all of its cells are empty.
    private func appendNewest(
        of series: SelectedSeries, first: Int64, distance: Int64, count: Int, takingTimes: Bool,
        to cells: inout [Double]
    ) -> Bool {
        let times = series.timestamps.span
        let values = series.values.span
        // The first sample after the time that is looked at.
        var next = firstIndex(in: times, after: first)
        var time = first
        var hasSamples = false
        for _ in 0..<count {
            while next < times.count, times[next] <= time { next += 1 }
            var cell = absent
            if next > 0, times[next - 1] > time &- options.lookbackInMilliseconds {
                cell = values[next - 1]
                if cell.isNaN { cell = Self.measured(cell, mayBeHistogram: series.holdsHistograms) }
                if !isAbsent(cell) {
                    hasSamples = true
                    if takingTimes { cell = Double(times[next - 1]) / 1000 }
                }
            }
            cells.append(cell)
            time &+= distance
        }
        return hasSamples
    }

    /// A NaN of storage: a marker stays one, anything that only looks like a histogram's mark becomes a plain NaN.
    private static func measured(_ value: Double, mayBeHistogram: Bool) -> Double {
        isHistogram(value) && !mayBeHistogram ? SampleValue.nan : value
    }
}

/// The index of the first time after `time`; the number of times when there is none.
func firstIndex(in times: Span<Int64>, after time: Int64) -> Int {
    var low = 0
    var high = times.count
    while low < high {
        let middle = (low + high) / 2
        if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
}

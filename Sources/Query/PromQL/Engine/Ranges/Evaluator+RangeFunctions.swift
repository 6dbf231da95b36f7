import QueryModel

extension Evaluator {
    /// A function of a range vector.
    func rangeFunction(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Grid {
        let place = arguments.firstIndex { $0.type == .rangeVector } ?? 0
        var scalars: [[Double]] = []
        for argument in arguments where argument.type == .scalar { scalars.append(try self.scalars(argument, steps)) }
        let series = try rangeSamples(arguments[place], steps)
        guard !series.isEmpty else { return Grid(width: steps.count) }
        try check(function, scalars)
        try hold(series.count * steps.count)
        var grid = Grid(width: steps.count)
        grid.mayHoldHistograms = series.contains { !$0.histogramTimes.isEmpty }
        grid.labels.reserveCapacity(series.count)
        grid.cells.reserveCapacity(series.count * steps.count)
        var latest: LabelSet?
        let walk = RangeWalk(
            function: function, firstRange: arguments[0].range, range: arguments[place].range,
            isExpired: options.isExpired)
        for (index, samples) in series.enumerated() {
            if index % 64 == 63 { try checkTime() }
            let isOfKnownMetric = latest?.hasSameMetricName(as: samples.labels) ?? false
            let rowStart = grid.cells.count
            let hasSamples = try walk.append(
                samples, isOfKnownMetric: isOfKnownMetric, to: &grid.cells, steps: steps, scalars: scalars,
                annotations: &annotations)
            if hasSamples {
                grid.labels.append(samples.labels)
                if !samples.values.isEmpty { latest = samples.labels }
            } else {
                grid.cells.removeSubrange(rowStart...)
            }
        }
        let keepsName = function == .lastOverTime || function == .firstOverTime
        return keepsName ? grid : try grid.withoutMetricNames()
    }

    private func check(_ function: QueryFunction, _ scalars: [[Double]]) throws(QueryError) {
        guard function == .doubleExponentialSmoothing else { return }
        for (name, values) in zip(["smoothing", "trend"], scalars) {
            if let wrong = values.first(where: { !($0 > 0 && $0 < 1) }) {
                let symbol = name == "smoothing" ? "sf" : "tf"
                throw .execution(
                    "invalid \(name) factor. Expected: 0 < \(symbol) < 1, got: \(NumberText.plain(wrong))")
            }
        }
    }

    /// 1 at each step at which no series has a sample in the range.
    func absentOverTime(_ argument: Expression, _ steps: Steps) throws(QueryError) -> Grid {
        var cells = [Double](repeating: 1, count: steps.count)
        for samples in try rangeSamples(argument, steps) {
            for step in 0..<steps.count where !isAbsent(cells[step]) {
                let end = samples.ranges.end(step)
                let start = end - samples.ranges.length
                if contains(samples.times, after: start, through: end)
                    || contains(samples.histogramTimes, after: start, through: end)
                {
                    cells[step] = absent
                }
            }
        }
        return Grid(labels: [absentLabels(argument)], cells: cells, width: steps.count).withoutEmptyRows()
    }

    private func contains(_ times: [Int64], after start: Int64, through end: Int64) -> Bool {
        let first = firstIndex(in: times.span, after: start)
        return first < times.count && times[first] <= end
    }
}

/// The way of a series through the ranges of all steps.
private struct RangeWalk {
    let function: QueryFunction
    /// Where the first argument stands.
    let firstRange: SourceRange
    /// Where the range vector stands.
    let range: SourceRange
    /// Whether the time of the query is over.
    let isExpired: @Sendable () -> Bool

    private static let samplesBetweenChecks = 1_000_000

    /// Appends a cell for each step; false when all of them are empty. `isOfKnownMetric`: whether the series before was of the
    /// same metric, so that nothing new can be said about its name.
    func append(
        _ samples: borrowing RangeSamples, isOfKnownMetric: Bool, to cells: inout [Double], steps: Steps,
        scalars: [[Double]], annotations: inout Annotations
    ) throws(QueryError) -> Bool {
        var hasSamples = false
        // Long ranges at many steps are much work for one series.
        var samplesUntilCheck = Self.samplesBetweenChecks
        let ranges = samples.ranges
        let times = samples.times.span
        let values = samples.values.span
        var kernel = RangeKernel(function, length: ranges.length)
        var low = firstIndex(in: times, after: ranges.firstEnd - ranges.length)
        var high = low
        var histograms = HistogramWindow(samples.histogramTimes)
        for step in 0..<steps.count {
            let end = ranges.end(step)
            let start = end - ranges.length
            while low < times.count, times[low] <= start { low += 1 }
            if high < low { high = low }
            while high < times.count, times[high] <= end { high += 1 }
            histograms.move(start, end)
            samplesUntilCheck -= high - low
            if samplesUntilCheck < 0 {
                if isExpired() { throw .timeout }
                samplesUntilCheck = Self.samplesBetweenChecks
            }
            var cell = absent
            if !histograms.isEmpty {
                cell = mixed(
                    samples.labels, times.extracting(low..<high), values.extracting(low..<high), histograms,
                    &annotations)
            }
            if isAbsent(cell), low < high, histograms.isEmpty || function.ignoresHistograms {
                kernel.end = end
                kernel.time = steps.time(step)
                kernel.first = scalars.first?[step] ?? 0
                kernel.second = scalars.dropFirst().first?[step] ?? 0
                cell = floats(times.extracting(low..<high), values.extracting(low..<high), &kernel, &annotations)
            }
            if !isAbsent(cell) { hasSamples = true }
            cells.append(cell)
        }
        if hasSamples, !isOfKnownMetric, !samples.values.isEmpty { noteCounter(samples.labels, &annotations) }
        return hasSamples
    }

    private func floats(
        _ times: Span<Int64>, _ values: Span<Double>, _ kernel: inout RangeKernel, _ annotations: inout Annotations
    ) -> Double {
        switch function {
        case .countOverTime: return Double(values.count)
        case .presentOverTime: return 1
        case .lastOverTime: return values[values.count - 1]
        case .firstOverTime: return values[0]
        case .tsOfFirstOverTime: return Double(times[0]) / 1000
        case .tsOfLastOverTime: return Double(times[times.count - 1]) / 1000
        case .quantileOverTime:
            if !(kernel.first >= 0 && kernel.first <= 1) {
                annotations.invalidQuantile(kernel.first, at: firstRange)
            }
            return kernel.value(times, values)
        default: return kernel.value(times, values)
        }
    }

    /// What functions make of ranges with native histograms in them, as far as their content does not matter.
    private func mixed(
        _ labels: LabelSet, _ times: Span<Int64>, _ values: Span<Double>, _ histograms: HistogramWindow,
        _ annotations: inout Annotations
    ) -> Double {
        let isMix = times.count > 0
        let firstTime = times.count > 0 ? min(times[0], histograms.first) : histograms.first
        let lastTime = times.count > 0 ? max(times[times.count - 1], histograms.last) : histograms.last
        switch function {
        case .countOverTime: return Double(times.count + histograms.count)
        case .presentOverTime: return 1
        case .tsOfFirstOverTime: return Double(firstTime) / 1000
        case .tsOfLastOverTime: return Double(lastTime) / 1000
        case .firstOverTime: return firstTime == histograms.first ? SampleValue.histogram : values[0]
        case .lastOverTime: return lastTime == histograms.last ? SampleValue.histogram : values[values.count - 1]
        case _ where function.ignoresHistograms:
            if isMix { annotations.ignoredHistograms(metric: labels.metricName, at: range) }
            return absent
        default:
            if isMix {
                annotations.mixedSamples(metric: labels.metricName, at: range)
                return absent
            }
            return function == .changes || function == .resets ? absent : SampleValue.histogram
        }
    }

    /// `rate` of what is no counter is a common mistake.
    private func noteCounter(_ labels: LabelSet, _ annotations: inout Annotations) {
        guard function == .rate || function == .increase else { return }
        let name = labels.metricName
        let isCounter = ["_total", "_sum", "_count", "_bucket"].contains { suffix in
            name.bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        }
        if !name.isEmpty, !isCounter { annotations.possiblyNoCounter(name, at: range) }
    }
}

/// The native histograms of the range, by their times alone.
private struct HistogramWindow {
    private let times: [Int64]
    private var low = 0
    private var high = 0

    init(_ times: [Int64]) { self.times = times }

    mutating func move(_ start: Int64, _ end: Int64) {
        while low < times.count, times[low] <= start { low += 1 }
        if high < low { high = low }
        while high < times.count, times[high] <= end { high += 1 }
    }

    var isEmpty: Bool { low == high }
    var count: Int { high - low }
    var first: Int64 { times[low] }
    var last: Int64 { times[high - 1] }
}

extension QueryFunction {
    /// Whether the function works on the floats of a range that also holds native histograms.
    fileprivate var ignoresHistograms: Bool {
        switch self {
        case .deriv, .predictLinear, .doubleExponentialSmoothing, .madOverTime, .minOverTime, .maxOverTime,
            .quantileOverTime, .stddevOverTime, .stdvarOverTime, .tsOfMaxOverTime, .tsOfMinOverTime:
            true
        default: false
        }
    }
}

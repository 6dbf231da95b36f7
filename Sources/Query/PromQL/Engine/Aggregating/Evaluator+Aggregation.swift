import QueryModel

extension Evaluator {
    /// An aggregation over all rows of each group, step by step.
    func aggregate(
        _ aggregation: AggregationExpression, at range: SourceRange, _ steps: Steps
    ) throws(QueryError) -> Grid {
        let operation = aggregation.operation
        let grid = try vector(aggregation.expression, steps)
        if operation == .countValues { return try countValues(aggregation, grid) }
        var parameters: [Double] = []
        if let parameter = aggregation.parameter { parameters = try scalars(parameter, steps) }
        let place = aggregation.parameter?.range ?? range
        try check(operation, &parameters, at: place)
        let grouping = Grouping(grid.labels, by: aggregation.grouping, isWithout: aggregation.isWithout)
        try checkTime()
        try hold((operation.selectsSamples ? grid.rowCount : grouping.labels.count) * grid.width)
        switch operation {
        case .topk, .bottomk, .limitk, .limitRatio:
            return selected(operation, grid, grouping, parameters, at: aggregation.expression.range)
        case .quantile: return quantiles(grid, grouping, parameters, at: aggregation.expression.range)
        default: return try accumulated(operation, grid, grouping, at: aggregation.expression.range)
        }
    }

    /// Checks the values before the vector, and caps ratios.
    private func check(
        _ operation: Aggregation, _ parameters: inout [Double], at range: SourceRange
    ) throws(QueryError) {
        switch operation {
        case .quantile:
            for value in parameters where !(value >= 0 && value <= 1) {
                annotations.invalidQuantile(value, at: range)
            }
        case .limitRatio:
            for (step, value) in parameters.enumerated() {
                if value.isNaN { throw .execution("Ratio value is NaN") }
                let capped = min(1, max(-1, value))
                if capped != value { annotations.invalidRatio(value, cappedTo: capped, at: range) }
                parameters[step] = capped
            }
        case .topk, .bottomk, .limitk:
            for value in parameters {
                if value.isNaN { throw .execution("Parameter value is NaN") }
                if value >= 0x1p63 {
                    throw .execution("Scalar value \(NumberText.general(value)) overflows int64")
                }
                if value < -0x1p63 {
                    throw .execution("Scalar value \(NumberText.general(value)) underflows int64")
                }
            }
        default: break
        }
    }

    // MARK: - One value of many

    private func accumulated(
        _ operation: Aggregation, _ grid: Grid, _ grouping: Grouping, at range: SourceRange
    ) throws(QueryError) -> Grid {
        var result = Grid(emptyWithLabels: grouping.labels, width: grid.width)
        result.mayHoldHistograms = grid.mayHoldHistograms
        var accumulators = [Accumulator](repeating: Accumulator(), count: grid.width)
        for (group, rows) in grouping.members.enumerated() {
            if group % 64 == 63 { try checkTime() }
            for step in accumulators.indices { accumulators[step] = Accumulator() }
            for row in rows { add(grid, row, to: &accumulators, operation, at: range) }
            for (step, accumulator) in accumulators.enumerated() {
                if accumulator.isMixed, operation == .sum || operation == .avg {
                    annotations.mixedSamplesInAggregation(at: range)
                }
                result.cells[group * grid.width + step] = accumulator.result(operation)
            }
        }
        return result.withoutEmptyRows()
    }

    private func add(
        _ grid: Grid, _ row: Int, to accumulators: inout [Accumulator], _ operation: Aggregation, at range: SourceRange
    ) {
        let start = row * grid.width
        for step in 0..<grid.width {
            let cell = grid.cells[start + step]
            if isAbsent(cell) { continue }
            if !isHistogram(cell) {
                accumulators[step].add(cell, operation)
            } else if operation.ignoresHistograms {
                annotations.ignoredHistogram(in: operation, at: range)
            } else {
                accumulators[step].addHistogram()
            }
        }
    }

    private func quantiles(_ grid: Grid, _ grouping: Grouping, _ fractions: [Double], at range: SourceRange) -> Grid {
        var result = Grid(emptyWithLabels: grouping.labels, width: grid.width)
        var values: [Double] = []
        for (group, rows) in grouping.members.enumerated() {
            for step in 0..<grid.width {
                values.removeAll(keepingCapacity: true)
                for row in rows {
                    let cell = grid.cells[row * grid.width + step]
                    if isHistogram(cell) {
                        annotations.ignoredHistogram(in: .quantile, at: range)
                    } else if !isAbsent(cell) {
                        values.append(cell)
                    }
                }
                if !values.isEmpty { result.cells[group * grid.width + step] = quantile(fractions[step], of: &values) }
            }
        }
        return result.withoutEmptyRows()
    }

    // MARK: - Counting values

    private func countValues(_ aggregation: AggregationExpression, _ grid: Grid) throws(QueryError) -> Grid {
        guard let parameter = aggregation.parameter else { throw .execution("BUG: count_values without a label") }
        let label = try string(parameter)
        guard isLabelName(label) else { throw .execution("invalid label name \(quoted(label))") }
        let grouping = Grouping(grid.labels, by: aggregation.grouping, isWithout: aggregation.isWithout)
        var places: [LabelSet: Int] = [:]
        var result = Grid(width: grid.width)
        for (row, group) in grouping.groups.enumerated() {
            if row % 64 == 63 { try checkTime() }
            // Values repeat from step to step, as a rule.
            var known: (value: UInt64, place: Int)?
            for step in 0..<grid.width {
                let cell = grid.cells[row * grid.width + step]
                if isAbsent(cell) { continue }
                var place = known?.place ?? 0
                if known?.value != cell.bitPattern {
                    let text = ByteString(isHistogram(cell) ? "{}" : NumberText.plain(cell))
                    let labels = grouping.labels[group].setting(label, to: text)
                    place = places[labels] ?? result.rowCount
                    if place == result.rowCount {
                        // Each value may be a series of its own.
                        try hold(grid.width)
                        places[labels] = place
                        result.labels.append(labels)
                        result.cells += repeatElement(absent, count: grid.width)
                    }
                    known = (cell.bitPattern, place)
                }
                let index = place * grid.width + step
                result.cells[index] = isAbsent(result.cells[index]) ? 1 : result.cells[index] + 1
            }
        }
        return result
    }
}

/// What is known of the samples of one group at one step.
private struct Accumulator {
    private var count = 0.0
    private var value = 0.0
    private var mean = CompensatedMean()
    private var sum = CompensatedSum()
    private var histograms = 0

    mutating func addHistogram() { histograms += 1 }

    var isMixed: Bool { histograms > 0 && count > 0 }

    @inline(__always)
    mutating func add(_ sample: Double, _ operation: Aggregation) {
        count += 1
        switch operation {
        case .sum: sum.add(sample)
        case .avg: mean.add(sample)
        case .min: if count == 1 || value > sample || value.isNaN { value = sample }
        case .max: if count == 1 || value < sample || value.isNaN { value = sample }
        case .stddev, .stdvar: addSquare(sample)
        default: break
        }
    }

    /// Welford's method: `sum` is the mean, `value` the sum of squares.
    private mutating func addSquare(_ sample: Double) {
        if count == 1 {
            sum = CompensatedSum(sample)
            value = sample.isFinite ? 0 : SampleValue.nan
            return
        }
        let delta = sample - sum.sum
        let next = sum.sum + delta / count
        sum = CompensatedSum(next)
        value += delta * (sample - next)
    }

    func result(_ operation: Aggregation) -> Double {
        switch operation {
        case .count: return count + Double(histograms) > 0 ? count + Double(histograms) : absent
        case .group: return count + Double(histograms) > 0 ? 1 : absent
        default: break
        }
        if histograms > 0 { return count > 0 ? absent : SampleValue.histogram }
        guard count > 0 else { return absent }
        switch operation {
        case .sum: return sum.value
        case .avg: return mean.value
        case .stdvar: return value / count
        case .stddev: return (value / count).squareRoot()
        default: return value
        }
    }
}

extension Aggregation {
    /// Whether samples pass as they are.
    fileprivate var selectsSamples: Bool {
        switch self {
        case .topk, .bottomk, .limitk, .limitRatio: true
        default: false
        }
    }

    /// Whether native histograms are left out, with an info.
    fileprivate var ignoresHistograms: Bool {
        switch self {
        case .min, .max, .stddev, .stdvar: true
        default: false
        }
    }
}

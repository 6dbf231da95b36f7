import QueryModel

extension Evaluator {
    /// `histogram_quantile`, `histogram_quantiles` and `histogram_fraction` over series with the label `le`.
    func classicHistograms(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Grid {
        let place = arguments.firstIndex { $0.type == .instantVector } ?? 0
        let grid = try vector(arguments[place], steps)
        var scalars: [(argument: Expression, values: [Double])] = []
        for argument in arguments where argument.type == .scalar {
            scalars.append((argument, try self.scalars(argument, steps)))
        }
        if function != .histogramFraction {
            for (argument, values) in scalars {
                for value in values where !(value >= 0 && value <= 1) {
                    annotations.invalidQuantile(value, at: argument.range)
                }
            }
        }
        let groups = bucketGroups(grid, at: arguments[place].range)
        switch function {
        case .histogramQuantile:
            return try evaluated(groups, grid, at: arguments[place].range) { histogram, step in
                histogram.quantile(scalars[0].values[step])
            }.merged()
        case .histogramFraction:
            return try evaluated(groups, grid, at: arguments[place].range) { histogram, step in
                (histogram.fraction(from: scalars[0].values[step], through: scalars[1].values[step]), false)
            }.merged()
        default:
            let label = try string(arguments[1])
            guard isLabelName(label) else { throw .execution("invalid label name \(quoted(label))") }
            return try quantiles(groups, grid, scalars.map(\.values), label, at: arguments[place].range)
        }
    }

    /// The rows of one histogram, with the bounds of their buckets.
    private struct BucketGroup {
        var labels: LabelSet
        var name: ByteString
        var rows: [(row: Int, bound: Double)]
        /// Rows that may hold native histograms under the same labels.
        var nativeRows: [Int] = []
    }

    private func bucketGroups(_ grid: Grid, at range: SourceRange) -> [BucketGroup] {
        var groups: [BucketGroup] = []
        var places: [LabelSet: Int] = [:]
        for (row, labels) in grid.labels.enumerated() {
            let name = labels.metricName
            let isNative = grid.mayHoldHistograms && cells(grid, row).contains(where: isHistogram)
            let isClassic = !isNative || cells(grid, row).contains { !isAbsent($0) && !isHistogram($0) }
            let bound = NumberText.signedValue(labels[.bucketBound].bytes)
            if isClassic, bound == nil {
                annotations.badBucketLabel(labels[.bucketBound], metric: name, at: range)
            }
            let key = isNative && bound == nil ? labels : labels.removing([.bucketBound])
            guard bound != nil || isNative else { continue }
            let next = groups.count
            let index = places[key, default: next]
            if index == next {
                places[key] = next
                groups.append(BucketGroup(labels: key.withoutMetricName, name: name, rows: []))
            }
            if let bound { groups[index].rows.append((row, bound)) }
            if isNative { groups[index].nativeRows.append(row) }
        }
        return groups
    }

    private func cells(_ grid: Grid, _ row: Int) -> ArraySlice<Double> {
        grid.cells[row * grid.width..<(row + 1) * grid.width]
    }

    private func evaluated(
        _ groups: [BucketGroup], _ grid: Grid, at range: SourceRange,
        _ body: (ClassicHistogram, Int) -> (value: Double, wasForced: Bool)
    ) throws(QueryError) -> Grid {
        var result = Grid(width: grid.width)
        for group in groups {
            try checkTime()
            var row = [Double](repeating: absent, count: grid.width)
            for step in 0..<grid.width {
                let native = group.nativeRows.contains { isHistogram(grid.cells[$0 * grid.width + step]) }
                var buckets: [ClassicHistogram.Bucket] = []
                for (source, bound) in group.rows {
                    let cell = grid.cells[source * grid.width + step]
                    if isAbsent(cell) || isHistogram(cell) { continue }
                    buckets.append(ClassicHistogram.Bucket(bound: bound, count: cell))
                }
                if buckets.isEmpty { continue }
                if native {
                    annotations.mixedHistograms(metric: group.name, at: range)
                    continue
                }
                let (value, wasForced) = body(ClassicHistogram(buckets), step)
                if wasForced { annotations.forcedMonotonicity(metric: group.name, at: range) }
                row[step] = value
            }
            result.append(group.labels, row)
        }
        return result
    }

    private func quantiles(
        _ groups: [BucketGroup], _ grid: Grid, _ fractions: [[Double]], _ label: ByteString, at range: SourceRange
    ) throws(QueryError) -> Grid {
        var result = Grid(width: grid.width)
        for values in fractions {
            let all = try evaluated(groups, grid, at: range) { histogram, step in histogram.quantile(values[step]) }
            // A quantile may differ from step to step, and with it the label.
            for (row, labels) in all.labels.enumerated() {
                var rows: [ByteString: [Double]] = [:]
                for step in 0..<all.width {
                    let text = ByteString(NumberText.openMetrics(values[step]))
                    rows[text, default: [Double](repeating: absent, count: all.width)][step] =
                        all.cells[row * all.width + step]
                }
                for (text, cells) in rows.sorted(by: { $0.key < $1.key }) {
                    result.append(labels.setting(label, to: text), cells)
                }
            }
        }
        return try result.merged()
    }
}

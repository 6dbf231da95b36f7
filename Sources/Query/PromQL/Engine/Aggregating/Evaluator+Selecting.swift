import QueryModel

extension Evaluator {
    /// The aggregations that let some of the samples pass, as they are: `topk`, `bottomk`, `limitk`, `limit_ratio`.
    func selected(
        _ operation: Aggregation, _ grid: Grid, _ grouping: Grouping, _ parameters: [Double], at range: SourceRange
    ) -> Grid {
        var result = Grid(emptyWithLabels: grid.labels, width: grid.width)
        result.mayHoldHistograms = grid.mayHoldHistograms
        let shares = operation == .limitRatio ? grid.labels.map(\.share) : []
        var order: [Int] = []
        for rows in grouping.members {
            for step in 0..<grid.width {
                let chosen = chosen(operation, rows, grid, step, parameters[step], shares, at: range)
                for row in chosen { result.cells[row * grid.width + step] = grid.cells[row * grid.width + step] }
                // The order of an instant vector is that of the choice.
                if grid.width == 1 { order += chosen }
            }
        }
        return grid.width == 1 ? result.reordered(order) : result.withoutEmptyRows()
    }

    private func chosen(
        _ operation: Aggregation, _ rows: [Int], _ grid: Grid, _ step: Int, _ parameter: Double, _ shares: [Double],
        at range: SourceRange
    ) -> [Int] {
        let cell = { (row: Int) in grid.cells[row * grid.width + step] }
        let present = rows.filter { !isAbsent(cell($0)) }
        if operation == .limitRatio {
            return present.filter { row in
                parameter >= 0 ? shares[row] < parameter : shares[row] >= 1 + parameter
            }
        }
        guard parameter >= 1 else { return [] }
        let count = Int(min(parameter, Double(present.count)))
        if operation == .limitk { return Array(present.prefix(count)) }
        let floats = grid.mayHoldHistograms ? present.filter { !isHistogram(cell($0)) } : present
        if floats.count < present.count { annotations.ignoredHistogram(in: operation, at: range) }
        let isDescending = operation == .topk
        let sorted = floats.sorted { precedes(cell($0), cell($1), $0, $1, isDescending: isDescending) }
        return Array(sorted.prefix(count))
    }
}

extension LabelSet {
    /// Where the series lies between 0 and 1: its hash as a share of the largest one. Prometheus hashes the same bytes
    /// (labels_stringlabels.go), so that both choose the same series.
    fileprivate var share: Double { Double(XXHash64.hash(encoded)) / Double(UInt64.max) }
}

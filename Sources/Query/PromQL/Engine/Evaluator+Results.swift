import QueryModel

extension Evaluator {
    /// The values of any expression at one time.
    func instantData(of expression: Expression, at time: Int64) throws(QueryError) -> QueryData {
        if expression.type == .rangeVector {
            let samples = try rangeSamples(expression, .instant(time))
            return .matrix(
                samples.compactMap { series in
                    let (timestamps, values) = series.window(at: 0)
                    guard !timestamps.isEmpty else { return nil }
                    return QuerySeries(labels: series.labels, timestamps: timestamps, values: values)
                }.sorted { $0.labels < $1.labels })
        }
        switch try evaluate(expression, .instant(time)) {
        case .scalar(let values): return .scalar(time: time, value: values[0])
        case .string(let value): return .string(time: time, value: value)
        case .vector(let grid):
            var samples: [QuerySample] = []
            for (row, labels) in grid.labels.enumerated() where !isAbsent(grid.cells[row]) {
                samples.append(QuerySample(labels: labels, time: time, value: grid.cells[row]))
            }
            return .vector(samples)
        }
    }

    /// The values of a scalar or an instant vector at all steps.
    func rangeData(of expression: Expression, _ steps: Steps) throws(QueryError) -> QueryData {
        guard expression.type == .scalar || expression.type == .instantVector else {
            throw .execution(
                "invalid expression type \(quoted(expression.type.name)) for range query, "
                    + "must be Scalar or instant Vector")
        }
        let times = (0..<steps.count).map(steps.time)
        switch try evaluate(expression, steps) {
        case .scalar(let values):
            return .matrix([QuerySeries(labels: .empty, timestamps: times, values: values)])
        case .string: throw .execution("BUG: a string in a range query")
        case .vector(let grid):
            let rows = try grid.merged()
            var series: [QuerySeries] = []
            for (row, labels) in rows.labels.enumerated() {
                let cells = rows.cells[row * rows.width..<(row + 1) * rows.width]
                let present = zip(times, cells).filter { !isAbsent($0.1) }
                if present.isEmpty { continue }
                series.append(QuerySeries(labels: labels, timestamps: present.map(\.0), values: present.map(\.1)))
            }
            return .matrix(series.sorted { $0.labels < $1.labels })
        }
    }
}

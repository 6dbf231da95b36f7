import QueryModel

extension Evaluator {
    /// Calls a function with arguments of the right types.
    func call(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Value {
        if function.signature.result == .scalar { return .scalar(try scalarCall(function, arguments, steps)) }
        if function == .absentOverTime { return .vector(try absentOverTime(arguments[0], steps)) }
        if arguments.contains(where: { $0.type == .rangeVector }) {
            return .vector(try rangeFunction(function, arguments, steps))
        }
        return .vector(try vectorCall(function, arguments, steps))
    }

    private func scalarCall(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> [Double] {
        func constant(_ value: Double) -> [Double] { [Double](repeating: value, count: steps.count) }
        switch function {
        case .pi: return constant(.pi)
        case .time: return (0..<steps.count).map { Double(steps.time($0)) / 1000 }
        case .start: return constant(Double(start) / 1000)
        case .end: return constant(Double(end) / 1000)
        case .step: return constant(Double(interval) / 1000)
        case .range: return constant(Double(end - start) / 1000)
        case .minOf, .maxOf:
            let left = try scalars(arguments[0], steps)
            let right = try scalars(arguments[1], steps)
            let choose = function == .minOf ? Mathematics.minimum : Mathematics.maximum
            return zip(left, right).map { choose($0, $1) }
        default: return onlyValues(of: try vector(arguments[0], steps))
        }
    }

    /// At each step the one float there is; NaN where there are none or several.
    private func onlyValues(of grid: Grid) -> [Double] {
        var values = [Double](repeating: SampleValue.nan, count: grid.width)
        var counts = [Int](repeating: 0, count: grid.width)
        for (index, cell) in grid.cells.enumerated() where !isAbsent(cell) && !isHistogram(cell) {
            counts[index % grid.width] += 1
            values[index % grid.width] = counts[index % grid.width] == 1 ? cell : SampleValue.nan
        }
        return values
    }

    private func vectorCall(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Grid {
        if let operation = Mathematics.function(function) {
            return try mapped(try vector(arguments[0], steps)) { operation($0) }
        }
        switch function {
        case .vector:
            return Grid(labels: [.empty], cells: try scalars(arguments[0], steps), width: steps.count)
        case .absent: return try absentVector(arguments[0], steps)
        case .timestamp: return try timestamps(arguments[0], steps)
        case .round: return try rounded(arguments, steps)
        case .clamp, .clampMin, .clampMax: return try clamped(function, arguments, steps)
        case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year:
            return try calendar(function, arguments, steps)
        case .labelReplace: return try labelReplace(arguments, steps)
        case .labelJoin: return try labelJoin(arguments, steps)
        case .sort, .sortDesc, .sortByLabel, .sortByLabelDesc: return try sorted(function, arguments, steps)
        case .histogramQuantile, .histogramQuantiles, .histogramFraction:
            return try classicHistograms(function, arguments, steps)
        default:
            // The functions of native histograms, of which there are only placeholders: floats have no part in them.
            return Grid(width: steps.count)
        }
    }

    // MARK: - Float by float

    /// Floats replaced, native histograms left out, the metric's name dropped.
    func mapped(_ grid: Grid, _ body: (Double) -> Double) throws(QueryError) -> Grid {
        try mapped(grid) { value, _ in body(value) }
    }

    /// Likewise, with the index of the step.
    func mapped(_ grid: Grid, _ body: (Double, Int) -> Double) throws(QueryError) -> Grid {
        var result = grid
        result.mayHoldHistograms = false
        var step = 0
        for index in result.cells.indices {
            let cell = result.cells[index]
            if !isAbsent(cell) { result.cells[index] = isHistogram(cell) ? absent : body(cell, step) }
            step = step + 1 == grid.width ? 0 : step + 1
        }
        return try (grid.mayHoldHistograms ? result.withoutEmptyRows() : result).withoutMetricNames()
    }

    private func rounded(_ arguments: [Expression], _ steps: Steps) throws(QueryError) -> Grid {
        let grid = try vector(arguments[0], steps)
        guard arguments.count > 1 else { return try mapped(grid) { ($0 + 0.5).rounded(.down) } }
        // Prometheus multiplies by the inverse, which rounds otherwise than a division.
        let inverses = try scalars(arguments[1], steps).map { 1 / $0 }
        return try mapped(grid) { value, step in (value * inverses[step] + 0.5).rounded(.down) / inverses[step] }
    }

    private func clamped(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Grid {
        let grid = try vector(arguments[0], steps)
        let bounds = try scalars(arguments[1], steps)
        switch function {
        case .clampMin: return try mapped(grid) { Mathematics.maximum(bounds[$1], $0) }
        case .clampMax: return try mapped(grid) { Mathematics.minimum(bounds[$1], $0) }
        default:
            let upper = try scalars(arguments[2], steps)
            return try mapped(grid) { value, step in
                if upper[step] < bounds[step] { return absent }
                return Mathematics.maximum(bounds[step], Mathematics.minimum(upper[step], value))
            }.withoutEmptyRows()
        }
    }

    private func calendar(
        _ function: QueryFunction, _ arguments: [Expression], _ steps: Steps
    ) throws(QueryError) -> Grid {
        let grid =
            if let argument = arguments.first {
                try vector(argument, steps)
            } else {
                Grid(
                    labels: [.empty], cells: (0..<steps.count).map { Double(steps.time($0)) / 1000 },
                    width: steps.count)
            }
        return try mapped(grid) { seconds in
            let date = CalendarDate(seconds: seconds)
            return switch function {
            case .dayOfMonth: Double(date.day)
            case .dayOfWeek: Double(date.weekday)
            case .dayOfYear: Double(date.dayOfYear)
            case .daysInMonth: Double(date.daysInMonth)
            case .hour: Double(date.hour)
            case .minute: Double(date.minute)
            case .month: Double(date.month)
            default: Double(date.year)
            }
        }
    }

    /// The times of samples where the argument is a selector, and the time of evaluation otherwise.
    private func timestamps(_ argument: Expression, _ steps: Steps) throws(QueryError) -> Grid {
        if case .vectorSelector(let selector) = argument.withoutParentheses.form {
            return try select(selector, steps, takingTimes: true).withoutMetricNames()
        }
        var grid = try vector(argument, steps)
        for index in grid.cells.indices where !isAbsent(grid.cells[index]) {
            grid.cells[index] = Double(steps.time(index % grid.width)) / 1000
        }
        grid.mayHoldHistograms = false
        return try grid.withoutMetricNames()
    }

    // MARK: - Absence

    /// 1 at each step at which the argument has no sample.
    private func absentVector(_ argument: Expression, _ steps: Steps) throws(QueryError) -> Grid {
        let grid = try vector(argument, steps)
        var cells = [Double](repeating: 1, count: steps.count)
        for (index, cell) in grid.cells.enumerated() where !isAbsent(cell) { cells[index % grid.width] = absent }
        return Grid(labels: [absentLabels(argument)], cells: cells, width: steps.count).withoutEmptyRows()
    }

    /// The labels that a selector fixes: those that are compared for equality, and only once.
    func absentLabels(_ argument: Expression) -> LabelSet {
        let selector: VectorSelector
        switch argument.withoutParentheses.form {
        case .vectorSelector(let found), .rangeSelector(let found, _): selector = found
        default: return .empty
        }
        var labels = LabelSet.empty
        var seen: Set<ByteString> = []
        for matcher in selector.matchers where matcher.name != .metricName {
            if matcher.operation == .equal, seen.insert(matcher.name).inserted {
                labels = labels.setting(matcher.name, to: matcher.value)
            } else {
                labels = labels.setting(matcher.name, to: .empty)
            }
        }
        return labels
    }
}

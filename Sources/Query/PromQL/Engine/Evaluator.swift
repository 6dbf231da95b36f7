import QueryModel

/// Evaluates one expression over one source, once. Every node of the expression is evaluated for all steps at once.
final class Evaluator {
    /// What a node yields: scalars and vectors at every step.
    enum Value {
        case scalar([Double])
        case string(ByteString)
        case vector(Grid)
    }

    let source: any SeriesQueryable
    let options: QueryOptions
    var annotations: Annotations
    /// The bounds of the query, which `@ start()` and `start()` mean also inside of subqueries.
    let start: Int64
    let end: Int64
    /// 0 for an instant.
    let interval: Int64
    private(set) var peakSamples = 0
    private var heldSamples = 0
    /// What is held until the query ends.
    private var rememberedSamples = 0
    /// Conditions that several selectors of the expression share.
    private let repeated: [[LabelMatcher]]
    private var remembered: [Selection] = []

    /// What a selector found.
    struct Selection {
        var matchers: [LabelMatcher]
        var start: Int64
        var end: Int64
        var series: [SelectedSeries]
    }

    init(
        _ expression: Expression, source: any SeriesQueryable, options: QueryOptions, text: [UInt8], start: Int64,
        end: Int64, interval: Int64
    ) {
        repeated = expression.repeatedConditions
        self.source = source
        self.options = options
        annotations = Annotations(text: text)
        self.start = start
        self.end = end
        self.interval = interval
    }

    /// The value of an expression that is no range vector.
    func evaluate(_ expression: Expression, _ steps: Steps) throws(QueryError) -> Value {
        try checkTime()
        let heldBefore = heldSamples
        let value: Value
        if steps.count > 1, expression.isStepInvariant {
            let once = try compute(expression, .instant(steps.start))
            if case .vector(let grid) = once { try hold(grid.rowCount * steps.count) }
            value = Self.repeated(once, count: steps.count)
        } else {
            value = try compute(expression, steps)
        }
        // What the node's operands held is released by now.
        heldSamples = heldBefore
        switch value {
        case .vector(let grid): try hold(grid.cells.count)
        case .scalar(let values): try hold(values.count)
        case .string: break
        }
        return value
    }

    private func compute(_ expression: Expression, _ steps: Steps) throws(QueryError) -> Value {
        switch expression.form {
        case .number(let value): return .scalar([Double](repeating: value, count: steps.count))
        case .duration(let milliseconds):
            return .scalar([Double](repeating: Double(milliseconds) / 1000, count: steps.count))
        case .string(let value): return .string(value)
        case .vectorSelector(let selector): return .vector(try select(selector, steps))
        case .parenthesized(let inner), .affirmation(let inner): return try evaluate(inner, steps)
        case .negation(let inner): return try negate(inner, steps)
        case .call(let function, let arguments): return try call(function, arguments, steps)
        case .aggregation(let aggregation):
            return .vector(try aggregate(aggregation, at: expression.range, steps))
        case .binary(let binary): return try self.binary(binary, at: expression.range, steps)
        case .rangeSelector, .subquery: throw .execution("BUG: a range vector where none can be")
        }
    }

    private func negate(_ inner: Expression, _ steps: Steps) throws(QueryError) -> Value {
        switch try evaluate(inner, steps) {
        case .scalar(let values): return .scalar(values.map { -$0 })
        case .vector(var grid):
            for index in grid.cells.indices where !isAbsent(grid.cells[index]) && !isHistogram(grid.cells[index]) {
                grid.cells[index] = -grid.cells[index]
            }
            return .vector(try grid.withoutMetricNames())
        case .string: throw .execution("BUG: a string with a sign")
        }
    }

    /// One step's value at all steps.
    private static func repeated(_ value: Value, count: Int) -> Value {
        switch value {
        case .string: return value
        case .scalar(let values): return .scalar([Double](repeating: values[0], count: count))
        case .vector(let grid):
            var cells: [Double] = []
            cells.reserveCapacity(grid.cells.count * count)
            for cell in grid.cells { cells.append(contentsOf: repeatElement(cell, count: count)) }
            return .vector(
                Grid(labels: grid.labels, cells: cells, width: count, mayHoldHistograms: grid.mayHoldHistograms))
        }
    }

    // MARK: - Operands of a known type

    func vector(_ expression: Expression, _ steps: Steps) throws(QueryError) -> Grid {
        guard case .vector(let grid) = try evaluate(expression, steps) else { throw .execution("BUG: no vector") }
        return grid
    }

    func scalars(_ expression: Expression, _ steps: Steps) throws(QueryError) -> [Double] {
        guard case .scalar(let values) = try evaluate(expression, steps) else { throw .execution("BUG: no scalar") }
        return values
    }

    func string(_ expression: Expression) throws(QueryError) -> ByteString {
        guard case .string(let value) = expression.withoutParentheses.form else { throw .execution("BUG: no string") }
        return value
    }

    // MARK: - Limits

    /// Counts samples that are held from now on until the node that asks is done.
    func hold(_ count: Int) throws(QueryError) {
        heldSamples += count
        peakSamples = max(peakSamples, heldSamples + rememberedSamples)
        if heldSamples + rememberedSamples > options.maximumSamples { throw .tooManySamples }
    }

    /// Holds what a selector found: until the query ends when another one may ask for the same, until its node is done else.
    func remember(_ selection: Selection) throws(QueryError) {
        let count = selection.series.reduce(0) { $0 + $1.values.count }
        guard repeated.contains(selection.matchers) else { return try hold(count) }
        remembered.append(selection)
        rememberedSamples += count
        try hold(0)
    }

    /// What a selector with the same conditions found in the same range.
    func remembered(_ matchers: [LabelMatcher], from start: Int64, through end: Int64) -> [SelectedSeries]? {
        remembered.first { $0.start == start && $0.end == end && $0.matchers == matchers }?.series
    }

    func checkTime() throws(QueryError) {
        if options.isExpired() { throw .timeout }
    }
}

extension Expression {
    /// The conditions of selectors that stand in the expression more than once.
    fileprivate var repeatedConditions: [[LabelMatcher]] {
        var once: [[LabelMatcher]] = []
        var repeated: [[LabelMatcher]] = []
        for matchers in selectors {
            if once.contains(matchers) { repeated.append(matchers) } else { once.append(matchers) }
        }
        return repeated
    }

    /// Whether the value is the same at every step: everything in it looks at a time that `@` fixes.
    var isStepInvariant: Bool {
        switch form {
        case .number, .duration, .string: return true
        case .vectorSelector(let selector), .rangeSelector(let selector, _): return selector.shift.anchor != nil
        case .subquery(let subquery): return subquery.shift.anchor != nil
        case .call(let function, let arguments):
            return !function.dependsOnTime && arguments.allSatisfy(\.isStepInvariant)
        default: return form.children.allSatisfy(\.isStepInvariant)
        }
    }
}

extension QueryFunction {
    /// Whether the result depends on the time of evaluation, whatever the arguments (promql/functions.go).
    fileprivate var dependsOnTime: Bool {
        switch self {
        case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year, .predictLinear, .time,
            .timestamp:
            true
        default: false
        }
    }
}

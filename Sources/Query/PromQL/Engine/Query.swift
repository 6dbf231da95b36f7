public import QueryModel

/// An expression that is ready to be evaluated, once or again and again.
public struct Query: Sendable {
    /// The expression.
    public let expression: Expression
    /// Its text, to which the places in messages refer.
    public let text: [UInt8]

    /// Reads and checks an expression.
    public init(_ text: String) throws(ParseError) {
        self.text = Array(text.utf8)
        expression = try Expression.parse(self.text)
    }

    /// The values at one time, which is in milliseconds since 1970.
    public func evaluate(
        at time: Int64, over source: any SeriesQueryable, options: QueryOptions = QueryOptions()
    ) throws(QueryError) -> QueryResult {
        try Self.check(time)
        let evaluator = Evaluator(
            expression, source: source, options: options, text: text, start: time, end: time, interval: 0)
        let data = try evaluator.instantData(of: expression, at: time)
        return result(data, evaluator)
    }

    /// The values from `start` to `end`, both included, every `step` milliseconds.
    public func evaluate(
        from start: Int64, through end: Int64, step: Int64, over source: any SeriesQueryable,
        options: QueryOptions = QueryOptions()
    ) throws(QueryError) -> QueryResult {
        guard step > 0 else { throw .execution("zero or negative query resolution step widths are not accepted") }
        guard end >= start else { throw .execution("end timestamp must not be before start time") }
        try Self.check(start)
        try Self.check(end)
        guard (end - start) / step < Int64(options.maximumSteps) else {
            throw .execution("exceeded maximum resolution of \(options.maximumSteps) points per timeseries")
        }
        let steps = Steps(start: start, interval: step, count: Int((end - start) / step) + 1)
        let evaluator = Evaluator(
            expression, source: source, options: options, text: text, start: start, end: end, interval: step)
        let data = try evaluator.rangeData(of: expression, steps)
        return result(data, evaluator)
    }

    /// Refuses times so far away that arithmetic with them could overflow.
    private static func check(_ time: Int64) throws(QueryError) {
        guard time.magnitude <= TimeShift.Anchor.limit else { throw .execution("timestamp out of bounds: \(time)") }
    }

    private func result(_ data: QueryData, _ evaluator: Evaluator) -> QueryResult {
        QueryResult(
            data: data, warnings: evaluator.annotations.warnings, infos: evaluator.annotations.infos,
            peakSamples: evaluator.peakSamples)
    }
}

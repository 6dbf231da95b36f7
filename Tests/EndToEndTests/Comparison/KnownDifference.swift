import PromQL
import QueryModel
import SeriesStore

/// What 3.x, and we with it, answer otherwise than 2.42, where both are right by their own definition. Each is recognised by
/// what brings it about in this expression over these samples, and not by the expression alone.
///
/// Two more are seen in `ComparedExpression`: `holt_winters`, and the name that `atan2` keeps. Two are avoided by
/// `ComparedSamples`: ranges that are closed on the left, and `1h` as a number.
enum KnownDifference: String, CaseIterable {
    /// `rate` and `increase` carry the growth on to a counter's zero: 2.42 by any distance below 1.1 times that of samples,
    /// 3.x by half a distance at most, where the first sample lies farther from the range's beginning than that.
    case zeroOfCounter
    /// `predict_linear(x[1h] @ t, s)`, `quantile_over_time(q, x[1h] @ t)` where `q` is not the same at all steps: 2.42 evaluates
    /// them at the first step only, or finds no samples at others.
    case fixedRange
    /// `timestamp(x @ t)`: 2.42 loses samples that are minutes older than what it looks at.
    case fixedTimestamp
    /// `deriv` and `predict_linear` over infinities: the compensation of sums made NaN of them in 2.42.
    case infinityInRegression
    /// `topk(k, x @ t)`: 2.42 does not look at `k` when it finds out what `@` fixes, takes that of the first step for all where
    /// it has fixed `x`, and does not know what `@ start()` and `@ end()` in it are.
    case parameterOfAggregation
    /// `stddev` and `stdvar` of a group of one NaN or infinity: 0 in 2.42, NaN in 3.x.
    case deviationOfOne
    /// `sum` and `avg` of zeros that are all negative: the compensation, which 3.x adds, makes the sign positive.
    case negativeZeros
    /// `a == on (l) b` with several `a`: 3.x says so also where the comparison lets none or one of them pass.
    case manyInComparison
    /// `topk` and `bottomk` keep any of several samples of the same value.
    case equalSamples
    /// Sums are rounded otherwise, and the expression makes more of that than a part in 10^10: our own answer changes at the
    /// same place when the samples are changed by a part in 10^13.
    case rounding

    func explains(_ comparison: Comparison) -> Bool {
        switch self {
        case .zeroOfCounter: comparison.contains(where: comparison.isLimitedByZero)
        case .fixedRange: comparison.contains(where: comparison.isFixedRange)
        case .fixedTimestamp: comparison.contains(where: comparison.isFixedTimestamp)
        case .infinityInRegression: comparison.contains(where: comparison.regressesInfinity)
        case .parameterOfAggregation: comparison.hasOverlookedParameter
        case .deviationOfOne: comparison.contains(where: comparison.deviatesOfOne)
        case .negativeZeros: comparison.contains(where: comparison.addsNegativeZeros)
        case .manyInComparison: comparison.hasManyInComparison
        case .equalSamples: comparison.contains(where: comparison.choosesAmongEqualSamples)
        case .rounding: comparison.dependsOnRounding
        }
    }
}

/// One expression, its answers, and what can be asked about them.
struct Comparison {
    let expression: ComparedExpression
    /// Milliseconds since 1970.
    let times: [Int64]
    let view: StoreView
    let noisyViews: [StoreView]
    let ours: QueryAnswer
    let theirs: QueryAnswer

    var differences: Set<QueryAnswer.Place>? { ours.differences(from: theirs) }

    /// The first known difference that explains this one.
    var explanation: KnownDifference? { KnownDifference.allCases.first { $0.explains(self) } }

    // MARK: - Going through the expression

    /// Whether a part of the expression has a property at some of the times at which it is evaluated.
    func contains(where hasProperty: (Expression, [Int64]) -> Bool) -> Bool {
        guard let parsed = try? Expression.parse(boundText) else { return false }
        return contains(parsed, times, hasProperty)
    }

    private func contains(
        _ part: Expression, _ times: [Int64], _ hasProperty: (Expression, [Int64]) -> Bool
    ) -> Bool {
        if hasProperty(part, times) { return true }
        var inner = times
        if case .subquery(let subquery) = part.form { inner = innerTimes(subquery, times) }
        return part.form.children.contains { contains($0, inner, hasProperty) }
    }

    private func innerTimes(_ subquery: Subquery, _ times: [Int64]) -> [Int64] {
        let step = subquery.stepInMilliseconds ?? 60_000
        var inner: Set<Int64> = []
        for time in times {
            var end = time
            if case .time(let fixed) = subquery.shift.anchor { end = fixed }
            end -= subquery.shift.offsetInMilliseconds
            var next = end / step * step
            while next > end - subquery.rangeInMilliseconds {
                inner.insert(next)
                next -= step
            }
        }
        return inner.sorted()
    }

    /// The expression with the times of its own bounds, so that its parts can be evaluated at other times.
    private var boundText: String {
        guard let first = times.first, let last = times.last else { return expression.ours }
        return expression.ours.replacing("@ start()", with: "@ \(Double(first) / 1000)")
            .replacing("@ end()", with: "@ \(Double(last) / 1000)")
    }

    private struct Row {
        var labels: LabelSet
        var timestamps: [Int64]
        var values: [Double]
    }

    /// The samples of a vector or of a range vector at one time.
    private func rows(_ part: Expression, at time: Int64) -> [Row] {
        guard let result = try? Query(part.text).evaluate(at: time, over: view) else { return [] }
        switch result.data {
        case .matrix(let rows):
            return rows.map { Row(labels: $0.labels, timestamps: $0.timestamps, values: $0.values) }
        case .vector(let samples):
            return samples.map { Row(labels: $0.labels, timestamps: [$0.time], values: [$0.value]) }
        default: return []
        }
    }

    // MARK: - Properties of parts

    func isLimitedByZero(_ part: Expression, _ times: [Int64]) -> Bool {
        guard case .call(let function, let arguments) = part.form, function == .rate || function == .increase,
            let argument = arguments.first, let window = Window(argument)
        else { return false }
        return times.contains { time in
            rows(argument, at: time).contains { row in
                guard row.values.count > 1, row.values[0] >= 0 else { return false }
                let sampled = Double(row.timestamps[row.timestamps.count - 1] - row.timestamps[0]) / 1000
                let distance = sampled / Double(row.values.count - 1)
                let toStart = Double(row.timestamps[0] - window.start(time)) / 1000
                var growth = row.values[row.values.count - 1] - row.values[0]
                for (value, next) in zip(row.values, row.values.dropFirst()) where next < value { growth += value }
                let toZero = sampled * (row.values[0] / growth)
                return growth > 0 && toStart >= distance * 1.1 && toZero > distance / 2 && toZero < distance * 1.1
            }
        }
    }

    func isFixedRange(_ part: Expression, _ times: [Int64]) -> Bool {
        guard case .call(let function, let arguments) = part.form, times.count > 1,
            arguments.contains(where: { Window($0)?.anchor != nil })
        else { return false }
        return function == .predictLinear || !arguments.allSatisfy(\.isFixed)
    }

    func isFixedTimestamp(_ part: Expression, _ times: [Int64]) -> Bool {
        guard case .call(.timestamp, let arguments) = part.form,
            case .vectorSelector(let selector) = arguments[0].withoutParentheses.form, selector.shift.anchor != nil
        else { return false }
        return times.contains { time in
            rows(part, at: time).contains { row in
                guard case .time(let fixed) = selector.shift.anchor else { return true }
                return Double(fixed - selector.shift.offsetInMilliseconds) / 1000 - row.values[0] > 60
            }
        }
    }

    func regressesInfinity(_ part: Expression, _ times: [Int64]) -> Bool {
        guard case .call(let function, let arguments) = part.form, function == .deriv || function == .predictLinear
        else { return false }
        return times.contains { time in
            rows(arguments[0], at: time).contains { $0.values.contains(where: \.isInfinite) }
        }
    }

    var hasOverlookedParameter: Bool {
        // As it was written, because `@ start()` is what matters.
        guard let parsed = try? Expression.parse(expression.ours) else { return false }
        return contains(parsed, times) { part, _ in
            guard case .aggregation(let aggregation) = part.form, let parameter = aggregation.parameter else {
                return false
            }
            return parameter.namesBounds || (aggregation.expression.isFixed && !parameter.isFixed)
        }
    }

    func deviatesOfOne(_ part: Expression, _ times: [Int64]) -> Bool {
        contains(in: part, [.stddev, .stdvar], times) { $0.count == 1 && !$0[0].isFinite }
    }

    func addsNegativeZeros(_ part: Expression, _ times: [Int64]) -> Bool {
        contains(in: part, [.sum, .avg], times) { $0.allSatisfy { $0 == 0 && $0.sign == .minus } }
    }

    /// Whether one of the groups of an aggregation has values of some kind at some time.
    private func contains(
        in part: Expression, _ operations: [Aggregation], _ times: [Int64], _ isMeant: ([Double]) -> Bool
    ) -> Bool {
        guard case .aggregation(let aggregation) = part.form, operations.contains(aggregation.operation) else {
            return false
        }
        return times.contains { time in
            let groups = Dictionary(grouping: rows(aggregation.expression, at: time)) { row in
                aggregation.isWithout
                    ? row.labels.removing(aggregation.grouping + [.metricName])
                    : row.labels.keeping(aggregation.grouping)
            }
            return groups.values.contains { isMeant($0.map(\.values[0])) }
        }
    }

    func choosesAmongEqualSamples(_ part: Expression, _ times: [Int64]) -> Bool {
        guard case .aggregation(let aggregation) = part.form,
            aggregation.operation == .topk || aggregation.operation == .bottomk
        else { return false }
        return times.contains { time in
            let values = rows(aggregation.expression, at: time).map(\.values[0]).sorted {
                $0 < $1 || ($1.isNaN && !$0.isNaN)
            }
            return zip(values, values.dropFirst()).contains { QueryAnswer.isSame($0, $1) || $0 == $1 }
        }
    }

    var hasManyInComparison: Bool {
        guard case .failure(let message) = ours, !theirs.isFailure, message.hasPrefix("multiple matches for labels")
        else {
            return false
        }
        return contains { part, _ in
            if case .binary(let binary) = part.form { binary.operation.isComparison } else { false }
        }
    }

    var dependsOnRounding: Bool {
        guard var places = differences else {
            // Whether there is an error depends on it.
            return noisyViews.contains { answer(over: $0).isFailure != ours.isFailure }
        }
        for view in noisyViews where !places.isEmpty {
            guard let changed = answer(over: view).differences(from: ours) else { return true }
            places.subtract(changed)
            // Values become labels in `count_values`, and those of another rounding are at no place of ours.
            let times = Set(changed.filter(ours.has).map(\.time))
            places = places.filter { ours.has($0) || !times.contains($0.time) }
        }
        return places.isEmpty
    }

    private func answer(over view: StoreView) -> QueryAnswer { Comparison.answer(expression.ours, times, view) }

    /// Our answer at one time, or at several at equal distances.
    static func answer(_ text: String, _ times: [Int64], _ view: StoreView) -> QueryAnswer {
        do {
            let query = try Query(text)
            guard times.count > 1 else { return QueryAnswer(try query.evaluate(at: times[0], over: view)) }
            return QueryAnswer(
                try query.evaluate(
                    from: times[0], through: times[times.count - 1], step: times[1] - times[0], over: view))
        } catch { return .failure("\(error)") }
    }
}

extension Expression {
    /// The modifiers of a selector or subquery.
    fileprivate var shift: TimeShift? {
        switch form {
        case .vectorSelector(let selector), .rangeSelector(let selector, _): selector.shift
        case .subquery(let subquery): subquery.shift
        default: nil
        }
    }

    /// Whether `@ start()` or `@ end()` stands in it.
    fileprivate var namesBounds: Bool {
        shift?.anchor == .start || shift?.anchor == .end || form.children.contains(where: \.namesBounds)
    }

    /// Whether it is the same at all steps.
    fileprivate var isFixed: Bool {
        if let shift { return shift.anchor != nil }
        if case .call(.time, _) = form { return false }
        return form.children.allSatisfy(\.isFixed)
    }
}

/// Where the ranges of a range vector begin.
private struct Window {
    let length: Int64
    let anchor: TimeShift.Anchor?
    let offset: Int64

    init?(_ rangeVector: Expression) {
        let shift: TimeShift
        switch rangeVector.withoutParentheses.form {
        case .rangeSelector(let selector, let milliseconds): (length, shift) = (milliseconds, selector.shift)
        case .subquery(let subquery): (length, shift) = (subquery.rangeInMilliseconds, subquery.shift)
        default: return nil
        }
        anchor = shift.anchor
        offset = shift.offsetInMilliseconds
    }

    func start(_ time: Int64) -> Int64 {
        if case .time(let fixed) = anchor { return fixed - offset - length }
        return time - offset - length
    }
}

import PromQL
import QueryModel

/// Compares what a query yielded with what a script expects of it.
struct ResultComparison {
    struct Mismatch {
        var expected: String
        var got: String
    }

    private let block: EvaluationBlock
    /// How far two values may be apart, as a share of their sum.
    private let tolerance = 1e-6

    init(_ block: EvaluationBlock) { self.block = block }

    /// The first difference; nil when all is as expected.
    func mismatch(_ result: Result<QueryResult, any Error>) -> Mismatch? {
        let failures = block.expectations.filter { $0.subject == .fail }
        switch result {
        case .failure(let error):
            guard !failures.isEmpty else { return Mismatch(expected: "a result", got: "the error: \(error)") }
            return failures.lazy.compactMap { mismatch($0, among: ["\(error)"]) }.first
        case .success(let result):
            if !failures.isEmpty { return Mismatch(expected: "an error", got: describe(result.data)) }
            return annotationMismatch(result) ?? dataMismatch(result.data)
        }
    }

    // MARK: - Messages

    private func annotationMismatch(_ result: QueryResult) -> Mismatch? {
        for expectation in block.expectations {
            switch expectation.subject {
            case .warn: if let mismatch = mismatch(expectation, among: result.warnings) { return mismatch }
            case .info: if let mismatch = mismatch(expectation, among: result.infos) { return mismatch }
            case .noWarn:
                if let first = result.warnings.first { return Mismatch(expected: "no warning", got: first) }
            case .noInfo: if let first = result.infos.first { return Mismatch(expected: "no info", got: first) }
            case .fail, .ordered: break
            }
        }
        return nil
    }

    private func mismatch(_ expectation: Expectation, among messages: [String]) -> Mismatch? {
        let got = messages.isEmpty ? "none" : messages.joined(separator: "; ")
        switch expectation.text {
        case .any: return messages.isEmpty ? Mismatch(expected: expectation.subject.rawValue, got: got) : nil
        case .message(let text): return messages.contains(text) ? nil : Mismatch(expected: text, got: got)
        case .pattern(let pattern):
            return messages.contains(where: pattern.isFound) ? nil : Mismatch(expected: pattern.expression, got: got)
        }
    }

    // MARK: - Values

    private func dataMismatch(_ data: QueryData) -> Mismatch? {
        switch (block.expected, data) {
        case (.scalar(let expected), .scalar(_, let value)):
            return isAlmostEqual(expected, value, tolerance: tolerance)
                ? nil : Mismatch(expected: "\(expected)", got: "\(value)")
        case (.string(let expected), .string(_, let value)):
            return expected == value ? nil : Mismatch(expected: expected.string, got: value.string)
        case (.series(let expected), .vector(let samples)):
            let isOrdered = block.expectations.contains { $0.subject == .ordered }
            return mismatch(
                expected.map(instant), samples.map { ($0.labels, [($0.time, $0.value)]) }, isOrdered: isOrdered)
        case (.series(let expected), .matrix(let series)):
            guard case .range(let start, _, let step) = block.times else { break }
            return mismatch(expected.map { points($0, start, step) }, series.map(points), isOrdered: false)
        case (.rangeVector(let expected, let start, let step), .matrix(let series)):
            return mismatch(expected.map { points($0, start, step) }, series.map(points), isOrdered: false)
        default: break
        }
        return Mismatch(expected: "a result of another type", got: describe(data))
    }

    private typealias Points = (labels: LabelSet, samples: [(time: Int64, value: Double)])

    private func instant(_ line: SeriesLine) -> Points {
        guard case .instant(let time) = block.times else { return (line.labels, []) }
        return (line.labels, line.values.compactMap { $0 }.map { (time: time, value: $0) })
    }

    private func points(_ line: SeriesLine, _ start: Int64, _ step: Int64) -> Points {
        let samples = line.values.enumerated().compactMap { index, value in
            value.map { (time: start + Int64(index) * step, value: $0) }
        }
        return (line.labels, samples)
    }

    private func points(_ series: QuerySeries) -> Points {
        (series.labels, zip(series.timestamps, series.values).map { (time: $0, value: $1) })
    }

    private func mismatch(_ expected: [Points], _ got: [Points], isOrdered: Bool) -> Mismatch? {
        let wrong = { Mismatch(expected: self.describe(expected), got: self.describe(got)) }
        let wanted = expected.filter { !$0.samples.isEmpty }
        guard wanted.count == got.count else { return wrong() }
        for (index, series) in got.enumerated() {
            let candidate = isOrdered ? wanted[index] : wanted.first { $0.labels == series.labels }
            guard let candidate, candidate.labels == series.labels, candidate.samples.count == series.samples.count
            else { return wrong() }
            for (sample, value) in zip(candidate.samples, series.samples)
            where sample.time != value.time || !isAlmostEqual(sample.value, value.value, tolerance: tolerance) {
                return wrong()
            }
        }
        return nil
    }

    // MARK: - Texts

    private func describe(_ data: QueryData) -> String {
        switch data {
        case .scalar(_, let value): "the scalar \(value)"
        case .string(_, let value): "the string \(value)"
        case .vector(let samples): describe(samples.map { ($0.labels, [($0.time, $0.value)]) })
        case .matrix(let series): describe(series.map(points))
        }
    }

    private func describe(_ series: [Points]) -> String {
        if series.isEmpty { return "nothing" }
        return series.map { points in
            let values = points.samples.map { "\($0.value)@\(Double($0.time) / 1000)" }.joined(separator: " ")
            return "\(points.labels.text) \(values)"
        }.joined(separator: "\n")
    }
}

public import PromQL
import QueryModel

/// Runs scripts of Prometheus's language for PromQL tests over series in memory.
public struct ScriptRunner {
    private let options: QueryOptions
    private let triesRanges: Bool
    private var series = InMemorySeries()
    /// Metrics that have been loaded as native histograms.
    private var nativeMetrics: Set<ByteString> = []

    /// A runner that evaluates with these options. With `triesRanges`, instant queries for vectors are also evaluated as
    /// the middle step of range queries, and have to yield the same there; Prometheus's own runner does that.
    public init(options: QueryOptions = QueryOptions(), triesRanges: Bool = false) {
        self.options = options
        self.triesRanges = triesRanges
    }

    /// Runs a script from an empty table on.
    ///
    /// - Throws: A `ScriptError` for a text that is no script. Evaluations that are not as expected are in the report.
    public mutating func run(_ script: some Collection<UInt8>) throws(ScriptError) -> ScriptReport {
        var report = ScriptReport()
        clear()
        for command in try ScriptParser.parse(script) {
            switch command {
            case .clear: clear()
            case .load(let block): load(block)
            case .evaluate(let block):
                report.evaluations.append(
                    ScriptReport.Evaluation(line: block.line, expression: block.expression, outcome: outcome(of: block))
                )
            }
        }
        return report
    }

    private mutating func clear() {
        series = InMemorySeries()
        nativeMetrics = []
    }

    // MARK: - load

    private mutating func load(_ block: LoadBlock) {
        // Of two lines for the same series the last one counts.
        var latest: [LabelSet: SeriesLine] = [:]
        for line in block.series { latest[line.labels] = line }
        for line in latest.values {
            if line.hasHistograms { nativeMetrics.insert(line.labels.metricName) }
            series.append(line.labels, samples(line, block.interval))
            if block.makesNativeHistograms { loadNative(line, block.interval) }
        }
    }

    private func samples(_ line: SeriesLine, _ interval: Int64) -> [(time: Int64, value: Double)] {
        line.values.enumerated().compactMap { index, value in
            value.map { (time: Int64(index) * interval, value: $0) }
        }
    }

    /// The native histogram beside the bucket of a classic one.
    private mutating func loadNative(_ line: SeriesLine, _ interval: Int64) {
        let suffix = "_bucket".utf8
        let name = line.labels.metricName
        guard !line.labels[.bucketBound].isEmpty, name.bytes.suffix(suffix.count).elementsEqual(suffix) else { return }
        let base = ByteString(name.bytes.dropLast(suffix.count))
        nativeMetrics.insert(base)
        let labels = line.labels.removing([.bucketBound]).setting(.metricName, to: base)
        series.append(labels, samples(line, interval).map { (time: $0.time, value: SampleValue.histogram) })
    }

    // MARK: - eval

    private func outcome(of block: EvaluationBlock) -> ScriptReport.Outcome {
        if needsNativeHistograms(block) { return .needsNativeHistograms }
        let result: Result<QueryResult, any Error>
        do { result = .success(try evaluate(block)) } catch { result = .failure(error) }
        let comparison = ResultComparison(block)
        var mismatch = comparison.mismatch(result)
        if mismatch == nil, triesRanges, let middle = middleOfRange(block) { mismatch = comparison.mismatch(middle) }
        guard let mismatch else { return .passed }
        return .failed(expected: mismatch.expected, got: mismatch.got)
    }

    /// The middle step of a range query around an instant; nil where ranges have another result by their nature.
    private func middleOfRange(_ block: EvaluationBlock) -> Result<QueryResult, any Error>? {
        guard case .instant(let time) = block.times, case .series = block.expected,
            !block.expectations.contains(where: { $0.subject == .ordered }),
            let query = try? Query(block.expression), !query.expression.asksForBounds
        else { return nil }
        let step: Int64 = 60_000
        do {
            var result = try query.evaluate(
                from: time - step, through: time + step, step: step, over: series, options: options)
            guard case .matrix(let rows) = result.data else { return nil }
            result.data = .vector(
                rows.compactMap { row in
                    guard let index = row.timestamps.firstIndex(of: time) else { return nil }
                    return QuerySample(labels: row.labels, time: time, value: row.values[index])
                })
            return .success(result)
        } catch { return .failure(error) }
    }

    /// By the names alone: what selects native histograms by other labels is evaluated, and has to deal with them.
    private func needsNativeHistograms(_ block: EvaluationBlock) -> Bool {
        if block.expectsHistograms { return true }
        let isPartOfName = { (byte: UInt8) in
            (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ":")
        }
        let words = block.expression.utf8.split { !isPartOfName($0) }
        return words.contains { nativeMetrics.contains(ByteString($0)) }
    }

    private func evaluate(_ block: EvaluationBlock) throws -> QueryResult {
        let query = try Query(block.expression)
        switch block.times {
        case .instant(let time): return try query.evaluate(at: time, over: series, options: options)
        case .range(let start, let end, let step):
            return try query.evaluate(from: start, through: end, step: step, over: series, options: options)
        }
    }
}

extension Expression {
    /// Whether the result depends on the bounds of the query.
    fileprivate var asksForBounds: Bool {
        switch form {
        case .call(.start, _), .call(.end, _), .call(.range, _), .call(.step, _): true
        case .vectorSelector(let selector): selector.shift.anchor == .start || selector.shift.anchor == .end
        default: form.children.contains(where: \.asksForBounds)
        }
    }
}

import PatternMatching
import SeriesModel

extension Extractor {
    /// What every pattern makes of `line`, which is without its line end; nothing is counted and nothing remembered.
    ///
    /// `source` is an index in the sources of `init`, as in `LineBatch.source`; with nil the patterns of all sources are
    /// tried. The counters of matches and errors that every pattern has are left out.
    ///
    /// SAFETY: the line's bytes are lent by `withUnsafeBytes` and only copied out of it.
    public func explain(_ line: [UInt8], source: Int? = nil) -> [PatternExplanation] {
        line.withUnsafeBytes { bytes in
            patterns.indices.map { index in
                if let source, !selection(for: source).contains(index) {
                    return PatternExplanation(pattern: patterns[index].name, outcome: .otherSource)
                }
                return explain(index, bytes)
            }
        }
    }

    private func explain(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> PatternExplanation {
        var explanation = PatternExplanation(pattern: patterns[index].name, outcome: .noMatch)
        let match: PatternMatch
        switch matcher.match(index, line: bytes) {
        case .noMatch: return explanation
        case .failed(let failure):
            explanation.outcome = .failed(reason: failure == .limit ? "match_limit" : "other")
            return explanation
        case .matched(let found): match = found
        }
        explanation.outcome = .matched
        explanation.matchedRange = match.capture(0)
        explanation.captures = matcher.patterns[index].captureNames.map {
            PatternExplanation.Capture(name: $0.name, range: match.capture($0.number))
        }
        let entry = plan.entries[index]
        for tallied in plan.tallied[entry.tallied] where tallied.instrument != plan.matchesInstrument {
            explanation.updates.append(
                update(tallied.instrument, .add, tallied.amount, tallied.labels, match, bytes, isWarned: false))
        }
        for action in plan.actions[entry.actions] {
            switch verdict(action, match, bytes) {
            case .accepted(let value, let isWarned):
                explanation.updates.append(
                    update(action.instrument, action.operation, value, action.labels, match, bytes, isWarned: isWarned))
            case .rejected(let reason, let number):
                explanation.rejections.append(
                    PatternExplanation.RejectedValue(
                        metric: instruments[Int(action.instrument)].schema.name, reason: reason, number: number))
            }
        }
        return explanation
    }

    private func update(
        _ instrument: UInt32, _ operation: MatchBuffer.Operation, _ value: Double, _ labels: Range<Int>,
        _ match: PatternMatch, _ bytes: UnsafeRawBufferPointer, isWarned: Bool
    ) -> PatternExplanation.Update {
        let schema = instruments[Int(instrument)].schema
        let values = labels.map { index in
            let range = label(index, match, bytes)
            let (lower, upper) = (Int(range.start), Int(range.start + range.length))
            return range.isConstant ? Array(plan.emptyBuffer.constants[lower..<upper]) : Array(bytes[lower..<upper])
        }
        return PatternExplanation.Update(
            metric: schema.name, operation: operation, value: value,
            labels: zip(schema.labelNames, values).map { PatternExplanation.Label(name: $0, value: $1) },
            isWarned: isWarned)
    }
}

import LineFormats
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
        // A line of no source may have any fields.
        let fields =
            source.map { self.fields.indices.contains($0) ? self.fields[$0] : nil }
            ?? (try? LineFields(.auto, paths: plan.paths))
        return line.withUnsafeBytes { bytes in
            patterns.indices.map { index in
                if let source, !selection(for: source).contains(index) {
                    return PatternExplanation(pattern: patterns[index].name, outcome: .otherSource)
                }
                return explain(index, bytes, fields)
            }
        }
    }

    private func explain(
        _ index: Int, _ bytes: UnsafeRawBufferPointer, _ fields: LineFields?
    ) -> PatternExplanation {
        var explanation = PatternExplanation(pattern: patterns[index].name, outcome: .noMatch)
        let match: PatternMatch
        switch matcher.match(index, line: bytes) {
        case .noMatch: return explanation
        case .failed(let failure):
            explanation.outcome = failed(failure)
            return explanation
        case .matched(let found): match = found
        }
        let condition = plan.entries[index].condition
        guard condition >= 0 else {
            describe(index, match, Captures(match: match, bytes: bytes), nil, bytes, &explanation)
            return explanation
        }
        guard let fields else { return explanation }
        fields.beginBatch()
        fields.read(bytes, line: 0)
        guard plan.conditions[condition].holds(fields, bytes) else {
            explanation.outcome = .otherFields
            return explanation
        }
        let outcome = withCaptures(condition, match, bytes, fields) { captures in
            describe(index, match, captures, fields, bytes, &explanation)
        }
        if case .failed(let failure) = outcome { explanation.outcome = failed(failure) }
        return explanation
    }

    private func failed(_ failure: MatchFailure) -> PatternExplanation.Outcome {
        .failed(reason: failure == .limit ? "match_limit" : "other")
    }

    private func describe(
        _ index: Int, _ match: PatternMatch, _ captures: Captures, _ fields: LineFields?,
        _ bytes: UnsafeRawBufferPointer, _ explanation: inout PatternExplanation
    ) {
        explanation.outcome = .matched
        let isOfLine = captures.isOfBatch
        let text = plan.entries[index].condition >= 0 ? plan.conditions[plan.entries[index].condition].textPattern : -1
        let names = (text >= 0 ? fieldMatcher.patterns[text] : matcher.patterns[index]).captureNames
        // Without an expression of its own a pattern takes the whole line.
        if patterns[index].match != nil {
            explanation.matchedRange = isOfLine ? captures.range(0) : nil
            explanation.captures = names.map {
                PatternExplanation.Capture(name: $0.name, range: isOfLine ? captures.range($0.number) : nil)
            }
        }
        var buffer = makeBuffer()
        let entry = plan.entries[index]
        for tallied in plan.tallied[entry.tallied] where tallied.instrument != plan.matchesInstrument {
            let labels = tallied.labels.map {
                label($0, captures, fields, 0..<bytes.count, bytes, &buffer, counting: nil)
            }
            explanation.updates.append(
                update(tallied.instrument, .add, tallied.amount, labels, bytes, buffer, isWarned: false))
        }
        for action in plan.actions[entry.actions] {
            switch verdict(action, captures, fields, bytes) {
            case .accepted(let value, let isWarned):
                let labels = action.labels.map {
                    label($0, captures, fields, 0..<bytes.count, bytes, &buffer, counting: nil)
                }
                explanation.updates.append(
                    update(action.instrument, action.operation, value, labels, bytes, buffer, isWarned: isWarned))
            case .rejected(let reason, let number):
                explanation.rejections.append(
                    PatternExplanation.RejectedValue(
                        metric: instruments[Int(action.instrument)].schema.name, reason: reason, number: number))
            }
        }
    }

    private func update(
        _ instrument: UInt32, _ operation: MatchBuffer.Operation, _ value: Double, _ labels: [MatchBuffer.LabelRange],
        _ bytes: UnsafeRawBufferPointer, _ buffer: MatchBuffer, isWarned: Bool
    ) -> PatternExplanation.Update {
        let schema = instruments[Int(instrument)].schema
        let values = labels.map { range in
            let (lower, upper) = (Int(range.start), Int(range.start + range.length))
            return range.isConstant ? Array(buffer.constants[lower..<upper]) : Array(bytes[lower..<upper])
        }
        return PatternExplanation.Update(
            metric: schema.name, operation: operation, value: value,
            labels: zip(schema.labelNames, values).map { PatternExplanation.Label(name: $0, value: $1) },
            isWarned: isWarned)
    }
}

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
        let fields = explainedFields(source)
        return line.withUnsafeBytes { bytes in
            patterns.indices.map { index in
                if let source, !selection(for: source).contains(index) {
                    return PatternExplanation(pattern: patterns[index].name, outcome: .otherSource)
                }
                return explain(index, bytes, fields)
            }
        }
    }

    /// The fields of `line` that patterns ask for.
    ///
    /// SAFETY: as `explain(_:source:)`.
    public func fields(of line: [UInt8], source: Int? = nil) -> FieldsExplanation {
        guard let fields = explainedFields(source) else { return FieldsExplanation() }
        return line.withUnsafeBytes { bytes in
            read(bytes, fields)
            let found = plan.paths.indices.compactMap { field in
                text(of: field, fields, bytes).map { FieldsExplanation.Field(path: plan.paths[field], text: $0) }
            }
            return FieldsExplanation(fields: found, isMalformed: fields.undecodedLineCount > 0)
        }
    }

    /// A line of no source may have any fields.
    private func explainedFields(_ source: Int?) -> LineFields? {
        if let source { return fields.indices.contains(source) ? fields[source] : nil }
        return plan.paths.isEmpty ? nil : try? LineFields(.auto, paths: plan.paths)
    }

    private func read(_ bytes: UnsafeRawBufferPointer, _ fields: LineFields) {
        fields.beginBatch()
        fields.read(bytes, line: 0)
    }

    private func text(of field: Int, _ fields: LineFields, _ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        fields.withText(of: field, in: bytes) { text, _ in Array(text) }
    }

    private func explain(
        _ index: Int, _ bytes: UnsafeRawBufferPointer, _ fields: LineFields?
    ) -> PatternExplanation {
        var explanation = PatternExplanation(
            pattern: patterns[index].name, outcome: .noMatch, field: patterns[index].field)
        let condition = plan.entries[index].condition
        guard condition >= 0 else {
            switch matcher.match(index, line: bytes) {
            case .noMatch: explanation.miss = miss(matcher.patterns[index], Array(bytes))
            case .failed(let failure): explanation.outcome = failed(failure)
            case .matched(let match):
                describe(index, match, Captures(match: match, bytes: bytes), nil, bytes, &explanation)
            }
            return explanation
        }
        guard let fields else { return explanation }
        read(bytes, fields)
        explanation.conditions = conditions(plan.conditions[condition], fields, bytes)
        guard explanation.conditions.allSatisfy(\.isMet) else {
            explanation.outcome = .otherFields
            return explanation
        }
        explainText(index, bytes, fields, &explanation)
        return explanation
    }

    /// What comes of a line whose fields are right.
    private func explainText(
        _ index: Int, _ bytes: UnsafeRawBufferPointer, _ fields: LineFields, _ explanation: inout PatternExplanation
    ) {
        let condition = plan.entries[index].condition
        let (textField, textPattern) = (plan.conditions[condition].textField, plan.conditions[condition].textPattern)
        switch matcher.match(index, line: bytes) {
        case .failed(let failure): explanation.outcome = failed(failure)
        case .noMatch where textField < 0: explanation.miss = miss(matcher.patterns[index], Array(bytes))
        case .noMatch: break
        case .matched(let match):
            let outcome = withCaptures(condition, match, bytes, fields) { captures in
                describe(index, match, captures, fields, bytes, &explanation)
            }
            if case .failed(let failure) = outcome { explanation.outcome = failed(failure) }
        }
        if textField >= 0, explanation.outcome == .noMatch {
            explanation.miss = text(of: textField, fields, bytes).flatMap {
                miss(fieldMatcher.patterns[textPattern], $0)
            }
        }
    }

    private func miss(_ pattern: Pattern, _ text: [UInt8]) -> PatternExplanation.Miss? {
        pattern.nearMiss(in: text).map {
            PatternExplanation.Miss(expression: pattern.expression, text: text, miss: $0)
        }
    }

    private func conditions(
        _ condition: ExtractionPlan.Condition, _ fields: LineFields, _ bytes: UnsafeRawBufferPointer
    ) -> [PatternExplanation.Condition] {
        let comparisons = condition.comparisons.map { comparison -> PatternExplanation.Condition in
            let text = text(of: comparison.field, fields, bytes)
            let texts = comparison.texts.map { String(decoding: $0, as: UTF8.self) }
            let isOne = text.map(comparison.texts.contains) ?? false
            return PatternExplanation.Condition(
                field: plan.paths[comparison.field],
                request: comparison.isExclusion ? .isNone(of: texts) : .isOne(of: texts), text: text,
                isMet: isOne != comparison.isExclusion)
        }
        let needed = condition.present + (condition.textField >= 0 ? [condition.textField] : [])
        return comparisons
            + needed.map { field in
                let isText = field == condition.textField && !condition.present.contains(field)
                return PatternExplanation.Condition(
                    field: plan.paths[field], request: .isPresent, text: text(of: field, fields, bytes),
                    // An expression may match the `null` of a field, `has` does not.
                    isMet: isText ? fields[field].kind != .absent : fields.isPresent(field))
            }
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
            explanation.captures = names.map { name, number in
                let range = captures.range(number)
                return PatternExplanation.Capture(
                    name: name, range: isOfLine ? range : nil, text: range.map { Array(captures.bytes[$0]) })
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
            // How long a timer ran is known only with the lines before.
            if case .duration? = action.distant { continue }
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

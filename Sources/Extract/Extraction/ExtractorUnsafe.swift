public import LineFormats
public import LogModel
public import PatternMatching
public import SeriesModel

/// Turns lines into updates of metrics, by the patterns of the configuration.
///
/// It is pure: what it finds depends on the lines, the patterns and `now` only. It is used by one thread at a time and makes
/// no allocation per line.
///
/// Every pattern is tried on every line of its sources. Updates are in the order of the lines, and within a line in the order
/// of the patterns and of their metrics; behind them stand the counters that are summed up for the batch.
///
/// SAFETY: the bytes of a batch are read within its bounds and only during the call for which it is lent.
public final class Extractor {
    /// The metrics that updates refer to by index: those of the patterns, and those that the extractor keeps about its work.
    public let instruments: [Instrument]
    /// Series that should exist with 0 from the start.
    public let declaredSeries: [DeclaredSeries]
    /// The patterns as they were given.
    public let patterns: [PatternSettings]

    let plan: ExtractionPlan
    let matcher: PatternSetMatcher
    /// By source: the patterns that apply to it.
    private let selections: ContiguousArray<PatternSelection>
    /// The patterns that apply to every source.
    private let unrestricted: PatternSelection
    private var rejections: RejectionMemory
    /// Expressions that are looked for in fields.
    let fieldMatcher: PatternSetMatcher
    /// By source: its fields, when it has some and a pattern asks for them.
    let fields: ContiguousArray<LineFields?>
    private let sources: [SourceName]
    /// By pattern: the lines that met its conditions.
    private var conditionTallies: ContiguousArray<PatternTally>
    private let labelLength: Int
    /// By instrument: labels of the current batch that were cut.
    private var cutLabels: ContiguousArray<UInt32>
    private var hasCutLabels = false

    /// Compiles the patterns; `sources` gives the meaning of `LineBatch.source`.
    ///
    /// - Parameters:
    ///   - patterns: in the order in which they are applied to a line.
    ///   - sources: the meaning of `LineBatch.source`.
    ///   - fields: which fields the lines of sources have; none where nothing is said.
    ///   - limits: of the work for one line.
    ///   - labelLength: bytes of a label's value that are kept.
    ///   - jit: whether expressions become machine code.
    /// - Throws: The first mistake in the settings; `mistakes(in:sources:)` gives all of them.
    public init(
        patterns: [PatternSettings], sources: [SourceName], fields: [SourceName: FieldFormat] = [:],
        limits: MatchLimits = MatchLimits(), labelLength: Int = SeriesLimits().labelLength,
        jit: Pattern.JITPolicy = .whenPossible
    ) throws(ExtractionError) {
        let builder = ExtractionPlanBuilder(
            patterns: patterns, sources: sources, labelLength: labelLength, jit: jit)
        if let mistake = builder.mistakes.first { throw mistake }
        self.patterns = patterns
        self.labelLength = labelLength
        plan = builder.plan
        cutLabels = ContiguousArray(repeating: 0, count: builder.plan.instruments.count)
        instruments = plan.instruments
        declaredSeries = plan.declaredSeries
        let matcher = PatternSetMatcher(patterns: builder.compiled, limits: limits)
        self.matcher = matcher
        selections = ContiguousArray(
            sources.map { source in
                matcher.selection(
                    of: patterns.indices.filter {
                        (patterns[$0].sources.isEmpty || patterns[$0].sources.contains(source))
                            && (!patterns[$0].needsFields || fields[source] ?? .none != .none)
                    })
            })
        unrestricted = matcher.selection(
            of: patterns.indices.filter { patterns[$0].sources.isEmpty && !patterns[$0].needsFields })
        fieldMatcher = PatternSetMatcher(patterns: builder.fieldPatterns, limits: limits)
        var readers: ContiguousArray<LineFields?> = []
        for source in sources {
            do throws(FieldPathError) {
                let format = plan.paths.isEmpty && plan.conditions.isEmpty ? .none : fields[source] ?? .none
                readers.append(try LineFields(format, paths: plan.paths))
            } catch {
                throw ExtractionError(
                    kind: .field, pattern: 0, metric: nil, part: .name, message: "\(error)",
                    hint: "Name a field that is not so deep.")
            }
        }
        self.fields = readers
        self.sources = sources
        conditionTallies = ContiguousArray(repeating: PatternTally(), count: patterns.count)
        rejections = RejectionMemory(instrumentCount: plan.instruments.count)
    }

    /// Every mistake in the settings, in their order; empty when an extractor can be made of them.
    public static func mistakes(in patterns: [PatternSettings], sources: [SourceName]) -> [ExtractionError] {
        ExtractionPlanBuilder(
            patterns: patterns, sources: sources, labelLength: SeriesLimits().labelLength, jit: .never
        ).mistakes
    }

    /// An empty buffer that `extract` can fill. It may be reused with `removeAll`, but not with another extractor.
    public func makeBuffer() -> MatchBuffer { plan.emptyBuffer }

    /// Appends the updates that the lines of `batch` make to `buffer`, which `makeBuffer` made.
    ///
    /// Nothing here fails: values and lines that give trouble are counted by updates of the extractor's own instruments, so
    /// that those counts are as exact across crashes as the metrics are. `now` is the time that is noted with rejected values.
    public func extract(_ batch: LineBatch, into buffer: inout MatchBuffer, now: WallTime) {
        assert(
            buffer.constants.starts(with: plan.emptyBuffer.constants), "BUG: the buffer belongs to another extractor")
        guard !plan.conditions.isEmpty else { return extractWithoutFields(batch, into: &buffer, now: now) }
        let entries = plan.entries
        let fields = fields.indices.contains(batch.source) ? fields[batch.source] : nil
        fields?.beginBatch()
        for index in conditionTallies.indices { conditionTallies[index] = PatternTally() }
        matcher.forEachMatch(in: batch, of: selection(for: batch.source)) { match in
            let condition = entries[match.pattern].condition
            if condition >= 0 {
                if let fields { judge(condition, match, batch, fields, now, &buffer) }
            } else {
                let captures = Captures(match: match, bytes: batch.bytes)
                for index in entries[match.pattern].actions {
                    perform(index, match, captures, nil, batch, now, &buffer)
                }
            }
        }
        appendTallies(into: &buffer, now: now)
        if let fields, fields.malformedLineCount > 0, let instrument = plan.malformedInstrument {
            buffer.append(
                instrument: instrument, operation: .add, value: Double(fields.malformedLineCount),
                line: UInt32(truncatingIfNeeded: fields.lastMalformedLine))
            buffer.appendLabel(buffer.appendText(sources[batch.source].rawValue.utf8))
        }
        if hasCutLabels { appendCutLabels(into: &buffer) }
    }

    /// The same when no pattern asks for fields.
    private func extractWithoutFields(_ batch: LineBatch, into buffer: inout MatchBuffer, now: WallTime) {
        let entries = plan.entries
        matcher.forEachMatch(in: batch, of: selection(for: batch.source)) { match in
            let captures = Captures(match: match, bytes: batch.bytes)
            for index in entries[match.pattern].actions { perform(index, match, captures, nil, batch, now, &buffer) }
        }
        appendTallies(into: &buffer, now: now)
        if hasCutLabels { appendCutLabels(into: &buffer) }
    }

    /// The patterns for a source; for one that is not configured those that are limited to none.
    func selection(for source: Int) -> PatternSelection {
        selections.indices.contains(source) ? selections[source] : unrestricted
    }

    /// The last values that were kept from the metric `name`, oldest first; at most 16.
    public func recentRejections(of name: String) -> [Rejection] {
        instruments.firstIndex { $0.schema.name == name }.map(rejections(of:)) ?? []
    }

    /// The same of all metrics, one metric after the other.
    public var recentRejections: [Rejection] { rejections.instruments.flatMap(rejections(of:)) }

    private func rejections(of instrument: Int) -> [Rejection] {
        rejections.entries(instrument: instrument).map {
            Rejection(
                metric: instruments[instrument].schema.name, pattern: patterns[$0.pattern].name, position: $0.position,
                reason: $0.reason, number: $0.number, time: $0.time, line: Array($0.line))
        }
    }

    // MARK: - One match

    /// Applies a pattern to a line that may meet its conditions, when it does.
    @inline(never)
    private func judge(
        _ condition: Int, _ match: PatternMatch, _ batch: LineBatch, _ fields: LineFields, _ now: WallTime,
        _ buffer: inout MatchBuffer
    ) {
        let index = match.pattern
        let (line, lineRange) = (match.line, match.lineRange)
        let bytes = UnsafeRawBufferPointer(rebasing: batch.bytes[lineRange])
        fields.read(bytes, line: line)
        guard plan.conditions[condition].holds(fields, bytes) else { return }
        let outcome = withCaptures(condition, match, batch.bytes, fields) { captures in
            for action in plan.entries[index].actions { perform(action, match, captures, fields, batch, now, &buffer) }
        }
        switch outcome {
        case .matched:
            conditionTallies[index].matches &+= 1
            conditionTallies[index].lastMatchedLine = UInt32(truncatingIfNeeded: line)
        case .noMatch: break
        case .failed(let failure):
            if failure == .limit {
                conditionTallies[index].limitErrors &+= 1
            } else {
                conditionTallies[index].otherErrors &+= 1
            }
            conditionTallies[index].lastFailedLine = UInt32(truncatingIfNeeded: line)
        }
    }

    /// How the expression fared in the field in which it is looked for.
    enum TextOutcome {
        case matched
        case noMatch
        case failed(MatchFailure)
    }

    /// Looks for the expression in its field, or takes the match of the line, and hands over where the captures are.
    func withCaptures(
        _ condition: Int, _ match: PatternMatch, _ bytes: UnsafeRawBufferPointer, _ fields: LineFields,
        _ body: (Captures) -> Void
    ) -> TextOutcome {
        let condition = plan.conditions[condition]
        guard condition.textField >= 0 else {
            body(Captures(match: match, bytes: bytes))
            return .matched
        }
        let line = match.lineRange
        let outcome = fields.withText(
            of: condition.textField, in: UnsafeRawBufferPointer(rebasing: bytes[line])
        ) { text, range -> TextOutcome in
            switch fieldMatcher.match(condition.textPattern, line: text) {
            case .matched(let found):
                if let range {
                    body(Captures(match: found, bytes: bytes, shift: line.lowerBound + range.lowerBound))
                } else {
                    body(Captures(match: found, bytes: text, isOfBatch: false))
                }
                return .matched
            case .noMatch: return .noMatch
            case .failed(let failure): return .failed(failure)
            }
        }
        return outcome ?? .noMatch
    }

    /// What becomes of an action's value in a match.
    @inline(__always)
    func verdict(
        _ action: ExtractionPlan.Action, _ captures: Captures, _ fields: LineFields?, _ line: UnsafeRawBufferPointer
    ) -> ValueVerdict {
        if action.field >= 0 { return fieldVerdict(action, fields, line) }
        guard action.capture >= 0 else { return action.rules.verdict(.finite(action.constant)) }
        guard let range = captures.range(Int(action.capture)) else { return .rejected(.missing, number: nil) }
        let text = UnsafeRawBufferPointer(rebasing: captures.bytes[range])
        return action.rules.verdict(action.reader == 0 ? parseNumber(text) : plan.readers[action.reader].parse(text))
    }

    @inline(never)
    private func fieldVerdict(
        _ action: ExtractionPlan.Action, _ fields: LineFields?, _ line: UnsafeRawBufferPointer
    ) -> ValueVerdict {
        guard let fields, fields.isPresent(Int(action.field)) else { return .rejected(.missing, number: nil) }
        switch fields[Int(action.field)].kind {
        case .true: return action.rules.verdict(.finite(1))
        case .false: return action.rules.verdict(.finite(0))
        default: break
        }
        let parsed = fields.withText(of: Int(action.field), in: line) { text, _ in
            action.reader == 0 ? parseNumber(text) : plan.readers[action.reader].parse(text)
        }
        return action.rules.verdict(parsed ?? .notANumber)
    }

    /// The value of a label in a match; empty for a group that took no part, or a field that is not there. One that is cut is
    /// counted for the metric `counting`, if there is one.
    @inline(__always)
    func label(
        _ index: Int, _ captures: Captures, _ fields: LineFields?, _ line: Range<Int>,
        _ bytes: UnsafeRawBufferPointer, _ buffer: inout MatchBuffer, counting instrument: UInt32?
    ) -> MatchBuffer.LabelRange {
        let source = plan.labels[index]
        if source.field >= 0 {
            return fieldLabel(Int(source.field), fields, line, bytes, &buffer, counting: instrument)
        }
        guard source.capture >= 0 else { return source.constant }
        guard let range = captures.range(Int(source.capture)) else {
            return MatchBuffer.LabelRange(start: 0, length: 0)
        }
        let length = range.count <= labelLength ? range.count : cut(range, captures.bytes, counting: instrument)
        guard captures.isOfBatch else {
            return buffer.appendText(captures.bytes[range.lowerBound..<range.lowerBound + length])
        }
        return MatchBuffer.LabelRange(
            start: UInt32(truncatingIfNeeded: range.lowerBound), length: UInt32(truncatingIfNeeded: length))
    }

    @inline(never)
    private func cut(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer, counting instrument: UInt32?) -> Int {
        if let instrument {
            cutLabels[Int(instrument)] += 1
            hasCutLabels = true
        }
        return lengthOfCutLabelValue(bytes, in: range, limit: labelLength)
    }

    @inline(never)
    private func fieldLabel(
        _ field: Int, _ fields: LineFields?, _ line: Range<Int>, _ bytes: UnsafeRawBufferPointer,
        _ buffer: inout MatchBuffer, counting instrument: UInt32?
    ) -> MatchBuffer.LabelRange {
        let none = MatchBuffer.LabelRange(start: 0, length: 0)
        guard let fields, fields.isPresent(field) else { return none }
        let found = fields.withText(of: field, in: UnsafeRawBufferPointer(rebasing: bytes[line])) { text, range in
            let length = text.count <= labelLength ? text.count : cut(0..<text.count, text, counting: instrument)
            guard let range else { return buffer.appendText(text[..<length]) }
            return MatchBuffer.LabelRange(
                start: UInt32(truncatingIfNeeded: line.lowerBound + range.lowerBound),
                length: UInt32(truncatingIfNeeded: length))
        }
        return found ?? none
    }

    @inline(__always)
    private func perform(
        _ index: Int, _ match: PatternMatch, _ captures: Captures, _ fields: LineFields?, _ batch: LineBatch,
        _ now: WallTime, _ buffer: inout MatchBuffer
    ) {
        let action = plan.actions[index]
        let line = UInt32(truncatingIfNeeded: match.line)
        let bytes = UnsafeRawBufferPointer(rebasing: batch.bytes[match.lineRange])
        switch verdict(action, captures, fields, bytes) {
        case .accepted(let value, let isWarned):
            buffer.append(instrument: action.instrument, operation: action.operation, value: value, line: line)
            for label in action.labels {
                let range = self.label(
                    label, captures, fields, match.lineRange, batch.bytes, &buffer, counting: action.instrument)
                buffer.appendLabel(range)
            }
            if isWarned { appendWarned(action, line, &buffer) }
        case .rejected(let reason, let number):
            appendRejected(action, reason, line, &buffer)
            rejections.record(
                RejectionMemory.Entry(
                    pattern: match.pattern, position: batch.position(of: match.line), reason: reason, number: number,
                    time: now), line: bytes, instrument: Int(action.instrument))
        }
    }

    @inline(never)
    private func appendWarned(_ action: ExtractionPlan.Action, _ line: UInt32, _ buffer: inout MatchBuffer) {
        guard let instrument = plan.warnedInstrument else { return }
        buffer.append(instrument: instrument, operation: .add, value: 1, line: line)
        buffer.appendLabel(plan.nameLabels[Int(action.instrument)])
    }

    @inline(never)
    private func appendRejected(
        _ action: ExtractionPlan.Action, _ reason: RejectionReason, _ line: UInt32, _ buffer: inout MatchBuffer
    ) {
        guard let instrument = plan.rejectedInstrument else { return }
        buffer.append(instrument: instrument, operation: .add, value: 1, line: line)
        buffer.appendLabel(plan.nameLabels[Int(action.instrument)])
        buffer.appendLabel(plan.reasonLabels[Int(reason.rawValue)])
    }

    // MARK: - One batch

    /// Appends what is counted once per batch: matches, counters without captures, errors.
    private func appendTallies(into buffer: inout MatchBuffer, now: WallTime) {
        for index in plan.entries.indices {
            let hasCondition = plan.entries[index].condition >= 0
            var tally = hasCondition ? conditionTallies[index] : matcher.tally(of: index)
            if hasCondition { tally.add(errorsOf: matcher.tally(of: index)) }
            if tally.matches > 0 {
                for tallied in plan.tallied[plan.entries[index].tallied] {
                    buffer.append(
                        instrument: tallied.instrument, operation: .add,
                        value: tallied.amount * Double(tally.matches), line: tally.lastMatchedLine)
                    for label in plan.labels[tallied.labels] { buffer.appendLabel(label.constant) }
                }
                if let heartbeat = plan.entries[index].heartbeat, let instrument = plan.beatInstrument {
                    buffer.append(
                        instrument: instrument, operation: .set, value: now.seconds, line: tally.lastMatchedLine)
                    buffer.appendLabel(heartbeat)
                }
            }
            if tally.hasErrors { appendErrors(tally, of: index, into: &buffer) }
        }
    }

    @inline(never)
    private func appendCutLabels(into buffer: inout MatchBuffer) {
        guard let instrument = plan.cutInstrument else { return }
        for index in cutLabels.indices where cutLabels[index] > 0 {
            buffer.append(instrument: instrument, operation: .add, value: Double(cutLabels[index]), line: 0)
            buffer.appendLabel(plan.nameLabels[index])
            cutLabels[index] = 0
        }
        hasCutLabels = false
    }

    private func appendErrors(_ tally: PatternTally, of index: Int, into buffer: inout MatchBuffer) {
        let counts = [
            (tally.limitErrors, plan.errorLabels.limit), (tally.jitStackErrors, plan.errorLabels.jitStack),
            (tally.otherErrors, plan.errorLabels.other),
        ]
        for (count, reason) in counts where count > 0 {
            buffer.append(
                instrument: plan.errorsInstrument, operation: .add, value: Double(count), line: tally.lastFailedLine)
            buffer.appendLabel(plan.entries[index].name)
            buffer.appendLabel(reason)
        }
    }
}

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
    let sources: [SourceName]
    var clocks: LineClocks
    /// What lines left for later ones.
    var memory: LineMemory
    /// That of the stream of the current batch.
    var streamMemory: StreamMemory
    /// By timer: what came of its lines in the current batch.
    var timerTallies: ContiguousArray<TimerTally>
    /// By timer: how many seconds it ran that the current match ends; nil for none.
    var durations: ContiguousArray<Double?>
    /// By pattern: the newest heartbeat of the current batch.
    var beats: ContiguousArray<WallTime?>
    /// Whether every match is no more than its actions.
    private let isPlain: Bool
    /// By pattern: the lines that met its conditions.
    var conditionTallies: ContiguousArray<PatternTally>
    private let labelLength: Int
    /// By instrument: labels of the current batch that were cut.
    var cutLabels: ContiguousArray<UInt32>
    var hasCutLabels = false

    /// Compiles the patterns; `sources` gives the meaning of `LineBatch.source`.
    ///
    /// - Parameters:
    ///   - patterns: in the order in which they are applied to a line.
    ///   - sources: the meaning of `LineBatch.source`.
    ///   - fields: which fields the lines of sources have; none where nothing is said.
    ///   - timestamps: how the lines of sources say when they were written; recognised, in UTC, where nothing is said.
    ///   - limits: of the work for one line.
    ///   - labelLength: bytes of a label's value that are kept.
    ///   - jit: whether expressions become machine code.
    /// - Throws: The first mistake in the settings; `mistakes(in:sources:)` gives all of them.
    public init(
        patterns: [PatternSettings], sources: [SourceName], fields: [SourceName: FieldFormat] = [:],
        timestamps: [SourceName: TimestampSettings] = [:], limits: MatchLimits = MatchLimits(),
        labelLength: Int = SeriesLimits().labelLength,
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
        isPlain = !plan.entries.contains(where: \.isInvolved) && !plan.usesMemory
        memory = LineMemory(plan)
        streamMemory = StreamMemory(plan)
        timerTallies = ContiguousArray(repeating: TimerTally(), count: plan.timers.count)
        durations = ContiguousArray(repeating: nil, count: plan.timers.count)
        beats = ContiguousArray(repeating: nil, count: patterns.count)
        let plan = builder.plan
        let asking = (selections + [unrestricted]).map { selection in
            plan.entries.indices.contains { plan.entries[$0].asksForTime && selection.contains($0) }
        }
        do throws(FieldPathError) {
            self.fields = try Self.fields(of: sources, fields, plan)
            clocks = try LineClocks(sources: sources, asking: asking, timestamps: timestamps, fields: fields)
        } catch {
            throw ExtractionError(
                kind: .field, pattern: 0, metric: nil, part: .name, message: "\(error)",
                hint: "Name a field that is not so deep.")
        }
        self.sources = sources
        conditionTallies = ContiguousArray(repeating: PatternTally(), count: patterns.count)
        rejections = RejectionMemory(instrumentCount: plan.instruments.count)
    }

    private static func fields(
        of sources: [SourceName], _ formats: [SourceName: FieldFormat], _ plan: ExtractionPlan
    ) throws(FieldPathError) -> ContiguousArray<LineFields?> {
        var readers: ContiguousArray<LineFields?> = []
        for source in sources {
            let format = plan.paths.isEmpty && plan.conditions.isEmpty ? .none : formats[source] ?? .none
            readers.append(try LineFields(format, paths: plan.paths))
        }
        return readers
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
        guard !isPlain else { return extractPlainly(batch, into: &buffer, now: now) }
        let entries = plan.entries
        let fields = fields.indices.contains(batch.source) ? fields[batch.source] : nil
        fields?.beginBatch()
        for index in conditionTallies.indices { conditionTallies[index] = PatternTally() }
        streamMemory = memory.stream(batch.stream)
        clocks.begin(batch, after: streamMemory.preceding, arrival: now)
        matcher.forEachMatch(in: batch, of: selection(for: batch.source)) { match in
            if entries[match.pattern].isInvolved {
                take(match, batch, fields, now, &buffer)
            } else {
                let captures = Captures(match: match, bytes: batch.bytes)
                for index in entries[match.pattern].actions {
                    perform(index, match, captures, nil, batch, now, &buffer)
                }
            }
        }
        appendTallies(into: &buffer, now: now)
        if let fields, fields.undecodedLineCount > 0, let instrument = plan.undecodedInstrument {
            buffer.append(
                instrument: instrument, operation: .add, value: Double(fields.undecodedLineCount),
                line: UInt32(truncatingIfNeeded: fields.lastUndecodedLine))
            buffer.appendLabel(buffer.appendText(sources[batch.source].rawValue.utf8))
        }
        if clocks.areRunning { finishTimes(batch, &buffer) }
        if !plan.timers.isEmpty { appendTimers(into: &buffer) }
        if hasCutLabels { appendCutLabels(into: &buffer) }
    }

    /// The same when every match is no more than its actions.
    private func extractPlainly(_ batch: LineBatch, into buffer: inout MatchBuffer, now: WallTime) {
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

    /// Applies a pattern that asks for more of a line than its text.
    @inline(never)
    private func take(
        _ match: PatternMatch, _ batch: LineBatch, _ fields: LineFields?, _ now: WallTime, _ buffer: inout MatchBuffer
    ) {
        let entry = plan.entries[match.pattern]
        if entry.condition >= 0 {
            guard let fields else { return }
            judge(entry.condition, match, batch, fields, now, &buffer)
        } else {
            apply(entry, match, Captures(match: match, bytes: batch.bytes), nil, batch, now, &buffer)
        }
    }

    /// What a match is by its entry.
    private func apply(
        _ entry: ExtractionPlan.Entry, _ match: PatternMatch, _ captures: Captures, _ fields: LineFields?,
        _ batch: LineBatch, _ now: WallTime, _ buffer: inout MatchBuffer
    ) {
        if entry.asksForTime {
            let time = clocks.time(of: match.line, in: batch)
            if entry.heartbeat != nil { beats[match.pattern] = max(beats[match.pattern] ?? time, time) }
            expireTimers(at: time, line: match.line)
        }
        for step in entry.steps { take(plan.steps[step], match, captures, fields, batch) }
        for action in entry.actions {
            // What an end without a start says of a timer is counted already.
            if case .duration(let timer)? = plan.actions[action].distant, durations[timer] == nil { continue }
            perform(action, match, captures, fields, batch, now, &buffer)
        }
        for step in entry.steps { forget(plan.steps[step]) }
    }

    /// Applies a pattern to a line that may meet its conditions, when it does.
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
            apply(plan.entries[index], match, captures, fields, batch, now, &buffer)
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
        if let distant = action.distant { return distantVerdict(action, distant, fields, line) }
        guard action.capture >= 0 else { return action.rules.verdict(.finite(action.constant)) }
        guard let range = captures.range(Int(action.capture)) else { return .rejected(.missing, number: nil) }
        let text = UnsafeRawBufferPointer(rebasing: captures.bytes[range])
        return action.rules.verdict(action.reader == 0 ? parseNumber(text) : plan.readers[action.reader].parse(text))
    }

    @inline(never)
    private func distantVerdict(
        _ action: ExtractionPlan.Action, _ distant: ExtractionPlan.Distant, _ fields: LineFields?,
        _ line: UnsafeRawBufferPointer
    ) -> ValueVerdict {
        switch distant {
        case .field(let field): return fieldVerdict(action, field, fields, line)
        case .remembered(let value):
            guard let text = streamMemory.values[value] else { return .rejected(.missing, number: nil) }
            return action.rules.verdict(text.withUnsafeBytes { plan.readers[action.reader].parse($0) })
        case .duration(let timer):
            guard let duration = durations[timer] else { return .rejected(.missing, number: nil) }
            return action.rules.verdict(plan.readers[action.reader].scaled(duration))
        }
    }

    private func fieldVerdict(
        _ action: ExtractionPlan.Action, _ field: Int, _ fields: LineFields?, _ line: UnsafeRawBufferPointer
    ) -> ValueVerdict {
        guard let fields, fields.isPresent(field) else { return .rejected(.missing, number: nil) }
        switch fields[field].kind {
        case .true: return action.rules.verdict(.finite(1))
        case .false: return action.rules.verdict(.finite(0))
        default: break
        }
        let parsed = fields.withText(of: field, in: line) { text, _ in
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
        if let distant = source.distant {
            return distantLabel(distant, fields, line, bytes, &buffer, counting: instrument)
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
    private func distantLabel(
        _ distant: ExtractionPlan.Distant, _ fields: LineFields?, _ line: Range<Int>, _ bytes: UnsafeRawBufferPointer,
        _ buffer: inout MatchBuffer, counting instrument: UInt32?
    ) -> MatchBuffer.LabelRange {
        switch distant {
        case .field(let field): return fieldLabel(field, fields, line, bytes, &buffer, counting: instrument)
        case .duration: return MatchBuffer.LabelRange(start: 0, length: 0)
        case .remembered(let value):
            guard let text = streamMemory.values[value] else { return MatchBuffer.LabelRange(start: 0, length: 0) }
            return text.withUnsafeBytes { text in
                let length = text.count <= labelLength ? text.count : cut(0..<text.count, text, counting: instrument)
                return buffer.appendText(text[..<length])
            }
        }
    }

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
}

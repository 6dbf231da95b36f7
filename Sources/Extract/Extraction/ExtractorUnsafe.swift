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

    /// Compiles the patterns; `sources` gives the meaning of `LineBatch.source`.
    ///
    /// - Throws: The first mistake in the settings; `mistakes(in:sources:)` gives all of them.
    public init(
        patterns: [PatternSettings], sources: [SourceName], limits: MatchLimits = MatchLimits(),
        jit: Pattern.JITPolicy = .whenPossible
    ) throws(ExtractionError) {
        let builder = ExtractionPlanBuilder(patterns: patterns, sources: sources, jit: jit)
        if let mistake = builder.mistakes.first { throw mistake }
        self.patterns = patterns
        plan = builder.plan
        instruments = plan.instruments
        declaredSeries = plan.declaredSeries
        let matcher = PatternSetMatcher(patterns: builder.compiled, limits: limits)
        self.matcher = matcher
        selections = ContiguousArray(
            sources.map { source in
                matcher.selection(
                    of: patterns.indices.filter {
                        patterns[$0].sources.isEmpty || patterns[$0].sources.contains(source)
                    })
            })
        unrestricted = matcher.selection(of: patterns.indices.filter { patterns[$0].sources.isEmpty })
        rejections = RejectionMemory(instrumentCount: plan.instruments.count)
    }

    /// Every mistake in the settings, in their order; empty when an extractor can be made of them.
    public static func mistakes(in patterns: [PatternSettings], sources: [SourceName]) -> [ExtractionError] {
        ExtractionPlanBuilder(patterns: patterns, sources: sources, jit: .never).mistakes
    }

    /// An empty buffer that `extract` can fill. It may be reused with `removeAll`, but not with another extractor.
    public func makeBuffer() -> MatchBuffer { plan.emptyBuffer }

    /// Appends the updates that the lines of `batch` make to `buffer`, which `makeBuffer` made.
    ///
    /// Nothing here fails: values and lines that give trouble are counted by updates of the extractor's own instruments, so
    /// that those counts are as exact across crashes as the metrics are. `now` is the time that is noted with rejected values.
    public func extract(_ batch: LineBatch, into buffer: inout MatchBuffer, now: WallTime) {
        assert(buffer.constants == plan.emptyBuffer.constants, "BUG: the buffer belongs to another extractor")
        let entries = plan.entries
        matcher.forEachMatch(in: batch, of: selection(for: batch.source)) { match in
            for index in entries[match.pattern].actions { perform(index, match, batch, now, &buffer) }
        }
        appendTallies(into: &buffer, now: now)
    }

    /// The patterns for a source; for one that is not configured those that are limited to none.
    func selection(for source: Int) -> PatternSelection {
        selections.indices.contains(source) ? selections[source] : unrestricted
    }

    /// The last values that were kept from the metric `name`, oldest first; at most 16.
    public func recentRejections(of name: String) -> [Rejection] {
        guard let instrument = instruments.firstIndex(where: { $0.schema.name == name }) else { return [] }
        return rejections.entries(instrument: instrument).map {
            Rejection(
                pattern: patterns[$0.pattern].name, position: $0.position, reason: $0.reason, number: $0.number,
                time: $0.time)
        }
    }

    // MARK: - One match

    /// What becomes of an action's value in a match.
    @inline(__always)
    func verdict(_ action: ExtractionPlan.Action, _ match: PatternMatch, _ bytes: UnsafeRawBufferPointer)
        -> ValueVerdict
    {
        guard action.capture >= 0 else { return action.rules.verdict(.finite(action.constant)) }
        guard let range = match.capture(Int(action.capture)) else { return .rejected(.missing, number: nil) }
        let text = UnsafeRawBufferPointer(rebasing: bytes[range])
        return action.rules.verdict(action.reader == 0 ? parseNumber(text) : plan.readers[action.reader].parse(text))
    }

    /// The value of a label in a match; empty for a group that took no part.
    @inline(__always)
    func label(_ index: Int, _ match: PatternMatch, _ bytes: UnsafeRawBufferPointer) -> MatchBuffer.LabelRange {
        let source = plan.labels[index]
        guard source.capture >= 0 else { return source.constant }
        guard let range = match.capture(Int(source.capture)) else { return MatchBuffer.LabelRange(start: 0, length: 0) }
        return MatchBuffer.LabelRange(
            start: UInt32(truncatingIfNeeded: range.lowerBound),
            length: UInt32(truncatingIfNeeded: lengthOfLabelValue(bytes, in: range)))
    }

    @inline(__always)
    private func perform(
        _ index: Int, _ match: PatternMatch, _ batch: LineBatch, _ now: WallTime, _ buffer: inout MatchBuffer
    ) {
        let action = plan.actions[index]
        let line = UInt32(truncatingIfNeeded: match.line)
        switch verdict(action, match, batch.bytes) {
        case .accepted(let value, let isWarned):
            buffer.append(instrument: action.instrument, operation: action.operation, value: value, line: line)
            for label in action.labels { buffer.appendLabel(self.label(label, match, batch.bytes)) }
            if isWarned { appendWarned(action, line, &buffer) }
        case .rejected(let reason, let number):
            appendRejected(action, reason, line, &buffer)
            rejections.record(
                RejectionMemory.Entry(
                    pattern: match.pattern,
                    position: Position(
                        stream: batch.stream, offset: batch.offset + UInt64(match.lineRange.lowerBound)),
                    reason: reason, number: number, time: now),
                instrument: Int(action.instrument))
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
            let tally = matcher.tally(of: index)
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

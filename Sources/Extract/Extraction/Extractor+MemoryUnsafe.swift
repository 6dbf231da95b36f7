public import LogModel
import PatternMatching
public import SeriesModel

/// What lines leave for later lines of their stream.
///
/// SAFETY: lines are read within their batch and during a call only.
extension Extractor {
    /// The longest key of a timer, in bytes.
    static let longestKey = 256
    /// The most of a value that is remembered, in bytes.
    static let longestValue = 1024

    /// Goes on with what the lines of a ledger left, and with nothing else. Notes that mean nothing to the patterns go with the
    /// next `takeNoteChanges()`.
    public func restore(_ notes: [LineNote]) { memory = LineMemory(plan, restoring: notes) }

    /// All that lines have left.
    public var notes: [LineNote] { memory.notes }

    /// What lines left, and took away, since the last call; to be committed with the cursors behind these lines.
    public func takeNoteChanges() -> LineNoteChanges { memory.takeChanges() }

    /// Whether `restore` got notes that are to go.
    public var hasForgottenNotes: Bool { memory.hasForgotten }

    /// Appends how many timers are open, of which lines tell only the changes.
    public func appendOpenTimers(into buffer: inout MatchBuffer) {
        for timer in plan.timers.indices { appendOpen(timer, into: &buffer) }
    }

    // MARK: - Streams that lines do not tell of

    /// Gives up the timers that are open for too long by `now` in streams that have ended: no line of theirs will say so.
    public func expireTimers(now: WallTime, into buffer: inout MatchBuffer, where hasEnded: (StreamID) -> Bool) {
        guard !plan.timers.isEmpty else { return }
        for stream in memory.timedStreams where hasEnded(stream) {
            streamMemory = memory.stream(stream)
            expireTimers(at: now, line: 0)
            appendTimers(into: &buffer)
        }
    }

    /// Forgets what the lines of a stream left, because lines were passed over that may have changed it. Its timers are given up.
    public func forget(_ stream: StreamID, into buffer: inout MatchBuffer) {
        streamMemory = memory.stream(stream)
        streamMemory.forgetLines()
        for timer in plan.timers.indices {
            let count = streamMemory.timers[timer].removeAll()
            if count > 0 { note(timer, 0, \.expired, count) }
        }
        appendTimers(into: &buffer)
    }

    // MARK: - One match

    /// Closes the timers of the stream that are open for too long by a line that was written at `time`.
    func expireTimers(at time: WallTime, line: Int) {
        for timer in plan.timers.indices where streamMemory.timers[timer].count > 0 {
            let (limit, isTooEarly) = time.nanoseconds.subtractingReportingOverflow(plan.timers[timer].timeout)
            if isTooEarly { continue }
            let count = streamMemory.timers[timer].expire(openedBefore: WallTime(nanoseconds: limit))
            if count > 0 { note(timer, line, \.expired, count) }
        }
    }

    /// Does one of the things that a matching line does before its metrics change.
    func take(
        _ step: ExtractionPlan.Step, _ match: PatternMatch, _ captures: Captures, _ fields: LineFields?,
        _ batch: LineBatch
    ) {
        let line = UnsafeRawBufferPointer(rebasing: batch.bytes[match.lineRange])
        switch step {
        case .remember(let value, let source):
            guard let text = text(of: source, captures, fields, line) else { return }
            let length =
                text.count <= Self.longestValue
                ? text.count
                : text.withUnsafeBytes { lengthOfCutLabelValue($0, in: 0..<$0.count, limit: Self.longestValue) }
            streamMemory.remember(Array(text[..<length]), as: value)
        case .start(let timer, let source):
            guard let key = key(source, timer, match, captures, fields, line) else { return }
            let outcome = streamMemory.timers[timer].start(
                key, at: clocks.time(of: match.line, in: batch), limit: plan.timers[timer].maximumOpen)
            if outcome.isRestarted { note(timer, match.line, \.restarted) }
            if outcome.isOtherDropped { note(timer, match.line, \.expired) }
        case .end(let timer, let source):
            guard let key = key(source, timer, match, captures, fields, line) else { return }
            end(timer, key, match.line, at: clocks.time(of: match.line, in: batch))
        }
    }

    /// Forgets how long a timer ran.
    func forget(_ step: ExtractionPlan.Step) {
        if case .end(let timer, _) = step { durations[timer] = nil }
    }

    private func end(_ timer: Int, _ key: [UInt8], _ line: Int, at time: WallTime) {
        guard let start = streamMemory.timers[timer].end(key) else { return note(timer, line, \.unmatched) }
        let (nanoseconds, isTooLong) = time.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        guard nanoseconds >= 0, !isTooLong else { return note(timer, line, \.negative) }
        durations[timer] = Double(nanoseconds) / 1e9
    }

    /// The key of a timer; nil, and counted, when the line has none that can be used.
    private func key(
        _ source: Int, _ timer: Int, _ match: PatternMatch, _ captures: Captures, _ fields: LineFields?,
        _ line: UnsafeRawBufferPointer
    ) -> [UInt8]? {
        guard source >= 0 else { return [] }
        guard let key = text(of: source, captures, fields, line) else {
            note(timer, match.line, \.withoutKey)
            return nil
        }
        guard key.count <= Self.longestKey else {
            note(timer, match.line, \.withLongKey)
            return nil
        }
        return key
    }

    /// What a key or a value to be remembered is taken from; nil where it is not there.
    private func text(
        of source: Int, _ captures: Captures, _ fields: LineFields?, _ line: UnsafeRawBufferPointer
    ) -> [UInt8]? {
        let source = plan.labels[source]
        switch source.distant {
        case .field(let field):
            guard let fields, fields.isPresent(field) else { return nil }
            return fields.withText(of: field, in: line) { text, _ in Array(text) }
        case .remembered(let value): return streamMemory.values[value]
        case .duration: return nil
        case nil:
            guard source.capture >= 0 else {
                let start = Int(source.constant.start)
                return Array(plan.emptyBuffer.constants[start..<start + Int(source.constant.length)])
            }
            return captures.range(Int(source.capture)).map { Array(captures.bytes[$0]) }
        }
    }

    private func note(_ timer: Int, _ line: Int, _ count: WritableKeyPath<TimerTally, Int>, _ number: Int = 1) {
        timerTallies[timer][keyPath: count] += number
        timerTallies[timer].lastLine = UInt32(truncatingIfNeeded: line)
    }

    // MARK: - One batch

    /// Appends what came of timers in a batch.
    func appendTimers(into buffer: inout MatchBuffer) {
        guard let instruments = plan.timerInstruments else { return }
        for timer in plan.timers.indices where !timerTallies[timer].isEmpty {
            let tally = timerTallies[timer]
            timerTallies[timer] = TimerTally()
            let label = plan.timers[timer].label
            let counts: [(UInt32, Int, MatchBuffer.LabelRange?)] = [
                (instruments.expired, tally.expired, nil), (instruments.unmatched, tally.unmatched, nil),
                (instruments.restarted, tally.restarted, nil),
                (instruments.refused, tally.withoutKey, instruments.noKey),
                (instruments.refused, tally.withLongKey, instruments.longKey),
                (instruments.refused, tally.negative, instruments.negative),
            ]
            for (instrument, count, reason) in counts where count > 0 {
                buffer.append(instrument: instrument, operation: .add, value: Double(count), line: tally.lastLine)
                buffer.appendLabel(label)
                if let reason { buffer.appendLabel(reason) }
            }
        }
        for timer in memory.recount(streamMemory) { appendOpen(timer, into: &buffer) }
    }

    private func appendOpen(_ timer: Int, into buffer: inout MatchBuffer) {
        guard let instruments = plan.timerInstruments else { return }
        buffer.append(
            instrument: instruments.open, operation: .set, value: Double(memory.openTimers[timer]), line: 0)
        buffer.appendLabel(plan.timers[timer].label)
    }
}

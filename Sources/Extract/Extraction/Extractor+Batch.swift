import LogModel
import PatternMatching
import SeriesModel

/// What is counted once for a batch.
extension Extractor {
    /// Appends what is counted once per batch: matches, counters without captures, errors.
    func appendTallies(into buffer: inout MatchBuffer, now: WallTime) {
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
                if let heartbeat = plan.entries[index].heartbeat {
                    appendBeat(of: index, heartbeat, line: tally.lastMatchedLine, now: now, into: &buffer)
                }
            }
            if tally.hasErrors { appendErrors(tally, of: index, into: &buffer) }
        }
    }

    /// Never earlier than the newest one that was known, nor later than now: a wrong clock must not hide that none comes any
    /// more.
    private func appendBeat(
        of index: Int, _ heartbeat: MatchBuffer.LabelRange, line: UInt32, now: WallTime, into buffer: inout MatchBuffer
    ) {
        guard let instrument = plan.beatInstrument, let beat = beats[index] else { return }
        beats[index] = nil
        for (operation, time) in [(MatchBuffer.Operation.maximum, beat), (.minimum, now)] {
            buffer.append(instrument: instrument, operation: operation, value: time.seconds, line: line)
            buffer.appendLabel(heartbeat)
        }
    }

    /// Keeps what is known of the lines before the next batch, and counts those whose time could not be read.
    func finishTimes(_ batch: LineBatch, _ buffer: inout MatchBuffer) {
        let (preceding, unreadable) = clocks.end(batch)
        streamMemory.preceding = preceding
        guard let instrument = plan.timeErrorsInstrument, unreadable.count > 0, sources.indices.contains(batch.source)
        else { return }
        buffer.append(
            instrument: instrument, operation: .add, value: Double(unreadable.count),
            line: UInt32(truncatingIfNeeded: unreadable.last))
        buffer.appendLabel(buffer.appendText(sources[batch.source].rawValue.utf8))
    }

    @inline(never)
    func appendCutLabels(into buffer: inout MatchBuffer) {
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

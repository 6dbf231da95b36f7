import LogModel

/// What the lines of one stream left for later ones.
final class StreamMemory {
    /// When the lines before the next batch were written.
    var preceding: PrecedingTime? {
        didSet { isTimeChanged = isTimeChanged || preceding != oldValue }
    }
    /// By timer: those that are open.
    var timers: ContiguousArray<OpenTimers>
    /// By timer: how many of them are counted as open.
    var countedTimers: ContiguousArray<Int>
    /// By index in the plan's names: what is remembered.
    private(set) var values: ContiguousArray<[UInt8]?>
    private var isTimeChanged = false
    private var changedValues: Set<Int> = []

    init(_ plan: ExtractionPlan) {
        timers = ContiguousArray(repeating: OpenTimers(), count: plan.timers.count)
        countedTimers = ContiguousArray(repeating: 0, count: plan.timers.count)
        values = ContiguousArray(repeating: nil, count: plan.remembered.count)
    }

    /// Remembers a value.
    func remember(_ bytes: [UInt8], as value: Int) {
        guard values[value] != bytes else { return }
        values[value] = bytes
        changedValues.insert(value)
    }

    /// Whether a timer is open.
    var hasOpenTimers: Bool { timers.contains { $0.count > 0 } }

    /// Forgets all but the timers.
    func forgetLines() {
        preceding = nil
        for index in values.indices where values[index] != nil {
            values[index] = nil
            changedValues.insert(index)
        }
    }

    /// Takes up a note of the ledger; false when it means nothing here.
    func restore(_ note: LineNote, among plan: ExtractionPlan) -> Bool {
        switch note.id.kind {
        case .time:
            guard plan.asksForTimes, let distance = note.value.first else { return false }
            preceding = PrecedingTime(instant: note.time, distance: Int(distance))
            isTimeChanged = false
        case .timer:
            guard let timer = plan.timers.firstIndex(where: { $0.name == note.id.name }) else { return false }
            timers[timer].restore(note.id.key, note.time)
        case .value:
            guard let value = plan.remembered.firstIndex(of: note.id.name) else { return false }
            values[value] = note.value
        }
        return true
    }

    /// All that is kept, as notes.
    func notes(of stream: StreamID, _ plan: ExtractionPlan) -> [LineNote] {
        var notes = [timeNote(stream)].compactMap { $0 }
        for (timer, open) in zip(plan.timers, timers) {
            notes += open.all.map { LineNote(id: id(stream, timer, $0.key), time: $0.time) }
        }
        notes += values.indices.compactMap { valueNote($0, stream, plan) }
        return notes
    }

    /// What changed since the last call.
    func takeChanges(of stream: StreamID, _ plan: ExtractionPlan) -> LineNoteChanges {
        var changes = LineNoteChanges()
        if isTimeChanged {
            if let note = timeNote(stream) {
                changes.written.append(note)
            } else {
                changes.removed.append(LineNote.ID(stream: stream, kind: .time))
            }
            isTimeChanged = false
        }
        for (index, timer) in plan.timers.enumerated() where timers[index].hasChanges {
            let (written, removed) = timers[index].takeChanges()
            changes.written += written.map { LineNote(id: id(stream, timer, $0.key), time: $0.time) }
            changes.removed += removed.map { id(stream, timer, $0) }
        }
        changes.written += changedValues.compactMap { valueNote($0, stream, plan) }
        changes.removed += changedValues.filter { values[$0] == nil }.map { valueID($0, stream, plan) }
        changedValues = []
        return changes
    }

    private func valueNote(_ value: Int, _ stream: StreamID, _ plan: ExtractionPlan) -> LineNote? {
        values[value].map { LineNote(id: valueID(value, stream, plan), time: .unixEpoch, value: $0) }
    }

    private func valueID(_ value: Int, _ stream: StreamID, _ plan: ExtractionPlan) -> LineNote.ID {
        LineNote.ID(stream: stream, kind: .value, name: plan.remembered[value])
    }

    private func id(_ stream: StreamID, _ timer: ExtractionPlan.Timer, _ key: [UInt8]) -> LineNote.ID {
        LineNote.ID(stream: stream, kind: .timer, name: timer.name, key: key)
    }

    private func timeNote(_ stream: StreamID) -> LineNote? {
        preceding.map {
            LineNote(
                id: LineNote.ID(stream: stream, kind: .time), time: $0.instant,
                value: [UInt8(truncatingIfNeeded: $0.distance)])
        }
    }
}

import LogModel

/// What lines left for later ones, for every stream by itself: how lines of several streams alternate differs when they are read
/// again.
struct LineMemory {
    private let plan: ExtractionPlan
    private var streams: [StreamID: StreamMemory] = [:]
    /// Notes that mean nothing to the patterns any more.
    private var forgotten: [LineNote.ID] = []
    /// By timer: how many are open in all streams.
    private(set) var openTimers: ContiguousArray<Int>

    init(_ plan: ExtractionPlan, restoring notes: [LineNote] = []) {
        self.plan = plan
        openTimers = ContiguousArray(repeating: 0, count: plan.timers.count)
        for note in notes {
            let stream = self.stream(note.id.stream)
            if !stream.restore(note, among: plan) { forgotten.append(note.id) }
        }
        for stream in streams.values { _ = recount(stream) }
    }

    /// What the lines of a stream left; empty for one that is new.
    mutating func stream(_ id: StreamID) -> StreamMemory {
        if let known = streams[id] { return known }
        let new = StreamMemory(plan)
        streams[id] = new
        return new
    }

    /// The streams with open timers, oldest first.
    var timedStreams: [StreamID] { streams.filter { $0.value.hasOpenTimers }.keys.sorted() }

    /// Counts the open timers of a stream anew; returns the timers of which there are more or fewer than before.
    mutating func recount(_ stream: StreamMemory) -> [Int] {
        var changed: [Int] = []
        for timer in stream.timers.indices where stream.timers[timer].count != stream.countedTimers[timer] {
            openTimers[timer] += stream.timers[timer].count - stream.countedTimers[timer]
            stream.countedTimers[timer] = stream.timers[timer].count
            changed.append(timer)
        }
        return changed
    }

    /// Whether notes of the ledger are to go that no line has taken away.
    var hasForgotten: Bool { !forgotten.isEmpty }

    /// All of them.
    var notes: [LineNote] { streams.flatMap { $0.value.notes(of: $0.key, plan) } }

    /// What changed since the last call.
    mutating func takeChanges() -> LineNoteChanges {
        var changes = LineNoteChanges(removed: forgotten)
        forgotten = []
        for (id, stream) in streams {
            let own = stream.takeChanges(of: id, plan)
            changes.written += own.written
            changes.removed += own.removed
        }
        return changes
    }
}

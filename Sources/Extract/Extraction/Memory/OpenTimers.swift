import LogModel

/// The timers of one name that are open in one stream, by their keys.
struct OpenTimers {
    private struct Start {
        var time: WallTime
        /// Whether the ledger may have it.
        var isStored: Bool
    }

    /// What `start` did to others.
    struct Outcome: Equatable {
        /// One of the same key was open, and is forgotten.
        var isRestarted = false
        /// The oldest one had to go, because there were too many.
        var isOtherDropped = false
    }

    private var starts: [[UInt8]: Start] = [:]
    /// Of every open one, and of some that are not open any more.
    private var queue = StartQueue()
    private var written: Set<[UInt8]> = []
    private var removed: Set<[UInt8]> = []

    var count: Int { starts.count }
    var hasChanges: Bool { !written.isEmpty || !removed.isEmpty }

    /// Opens a timer; never more than `limit` are open.
    mutating func start(_ key: [UInt8], at time: WallTime, limit: Int) -> Outcome {
        var outcome = Outcome()
        let former = starts[key]
        outcome.isRestarted = former != nil
        if former == nil, starts.count >= limit, let oldest = oldest() {
            remove(oldest.key)
            outcome.isOtherDropped = true
        }
        let isStored = former?.isStored ?? (removed.remove(key) != nil)
        starts[key] = Start(time: time, isStored: isStored)
        written.insert(key)
        queue.insert(StartQueue.Entry(time: time, key: key))
        if queue.count > 2 * starts.count + 64 {
            queue = StartQueue(starts.map { StartQueue.Entry(time: $0.value.time, key: $0.key) })
        }
        return outcome
    }

    /// Closes a timer; returns when it was opened, or nil when it is not open.
    mutating func end(_ key: [UInt8]) -> WallTime? {
        guard let start = starts[key] else { return nil }
        remove(key)
        return start.time
    }

    /// Closes all that were opened before an instant; returns how many.
    mutating func expire(openedBefore limit: WallTime) -> Int {
        let before = starts.count
        while let oldest = oldest(), oldest.time < limit { remove(oldest.key) }
        return before - starts.count
    }

    /// Closes all; returns how many.
    mutating func removeAll() -> Int {
        let keys = Array(starts.keys)
        for key in keys { remove(key) }
        queue = StartQueue()
        return keys.count
    }

    private mutating func oldest() -> StartQueue.Entry? {
        while let first = queue.first {
            if starts[first.key]?.time == first.time { return first }
            queue.removeFirst()
        }
        return nil
    }

    private mutating func remove(_ key: [UInt8]) {
        guard let start = starts.removeValue(forKey: key) else { return }
        written.remove(key)
        if start.isStored { removed.insert(key) }
    }

    // MARK: - Notes

    /// Takes up one that the ledger has.
    mutating func restore(_ key: [UInt8], _ time: WallTime) {
        starts[key] = Start(time: time, isStored: true)
        queue.insert(StartQueue.Entry(time: time, key: key))
    }

    /// All of them.
    var all: [(key: [UInt8], time: WallTime)] { starts.map { ($0.key, $0.value.time) } }

    /// What changed since the last call.
    mutating func takeChanges() -> (written: [(key: [UInt8], time: WallTime)], removed: [[UInt8]]) {
        let changes = (written.compactMap { key in starts[key].map { (key, $0.time) } }, Array(removed))
        for key in written { starts[key]?.isStored = true }
        written = []
        removed = []
        return changes
    }
}

/// Starts of timers, the oldest first; of the same time in the order of their keys.
struct StartQueue {
    struct Entry: Equatable {
        var time: WallTime
        var key: [UInt8]

        static func < (left: Entry, right: Entry) -> Bool {
            left.time != right.time ? left.time < right.time : left.key.lexicographicallyPrecedes(right.key)
        }
    }

    /// A binary heap.
    private var entries: [Entry] = []

    init() {}

    init(_ entries: [Entry]) { self.entries = entries.sorted(by: <) }

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entries[child] < entries[(child - 1) / 2] {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        var parent = 0
        while true {
            var least = 2 * parent + 1
            guard least < entries.count else { return }
            if least + 1 < entries.count, entries[least + 1] < entries[least] { least += 1 }
            guard entries[least] < entries[parent] else { return }
            entries.swapAt(least, parent)
            parent = least
        }
    }
}

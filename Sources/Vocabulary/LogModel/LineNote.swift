/// What a line left for later lines of its stream. Notes are committed with the cursors, so that lines which are read again
/// after a crash find what they found before.
public struct LineNote: Hashable, Sendable {
    /// What a note is about.
    public enum Kind: UInt8, Sendable {
        /// When the lines before the cursor were written; `value` is one byte, how many lines ago that was said.
        case time = 1
        /// A timer that was started; `key` tells it from others of its name, `time` is when.
        case timer = 2
        /// A value to be remembered: `value`.
        case value = 3
    }

    /// By what a note is found.
    public struct ID: Hashable, Sendable {
        /// The stream whose lines leave and find it.
        public var stream: StreamID
        /// What it is about.
        public var kind: Kind
        /// The name in the configuration; empty for times.
        public var name: String
        /// What tells it from others of the name; may be empty.
        public var key: [UInt8]
        /// The note of that stream, kind, name and key.
        public init(stream: StreamID, kind: Kind, name: String = "", key: [UInt8] = []) {
            self.stream = stream
            self.kind = kind
            self.name = name
            self.key = key
        }
    }

    /// By what it is found.
    public var id: ID
    /// When the line was written.
    public var time: WallTime
    /// Bytes of the line, which need not be UTF-8.
    public var value: [UInt8]
    /// A note, without a value unless one is given.
    public init(id: ID, time: WallTime, value: [UInt8] = []) {
        self.id = id
        self.time = time
        self.value = value
    }
}

/// Which notes were left and which taken away: first remove, then write.
public struct LineNoteChanges: Hashable, Sendable {
    /// New ones, and those that say something else now.
    public var written: [LineNote]
    /// Those that are gone; they need not have been there.
    public var removed: [LineNote.ID]
    /// No changes, unless some are given.
    public init(written: [LineNote] = [], removed: [LineNote.ID] = []) {
        self.written = written
        self.removed = removed
    }

    /// Whether there is nothing to commit.
    public var isEmpty: Bool { written.isEmpty && removed.isEmpty }

    /// These changes and newer ones as one.
    public func merging(_ newer: LineNoteChanges) -> LineNoteChanges {
        let replaced = Set(newer.written.map(\.id)).union(newer.removed)
        let known = Set(removed)
        return LineNoteChanges(
            written: written.filter { !replaced.contains($0.id) } + newer.written,
            removed: removed + newer.removed.filter { !known.contains($0) })
    }
}

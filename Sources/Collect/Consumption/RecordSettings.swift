public import LogModel

/// A consumer that writes the lines it gets to a file; for tests and for debugging.
public struct RecordSettings: Hashable, Sendable {
    /// The consumer's name, to which its cursors belong.
    public var name: ConsumerName
    /// The absolute path of the file to which lines are appended.
    public var path: String
    /// The sources whose lines are written; empty for all.
    public var sources: [SourceName]
    /// Creates settings.
    public init(name: ConsumerName, path: String, sources: [SourceName] = []) {
        self.name = name
        self.path = path
        self.sources = sources
    }
}

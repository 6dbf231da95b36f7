public import LogModel

/// Where a consumer starts in a stream that it has never seen.
public enum StartPosition: Hashable, Sendable {
    case beginning
    /// At the end; what is there already is accounted as skipped.
    case end
    /// At the beginning of files that were modified within this time, at the end of the others.
    case within(Duration)
}

/// A group of files that are read alike.
public struct FileSourceSettings: Hashable, Sendable {
    /// Streams belong to the source of this name, so it must stay the same across restarts.
    public var name: SourceName
    /// Absolute globs: `*`, `?`, `[a-z]`, `{a,b}` and `**` for any number of directories.
    public var include: [String]
    /// Globs of files that are left out although `include` matches them.
    public var exclude: [String]
    /// Where files are begun that the first scan of the source, or of its changed globs, finds; what appears later is read from
    /// its beginning.
    public var startAt: StartPosition
    /// Bytes of a line that are read; the rest is accounted as skipped.
    public var maximumLineLength: Int
    /// What ends a line.
    public var lineEnd: LineEnd
    /// How often the globs are matched anew when no directory reports a change.
    public var rescanInterval: Duration
    /// A source; nothing is checked here, globs are when a `FileTail` takes it.
    public init(
        name: SourceName, include: [String], exclude: [String] = [], startAt: StartPosition = .end,
        maximumLineLength: Int = 256 * 1024, rescanInterval: Duration = .seconds(10), lineEnd: LineEnd = .newline
    ) {
        self.name = name
        self.include = include
        self.exclude = exclude
        self.startAt = startAt
        self.maximumLineLength = maximumLineLength
        self.rescanInterval = rescanInterval
        self.lineEnd = lineEnd
    }
}

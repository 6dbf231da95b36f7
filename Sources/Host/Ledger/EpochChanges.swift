public import LogModel
public import SeriesModel

/// Everything that one commit makes durable in one transaction: what changed since the commit before.
public struct EpochChanges: Sendable {
    /// The boot in which the files of all streams were last looked at; nil for what the commit before had.
    public var bootIdentifier: String?
    /// Each changed stream whole, with all its segments.
    public var streams: [StreamRecord] = []
    /// Streams that are forgotten, with their segments and cursors.
    public var removedStreams: [StreamID] = []
    /// Sources that were looked at for the first time, or with other globs.
    public var scanned: [ScannedSource] = []
    /// Each changed cursor whole.
    public var consumers: [ConsumerState] = []
    /// Consumers retired by an operator: all their cursors go.
    public var droppedConsumers: [ConsumerName] = []
    /// What lines left for later ones. A stream that is forgotten takes its notes with it.
    public var notes = LineNoteChanges()
    /// New losses, oldest first.
    public var losses: [LossRecord] = []
    /// Changed schemas, series and shards.
    public var metrics = MetricChanges()
    /// No changes.
    public init() {}

    /// Whether a commit would have nothing to write.
    public var isEmpty: Bool {
        streams.isEmpty && scanned.isEmpty && removedStreams.isEmpty && consumers.isEmpty && droppedConsumers.isEmpty
            && notes.isEmpty && losses.isEmpty && metrics.isEmpty
    }
}

/// What a ledger held when it was opened.
public struct LedgerContents: Sendable {
    /// The last commit; 0 in a new ledger.
    public var epoch = EpochID(0)
    /// As the last commit had it; nil in a new ledger.
    public var bootIdentifier: String?
    /// In the order of their numbers.
    public var streams: [StreamRecord] = []
    /// In the order of their names.
    public var scanned: [ScannedSource] = []
    /// In the order of consumers' names, then of streams.
    public var consumers: [ConsumerState] = []
    /// In the order of streams, kinds, names and keys.
    public var notes: [LineNote] = []
    /// The newest losses, oldest first; older ones are only in the accounts.
    public var losses: [LossRecord] = []
    /// All schemas, series and shards.
    public var metrics = MetricChanges()
    /// What a new ledger holds.
    public init() {}
}

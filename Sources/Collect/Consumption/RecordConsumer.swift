public import FileAccess
public import LogModel

/// Writes every line it gets to a file, for debugging and for tests.
///
/// The lines are on disk before the cursor moves for good, so each line is in the file at least once; after a crash those
/// since the last commit are written again.
public final class RecordConsumer: LineConsumer {
    public let name: ConsumerName
    private let sources: Set<SourceName>
    private let file: any AppendableFile
    private var pending: [UInt8] = []
    private var isUnsynced = false

    /// `sources`: empty for all.
    public init(name: ConsumerName, sources: [SourceName], file: any AppendableFile) {
        self.name = name
        self.sources = Set(sources)
        self.file = file
    }

    public func wants(_ source: SourceName) -> Bool { sources.isEmpty || sources.contains(source) }

    public func consume(_ batch: LineBatch) -> Acceptance {
        // A file that refused the last lines refuses these too: stay behind until it has them.
        if !pending.isEmpty {
            guard flush() else { return .noRoom }
        }
        pending.append(contentsOf: batch.bytes)
        if batch.bytes.last != 0x0A { pending.append(0x0A) }
        _ = flush()
        return .taken
    }

    private func flush() -> Bool { (try? write()) != nil }

    private func write() throws {
        guard !pending.isEmpty else { return }
        let file = file
        try pending.withUnsafeBytes { bytes in try file.append(bytes) }
        pending.removeAll(keepingCapacity: true)
        isUnsynced = true
    }

    public func prepareCommit() throws {
        try write()
        guard isUnsynced else { return }
        try file.synchronize()
        isUnsynced = false
    }
}

public import FileAccess
public import LogModel

/// Writes every line it gets to a file, for debugging and for tests.
///
/// It takes one block and then waits until that is committed. So each line is in the file at least once, and after a crash at
/// most the block in flight is written again.
public final class RecordConsumer: LineConsumer {
    /// Legal order: empty → taken → written → sealed → empty.
    private enum Block {
        case empty
        case taken([UInt8])
        case written
        case sealed
    }

    /// Its cursors belong to this name.
    public let name: ConsumerName
    private let sources: Set<SourceName>
    private let file: any AppendableFile
    private var block = Block.empty

    /// `sources`: empty for all.
    public init(name: ConsumerName, sources: [SourceName], file: any AppendableFile) {
        self.name = name
        self.sources = Set(sources)
        self.file = file
    }

    /// True for the sources it was given, or for every source when it was given none.
    public func wants(_ source: SourceName) -> Bool { sources.isEmpty || sources.contains(source) }

    /// Copies the batch, and refuses the next one until this one is committed. A missing last line end is added.
    public func consume(_ batch: LineBatch) -> Acceptance {
        guard case .empty = block else { return .noRoom }
        var lines = [UInt8](batch.raw)
        if lines.last != 0x0A { lines.append(0x0A) }
        block = .taken(lines)
        return .taken
    }

    /// Appends the block to the file and synchronises it. After a throw the next call goes on with the step that failed.
    public func prepareCommit() throws {
        if case .taken(let lines) = block {
            let file = file
            try lines.withUnsafeBytes { bytes in try file.append(bytes) }
            block = .written
        }
        if case .written = block {
            try file.synchronize()
            block = .sealed
        }
    }

    /// Makes room for the next block, when the one it holds is in the file.
    public func didCommit() {
        if case .sealed = block { block = .empty }
    }

    /// True from a block's arrival until its commit.
    public var awaitsCommit: Bool {
        if case .empty = block { return false }
        return true
    }
}

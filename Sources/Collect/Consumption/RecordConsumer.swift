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

    public func wants(_ source: SourceName) -> Bool { sources.isEmpty || sources.contains(source) }

    public func consume(_ batch: LineBatch) -> Acceptance {
        guard case .empty = block else { return .noRoom }
        var lines = [UInt8](batch.bytes)
        if lines.last != 0x0A { lines.append(0x0A) }
        block = .taken(lines)
        return .taken
    }

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

    public func didCommit() {
        if case .sealed = block { block = .empty }
    }

    public var awaitsCommit: Bool {
        if case .empty = block { return false }
        return true
    }
}

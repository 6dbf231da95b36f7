import QueryModel

/// What changed in a store since this was last asked for, as it is kept on disk: closed chunks whole, the samples of open
/// ones in a row for each moment.
///
/// Applied in the order: series, removed series, chunks, removed chunks, rows, `firstRow`. To apply the same changes twice is
/// to apply them once.
public struct StoreChanges: Hashable, Sendable {
    /// A series.
    public struct Series: Hashable, Sendable {
        /// Never used for another one.
        public var serial: Int64
        /// Who appends to it.
        public var origin: SeriesOrigin
        /// As `LabelSet.encoded`.
        public var labels: [UInt8]
        /// A series as it is stored.
        public init(serial: Int64, origin: SeriesOrigin, labels: [UInt8]) {
            self.serial = serial
            self.origin = origin
            self.labels = labels
        }
    }

    /// A chunk to which no more samples come.
    public struct Chunk: Hashable, Sendable {
        /// The series that it belongs to.
        public var serial: Int64
        /// Milliseconds since 1970 of its first sample; no other chunk of the series has the same.
        public var start: Int64
        /// Milliseconds since 1970 of its last sample.
        public var end: Int64
        /// How many samples it has.
        public var count: Int
        /// The compressed samples.
        public var bytes: [UInt8]
        /// A chunk as it is stored.
        public init(serial: Int64, start: Int64, end: Int64, count: Int, bytes: [UInt8]) {
            self.serial = serial
            self.start = start
            self.end = end
            self.count = count
            self.bytes = bytes
        }
    }

    /// Names a chunk.
    public struct ChunkKey: Hashable, Sendable {
        /// The series that it belongs to.
        public var serial: Int64
        /// Of its first sample.
        public var start: Int64
        /// The chunk of a series that begins then.
        public init(serial: Int64, start: Int64) {
            self.serial = serial
            self.start = start
        }
    }

    /// The samples of one moment.
    public struct Row: Hashable, Sendable {
        /// Ascending in the order of appending.
        public var number: Int64
        /// Milliseconds since 1970.
        public var timestamp: Int64
        /// Packed samples.
        public var bytes: [UInt8]
        /// A row as it is stored.
        public init(number: Int64, timestamp: Int64, bytes: [UInt8]) {
            self.number = number
            self.timestamp = timestamp
            self.bytes = bytes
        }
    }

    /// The last look at the page.
    public var mark: TickMark?
    /// Series that are new, or belong to another origin now.
    public var series: [Series] = []
    /// Series without samples.
    public var removedSeries: [Int64] = []
    /// Chunks that were closed.
    public var chunks: [Chunk] = []
    /// Chunks that are forgotten.
    public var removedChunks: [ChunkKey] = []
    /// New samples.
    public var rows: [Row] = []
    /// Rows below this number are not needed any more: closed chunks have all their samples.
    public var firstRow: Int64 = 0
    /// No changes.
    public init() {}

    /// Whether nothing changed.
    public var isEmpty: Bool {
        mark == nil && series.isEmpty && removedSeries.isEmpty && chunks.isEmpty && removedChunks.isEmpty
            && rows.isEmpty
    }

    /// Bytes that they take, more or less.
    public var size: Int {
        rows.reduce(0) { $0 + $1.bytes.count + 32 } + chunks.reduce(0) { $0 + $1.bytes.count + 64 }
            + series.reduce(0) { $0 + $1.labels.count + 32 } + 16 * (removedChunks.count + removedSeries.count)
    }
}

/// When a page was looked at, and how old that page was.
public struct TickMark: Hashable, Sendable {
    /// Milliseconds since 1970 of the samples.
    public var timestamp: Int64
    /// Nanoseconds since 1970 at which the values were frozen.
    public var sealedAt: Int64
    /// A look at a page.
    public init(timestamp: Int64, sealedAt: Int64) {
        self.timestamp = timestamp
        self.sealedAt = sealedAt
    }
}

/// All that a store holds, as it is kept on disk.
public struct StoreContents: Hashable, Sendable {
    /// The last look at the page.
    public var mark: TickMark?
    /// All series; their order does not matter.
    public var series: [StoreChanges.Series] = []
    /// Those of one series in the order of their times.
    public var chunks: [StoreChanges.Chunk] = []
    /// In the order of their numbers.
    public var rows: [StoreChanges.Row] = []
    /// Nothing.
    public init() {}

    /// Bytes that they take, more or less.
    public var size: Int {
        var changes = StoreChanges()
        (changes.series, changes.chunks, changes.rows) = (series, chunks, rows)
        return changes.size
    }
}

/// Collects the changes.
struct StoreJournal {
    /// Whether anybody asks for the changes; else nothing is noted.
    let isKept: Bool
    private(set) var changes = StoreChanges()
    private var row = TickRowWriter()
    private var rowTimestamp: Int64?
    /// The number of the row that samples go to, or will go to.
    var rowNumber: Int64 = 1

    init(isKept: Bool = true) { self.isKept = isKept }

    mutating func note(_ series: SeriesStore.Series) {
        guard isKept else { return }
        changes.series.append(
            StoreChanges.Series(serial: series.serial, origin: series.origin, labels: series.labels.encoded))
    }

    mutating func note(removed serial: Int64) {
        if isKept { changes.removedSeries.append(serial) }
    }

    mutating func note(closed chunk: some CompressedSamples, of serial: Int64) {
        if isKept { changes.chunks.append(chunk.stored(serial)) }
    }

    mutating func note(removedChunkAt start: Int64, of serial: Int64) {
        guard isKept else { return }
        changes.removedChunks.append(StoreChanges.ChunkKey(serial: serial, start: start))
    }

    mutating func note(_ mark: TickMark) { changes.mark = mark }

    /// The number of the row that has it.
    mutating func append(_ serial: Int64, _ bits: UInt64, after before: UInt64?, at timestamp: Int64) -> Int64 {
        guard isKept else { return rowNumber }
        if rowTimestamp != timestamp {
            endRow()
            rowTimestamp = timestamp
        }
        row.append(serial, bits, after: before)
        return rowNumber
    }

    private mutating func endRow() {
        guard let timestamp = rowTimestamp else { return }
        changes.rows.append(StoreChanges.Row(number: rowNumber, timestamp: timestamp, bytes: row.finish()))
        row = TickRowWriter()
        rowTimestamp = nil
        rowNumber += 1
    }

    mutating func take() -> StoreChanges {
        endRow()
        defer { changes = StoreChanges() }
        return changes
    }
}

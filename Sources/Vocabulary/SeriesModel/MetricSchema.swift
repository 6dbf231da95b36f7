public import LogModel

/// What a metric measures, as in `# TYPE`.
public enum MetricKind: String, Sendable, CaseIterable {
    case counter
    case gauge
    case histogram
}

/// What the samples of a histogram have behind the name of the metric.
public enum HistogramSuffix {
    /// Behind it stands, for each bound, how many values were not above it.
    public static let bucket = "_bucket"
    /// How many values there were.
    public static let count = "_count"
    /// What they add up to.
    public static let sum = "_sum"
    /// Every one of them.
    public static let all = [bucket, count, sum]
}

/// What makes a metric the same metric across reloads and restarts: name, kind, label names, buckets and unit; not the
/// pattern that feeds it, and not its help text.
public struct MetricSchema: Hashable, Sendable {
    /// The name as it stands on the page; to a histogram's each `HistogramSuffix` is added.
    public var name: String
    /// Decides which operations are legal and how many cells a series has.
    public var kind: MetricKind
    /// In the order in which label values are given.
    public var labelNames: [String]
    /// Upper bounds of a histogram's buckets, ascending, without +Inf; empty for the other kinds.
    public var buckets: [Double]
    /// The unit, such as `seconds`; empty when none is declared.
    public var unit: String
    /// A schema without labels, buckets and unit unless they are given.
    public init(name: String, kind: MetricKind, labelNames: [String] = [], buckets: [Double] = [], unit: String = "") {
        self.name = name
        self.kind = kind
        self.labelNames = labelNames
        self.buckets = buckets
        self.unit = unit
    }
}

/// The number of a schema in one registry; stable for as long as the ledger lives.
public struct MetricSchemaID: Hashable, Sendable, Comparable {
    /// Given by the registry, and the key of the schema's row in the ledger.
    public let rawValue: UInt32
    /// The schema of this number; nothing is looked up.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    /// In the order of their numbers.
    public static func < (left: MetricSchemaID, right: MetricSchemaID) -> Bool { left.rawValue < right.rawValue }
}

/// The first of a series' value cells. Cells are 64-bit floats, stored in shards of `SeriesSlot.cellsPerShard`.
public struct SeriesSlot: Hashable, Sendable, Comparable {
    /// Values in one shard, which is the smallest piece that a commit writes.
    public static let cellsPerShard = 256
    /// The index of the cell, counted over all shards: shard `rawValue / cellsPerShard`, cell `rawValue % cellsPerShard` in it.
    public let rawValue: UInt32
    /// The slot whose first cell has this index.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    /// In the order of their cells.
    public static func < (left: SeriesSlot, right: SeriesSlot) -> Bool { left.rawValue < right.rawValue }
}

/// A schema as the ledger keeps it.
public struct MetricSchemaRecord: Hashable, Sendable {
    /// The number by which series refer to the schema.
    public var id: MetricSchemaID
    /// What that number stands for.
    public var schema: MetricSchema
    /// A row that gives a schema its number.
    public init(id: MetricSchemaID, schema: MetricSchema) {
        self.id = id
        self.schema = schema
    }
}

/// A series as the ledger keeps it; its values lie in the shards from `slot` on.
public struct SeriesRecord: Hashable, Sendable {
    /// Its first cell, and the key of its row in the ledger.
    public var slot: SeriesSlot
    /// The metric that it is a series of.
    public var schema: MetricSchemaID
    /// Label values as bytes, in the order of the schema's label names; they need not be UTF-8.
    public var labelValues: [[UInt8]]
    /// When its counting began: at its first line, or when it was declared.
    public var created: WallTime
    /// A series with as many label values as its schema has label names.
    public init(slot: SeriesSlot, schema: MetricSchemaID, labelValues: [[UInt8]], created: WallTime) {
        self.slot = slot
        self.schema = schema
        self.labelValues = labelValues
        self.created = created
    }
}

/// The values of one shard: `SeriesSlot.cellsPerShard` little-endian IEEE 754 doubles.
public struct ShardRecord: Hashable, Sendable {
    /// The place of the shard: its first cell is `index * SeriesSlot.cellsPerShard`.
    public var index: UInt32
    /// The encoded values, 8 bytes a cell.
    public var cells: [UInt8]
    /// A shard with its encoded values.
    public init(index: UInt32, cells: [UInt8]) {
        self.index = index
        self.cells = cells
    }
}

/// What changed in a registry since the last commit; or, when loaded, all of it.
public struct MetricChanges: Hashable, Sendable {
    /// Metrics that are new; all of them when loaded.
    public var schemas: [MetricSchemaRecord] = []
    /// Metrics that went, with all their series; empty when loaded.
    public var removedSchemas: [MetricSchemaID] = []
    /// Series that are new, all of them when loaded. Their values are in `shards`.
    public var series: [SeriesRecord] = []
    /// Series whose rows go; empty when loaded.
    public var removedSeries: [SeriesSlot] = []
    /// Every shard in which a value changed, whole.
    public var shards: [ShardRecord] = []
    /// No changes.
    public init() {}
    /// Whether there is nothing to commit.
    public var isEmpty: Bool {
        schemas.isEmpty && removedSchemas.isEmpty && series.isEmpty && removedSeries.isEmpty && shards.isEmpty
    }
}

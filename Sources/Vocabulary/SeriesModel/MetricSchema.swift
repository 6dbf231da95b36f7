public import LogModel

/// What a metric measures, as in `# TYPE`.
public enum MetricKind: String, Sendable, CaseIterable {
    case counter
    case gauge
    case histogram
}

/// What makes a metric the same metric across reloads and restarts: name, kind, label names, buckets and unit; not the
/// pattern that feeds it, and not its help text.
public struct MetricSchema: Hashable, Sendable {
    public var name: String
    public var kind: MetricKind
    /// In the order in which label values are given.
    public var labelNames: [String]
    /// Upper bounds of a histogram's buckets, ascending, without +Inf; empty for the other kinds.
    public var buckets: [Double]
    public var unit: String
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
    public let rawValue: UInt32
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    public static func < (left: MetricSchemaID, right: MetricSchemaID) -> Bool { left.rawValue < right.rawValue }
}

/// The first of a series' value cells. Cells are 64-bit floats, stored in shards of `SeriesSlot.cellsPerShard`.
public struct SeriesSlot: Hashable, Sendable, Comparable {
    public static let cellsPerShard = 256
    public let rawValue: UInt32
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    public static func < (left: SeriesSlot, right: SeriesSlot) -> Bool { left.rawValue < right.rawValue }
}

/// A schema as the ledger keeps it.
public struct MetricSchemaRecord: Hashable, Sendable {
    public var id: MetricSchemaID
    public var schema: MetricSchema
    public init(id: MetricSchemaID, schema: MetricSchema) {
        self.id = id
        self.schema = schema
    }
}

/// A series as the ledger keeps it; its values lie in the shards from `slot` on.
public struct SeriesRecord: Hashable, Sendable {
    public var slot: SeriesSlot
    public var schema: MetricSchemaID
    /// Label values as bytes, in the order of the schema's label names; they need not be UTF-8.
    public var labelValues: [[UInt8]]
    public var created: WallTime
    public init(slot: SeriesSlot, schema: MetricSchemaID, labelValues: [[UInt8]], created: WallTime) {
        self.slot = slot
        self.schema = schema
        self.labelValues = labelValues
        self.created = created
    }
}

/// The values of one shard: `SeriesSlot.cellsPerShard` little-endian IEEE 754 doubles.
public struct ShardRecord: Hashable, Sendable {
    public var index: UInt32
    public var cells: [UInt8]
    public init(index: UInt32, cells: [UInt8]) {
        self.index = index
        self.cells = cells
    }
}

/// What changed in a registry since the last commit; or, when loaded, all of it.
public struct MetricChanges: Hashable, Sendable {
    public var schemas: [MetricSchemaRecord] = []
    public var removedSchemas: [MetricSchemaID] = []
    public var series: [SeriesRecord] = []
    public var removedSeries: [SeriesSlot] = []
    public var shards: [ShardRecord] = []
    public init() {}
    public var isEmpty: Bool {
        schemas.isEmpty && removedSchemas.isEmpty && series.isEmpty && removedSeries.isEmpty && shards.isEmpty
    }
}

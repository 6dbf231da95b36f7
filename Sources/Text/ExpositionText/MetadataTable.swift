public import QueryModel

/// What pages say about families of metrics, put together line by line.
public struct MetadataTable: Sendable {
    private var families: [ByteString: MetricMetadata] = [:]

    /// Of no pages yet.
    public init() {}

    /// Takes what a line says about a family; of what is said twice the last counts.
    public mutating func note(_ entry: ExpositionEntry) {
        switch entry {
        case .help(let name, let text): families[name, default: MetricMetadata(name: name)].help = text
        case .type(let name, let type): families[name, default: MetricMetadata(name: name)].type = type
        case .unit(let name, let unit): families[name, default: MetricMetadata(name: name)].unit = unit
        case .sample: break
        }
    }

    /// All families, by their names.
    public var sorted: [MetricMetadata] { families.values.sorted { $0.name < $1.name } }
}

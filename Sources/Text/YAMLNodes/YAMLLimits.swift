/// What a YAML text may demand of its reader.
public struct YAMLLimits: Hashable, Sendable {
    /// Bytes of the text.
    public var size: Int
    /// Nodes after all aliases are expanded; stops texts that double themselves over and over.
    public var nodes: Int
    /// Sequences and mappings within each other.
    public var depth: Int
    /// Creates limits; the defaults are ample for files written by people.
    public init(size: Int = 1 << 20, nodes: Int = 100_000, depth: Int = 50) {
        self.size = size
        self.nodes = nodes
        self.depth = depth
    }
}

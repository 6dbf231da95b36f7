/// How a scalar is written; only plain scalars can mean "nothing".
public enum ScalarStyle: Sendable {
    case plain
    case singleQuoted
    case doubleQuoted
    case literal
    case folded
}

/// A value in a YAML document that remembers where it stands. Aliases are already replaced by what they refer to, and
/// keep the location of the original.
public struct YAMLNode: Sendable, Hashable {
    /// What a node holds.
    public enum Content: Sendable, Hashable {
        /// Text with the quotes and escapes of its style taken away. No type is guessed from it.
        case scalar(String, ScalarStyle)
        case sequence([YAMLNode])
        /// Entries in the order of the file; no key occurs twice.
        case mapping([YAMLEntry])
    }

    /// What the node holds.
    public var content: Content
    /// Where its first character stands.
    public var location: TextLocation
    /// An explicit tag such as `!!str` in its long form; nil when there is none.
    public var tag: String?
    /// Creates a node.
    public init(_ content: Content, at location: TextLocation, tag: String? = nil) {
        self.content = content
        self.location = location
        self.tag = tag
    }

    /// Whether the node is an empty plain scalar, `~` or `null`.
    public var isNull: Bool {
        guard case .scalar(let text, .plain) = content, tag == nil || tag == "tag:yaml.org,2002:null" else {
            return false
        }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

/// A key of a mapping and its value.
public struct YAMLEntry: Sendable, Hashable {
    /// The key's text.
    public var key: String
    /// Where the key stands.
    public var keyLocation: TextLocation
    /// What stands behind the colon.
    public var value: YAMLNode
    /// Creates an entry.
    public init(key: String, keyLocation: TextLocation, value: YAMLNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}

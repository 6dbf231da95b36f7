/// Which explicit tags a node may have: those of YAML's own types, which change nothing here, because values are read as
/// their keys ask for. Anything else would ask for an object that nobody makes.
enum TagCheck: Sendable {
    case scalar
    case sequence
    case mapping

    private static let standard = "tag:yaml.org,2002:"

    private var known: [String] {
        switch self {
        case .scalar: ["str", "int", "float", "bool", "null"]
        case .sequence: ["seq"]
        case .mapping: ["map"]
        }
    }

    /// What is wrong with a node's tag; nil when it has none, or one of its own kind.
    func problem(of event: YAMLEvent) -> YAMLProblem? {
        guard let tag = event.tag, tag != "!", !known.contains(where: { tag == Self.standard + $0 }) else { return nil }
        let written = tag.hasPrefix(Self.standard) ? "!!\(tag.dropFirst(Self.standard.count))" : tag
        return YAMLProblem(
            location: event.location, message: "the tag `\(written)` means nothing here",
            hint: "remove it, or put text that begins with `!` into 'single quotes'")
    }
}

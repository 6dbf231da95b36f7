/// A path that no reader can be made of.
public enum FieldPathError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path has no characters.
    case empty
    /// The path has more parts between dots than a reader follows.
    case tooManyParts(path: String, maximum: Int)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .empty: "the path of a field is empty"
        case .tooManyParts(let path, let maximum): "the path `\(path)` has more than \(maximum) parts between dots"
        }
    }
}

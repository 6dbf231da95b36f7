public import LogModel

/// A mistake in a layout of times.
public struct TimestampLayoutError: DescribedError, Hashable {
    /// What is wrong, to switch on.
    public enum Kind: String, Sendable {
        /// There is no such directive.
        case unknownDirective = "layout_directive_unknown"
        /// Two directives say the same, or what excludes the other.
        case conflict = "layout_conflict"
        /// Something is missing without which the rest means nothing.
        case incomplete = "layout_incomplete"
        /// No name of a file is like that.
        case forbidden = "layout_forbidden"
    }

    /// What is wrong, to switch on.
    public let kind: Kind
    /// Where the mistake is: bytes of UTF-8 in the layout before it.
    public let offset: Int
    /// The same for people: the first character is 1.
    public let character: Int
    /// What is wrong, as half a sentence without a full stop.
    public let reason: String
    /// What to write instead.
    public let hint: String?

    /// The kind's name.
    public var code: String { kind.rawValue }
    /// The mistake as a sentence.
    public var message: String { "The layout is wrong at character \(character): \(reason)." }
    /// Only a change of the settings helps.
    public var healing: Healing { .byOperator }
}

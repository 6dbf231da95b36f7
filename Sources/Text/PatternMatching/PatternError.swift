public import LogModel

/// Why an expression is no usable pattern.
public struct PatternError: DescribedError, Hashable {
    /// What is wrong, to switch on.
    public enum Kind: String, Sendable {
        /// PCRE2 does not understand the expression.
        case invalid = "pattern_invalid"
        /// The expression calls out to the program (`(?C)`), which nothing would answer.
        case callout = "pattern_callout"
        /// Two groups share a name, so that `$name` would be ambiguous.
        case duplicateName = "pattern_duplicate_name"
    }

    /// What is wrong, to switch on.
    public var kind: Kind
    /// What is wrong, as half a sentence without a full stop; PCRE2's own words where it found the mistake.
    public var reason: String
    /// Where in the expression the mistake was noticed: bytes of UTF-8 before that place.
    public var offset: Int
    /// What to write instead; nil when there is nothing to add to the message.
    public var hint: String?

    /// The kind's name.
    public var code: String { kind.rawValue }
    /// The mistake as a sentence.
    public var message: String { "The pattern is wrong at byte \(offset): \(reason)." }
    /// Only a change of the settings helps.
    public var healing: Healing { .byOperator }
}

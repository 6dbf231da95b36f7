public import LogModel

/// A mistake in a cron expression.
public struct CronExpressionError: DescribedError, Hashable {
    /// What is wrong, to switch on.
    public enum Kind: String, Sendable {
        /// There are not five fields, or there is no such word behind `@`.
        case fields = "cron_fields"
        /// What is written is no value, range or step.
        case syntax = "cron_syntax"
        /// A number is too small or too large for its field, or a range goes backwards.
        case range = "cron_range"
        /// There is no such day in any year.
        case never = "cron_never"
    }

    /// What is wrong, to switch on.
    public let kind: Kind
    /// Where the mistake is: bytes of UTF-8 in the expression before it.
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
    public var message: String { "The cron expression is wrong at character \(character): \(reason)." }
    /// Only a change of the settings helps.
    public var healing: Healing { .byOperator }
}

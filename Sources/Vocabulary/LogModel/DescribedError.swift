/// Whether a fault goes away without anybody doing anything.
public enum Healing: String, Sendable {
    case byItself = "by itself"
    case byOperator = "by an operator"
    case never
}

/// The shape of every error that reaches a person: what to switch on, what happened and where, what to do, and whether it
/// heals. Callers decide by `code` and `healing`, never by the text.
public protocol DescribedError: Error, Sendable, CustomStringConvertible {
    /// A stable lower-case identifier such as `ledger_locked`.
    var code: String { get }
    /// One sentence: what failed, on which path, key or line, and why.
    var message: String { get }
    /// One sentence: what to do about it; nil when there is nothing to add.
    var hint: String? { get }
    var healing: Healing { get }
}

extension DescribedError {
    /// The message, with the hint in parentheses when there is one.
    public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}

public import YAMLNodes

/// One mistake in a configuration, or something that is probably not meant.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    /// Whether the configuration can be used nevertheless.
    public enum Severity: String, Sendable {
        case error
        case warning
    }

    /// The file as the user named it, or as an `include` found it.
    public var file: String
    /// From 1 on; 0 when the whole file is meant.
    public var line: Int
    /// From 1 on, in characters.
    public var column: Int
    /// Whether the configuration can be used nevertheless.
    public var severity: Severity
    /// What is wrong, without a full stop.
    public var message: String
    /// What to write or do instead.
    public var hint: String

    /// Creates a diagnostic for a place in a file.
    public init(at location: TextLocation, _ severity: Severity = .error, message: String, hint: String) {
        self.file = location.file
        self.line = location.line
        self.column = location.column
        self.severity = severity
        self.message = message
        self.hint = hint
    }

    /// Two lines: `file:line:column: what is wrong`, then the hint indented by four spaces.
    public var description: String {
        let location = TextLocation(file: file, line: line, column: column)
        let mark = severity == .warning ? "warning: " : ""
        return "\(location): \(mark)\(message)\n    \(hint)"
    }
}

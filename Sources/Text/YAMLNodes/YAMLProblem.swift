/// A mistake in a YAML text: where, what, and what to write instead.
public struct YAMLProblem: Error, Hashable, Sendable {
    /// Where the mistake is.
    public var location: TextLocation
    /// What is wrong.
    public var message: String
    /// What to write instead.
    public var hint: String
    /// Creates a problem.
    public init(location: TextLocation, message: String, hint: String) {
        self.location = location
        self.message = message
        self.hint = hint
    }
}

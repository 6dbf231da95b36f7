/// A mistake in a YAML text: where, what, and what to write instead.
public struct YAMLProblem: Error, Hashable, Sendable {
    public var location: TextLocation
    public var message: String
    public var hint: String
    public init(location: TextLocation, message: String, hint: String) {
        self.location = location
        self.message = message
        self.hint = hint
    }
}

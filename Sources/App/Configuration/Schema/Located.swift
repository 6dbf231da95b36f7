import YAMLNodes

/// A value and where it is written.
struct Located<Value> {
    var value: Value
    var location: TextLocation
}

extension Located: Sendable where Value: Sendable {}

/// A scalar after `${…}` was replaced.
struct ScalarText {
    var text: String
    /// As it stands in the file; the only form that messages show, because variables may hold secrets.
    var written: String
    var isFromEnvironment: Bool
    var location: TextLocation
}

/// Which fields the records of a source have.
public enum FieldFormat: String, Hashable, Sendable, CaseIterable {
    case none
    case json
    case logfmt
    /// Whichever of the two a record is, if any.
    case auto
}

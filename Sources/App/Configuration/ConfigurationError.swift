public import LogModel

/// A configuration that cannot be used, with everything that is wrong with it.
public struct ConfigurationError: DescribedError {
    /// Errors and warnings in the order of the files, lines and columns; at least one error.
    public let diagnostics: [Diagnostic]
    /// Where the agent of this configuration keeps its state, so that it can be asked all the same; nil where the mistakes hide
    /// it.
    public var stateDirectory: String?

    /// Always `configuration_invalid`.
    public var code: String { "configuration_invalid" }
    /// How many mistakes there are, and in which file the first one is.
    public var message: String {
        let errors = diagnostics.filter { $0.severity == .error }
        let count = errors.count == 1 ? "1 mistake" : "\(errors.count) mistakes"
        return "the configuration has \(count), the first in \(errors.first?.file ?? "it")"
    }
    /// Where the mistakes are named.
    public var hint: String? { "`outrider check` lists them all" }
    /// Somebody must edit the file.
    public var healing: Healing { .byOperator }
    /// Every diagnostic with its hint, two lines each.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

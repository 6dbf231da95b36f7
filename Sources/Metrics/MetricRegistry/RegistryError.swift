public import LogModel

/// Metrics that cannot be defined, or a stored set of values that contradicts itself.
public struct RegistryError: DescribedError {
    /// What went wrong.
    public enum Kind: String, Sendable {
        /// A name, label name or bucket bound is not valid.
        case invalid = "metric_invalid"
        /// Two different metrics want the same name.
        case conflict = "metric_conflict"
        /// What the ledger holds of the metrics does not fit together.
        case inconsistent = "metrics_inconsistent"
    }

    /// What to switch on.
    public let kind: Kind
    /// What is wrong, with which metric.
    public let message: String
    /// What to do.
    public let hint: String?
    /// The kind as a stable identifier.
    public var code: String { kind.rawValue }
    /// A person must change the configuration, or put the ledger aside.
    public var healing: Healing { .byOperator }

    static func invalid(_ message: String, hint: String) -> RegistryError {
        RegistryError(kind: .invalid, message: message, hint: hint)
    }

    /// Two metrics that want a name: their own, or that of samples that one of them has beside.
    static func conflict(_ name: String, _ first: String, _ second: String) -> RegistryError {
        guard first == second else {
            return RegistryError(
                kind: .conflict, message: "The metrics \(first) and \(second) both have samples named \(name).",
                hint: name.hasSuffix(FamilyNames.createdSuffix)
                    ? "Give one of them another name, or do without created times." : "Give one of them another name.")
        }
        return RegistryError(
            kind: .conflict, message: "The metric name \(name) is used for two different metrics.",
            hint: "Give them different names, or the same kind, label names, buckets and unit.")
    }

    static func inconsistent(_ detail: String) -> RegistryError {
        RegistryError(
            kind: .inconsistent, message: "The stored metric values contradict each other: \(detail).",
            hint: "Start with `on_corrupt: start_fresh` to put the ledger aside and count anew.")
    }
}

public import LogModel

/// A mistake in the settings of patterns, with the place where it is.
public struct ExtractionError: DescribedError, Hashable {
    /// What is wrong, to switch on.
    public enum Kind: String, Sendable {
        case pattern = "pattern_invalid"
        case duplicatePattern = "pattern_duplicate"
        case unknownSource = "source_unknown"
        case unknownCapture = "capture_unknown"
        case name = "metric_name_invalid"
        case labels = "metric_labels_invalid"
        case conflict = "metric_conflict"
        case operation = "metric_operation_invalid"
        case value = "metric_value_invalid"
        case field = "field_invalid"
        case unknownEarlier = "earlier_unknown"
    }

    /// Which of the settings is wrong.
    public enum Part: Hashable, Sendable {
        case name
        case sources(index: Int)
        /// The expression; bytes of UTF-8 before the mistake.
        case match(offset: Int)
        case kind
        case operation
        case value
        case label(index: Int)
        /// The key of a timer.
        case timer(index: Int)
        case remembered(index: Int)
    }

    /// What is wrong, to switch on.
    public var kind: Kind
    /// The index of the pattern in the settings.
    public var pattern: Int
    /// The index of the metric in the pattern; nil when the mistake is in the pattern itself.
    public var metric: Int?
    /// Which of the settings of that pattern or metric is wrong.
    public var part: Part
    /// The mistake as a sentence, with the names it is about.
    public var message: String
    /// What to write instead; nil when there is nothing to add.
    public var hint: String?

    /// The kind's name.
    public var code: String { kind.rawValue }
    /// Only a change of the settings helps.
    public var healing: Healing { .byOperator }
}

/// A compiled regular expression that a whole label value has to match.
public protocol LabelPattern: Sendable {
    /// Whether all of `value` matches. False also where that could not be found out; see `takeFailure()`.
    func matches(_ value: ByteString) -> Bool

    /// Why a value could not be decided since this was last asked; nil when all could.
    func takeFailure() -> String?
}

extension LabelPattern {
    /// Of patterns that always know.
    public func takeFailure() -> String? { nil }
}

/// A condition on one label, as in `{job="api", code!~"2.."}`. A label that a series lacks has the empty value.
public struct LabelMatcher: Sendable {
    /// How the value is compared.
    public enum Operation: String, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
    }

    /// The label that is looked at.
    public let name: ByteString
    /// How its value is compared.
    public let operation: Operation
    /// What it is compared with: a value, or the text of a regular expression.
    public let value: ByteString
    private let pattern: (any LabelPattern)?

    /// A comparison with a value.
    public init(_ name: ByteString, equals value: ByteString, isNegated: Bool = false) {
        self.name = name
        operation = isNegated ? .notEqual : .equal
        self.value = value
        pattern = nil
    }

    /// A comparison with a regular expression, whose text is kept in `value`.
    public init(_ name: ByteString, expression: ByteString, pattern: any LabelPattern, isNegated: Bool = false) {
        self.name = name
        operation = isNegated ? .matchesNot : .matches
        value = expression
        self.pattern = pattern
    }

    /// Whether a series whose label has this value is selected.
    public func matches(_ candidate: ByteString) -> Bool {
        switch operation {
        case .equal: candidate == value
        case .notEqual: candidate != value
        case .matches: pattern?.matches(candidate) ?? false
        case .matchesNot: !(pattern?.matches(candidate) ?? false)
        }
    }

    /// Why it could not be decided of a value whether it matches, since this was last asked; what was selected meanwhile is not
    /// to be relied on.
    public func takeFailure() -> String? { pattern?.takeFailure() }

    /// Whether a series with these labels is selected.
    public func matches(_ labels: LabelSet) -> Bool { matches(labels[name]) }
}

extension LabelSet {
    /// Whether the labels fulfil all matchers of one of the lists.
    public func fulfils(oneOf lists: [[LabelMatcher]]) -> Bool {
        lists.contains { $0.allSatisfy { $0.matches(self) } }
    }
}

extension LabelMatcher: Equatable {
    /// The same condition, written the same way.
    public static func == (left: LabelMatcher, right: LabelMatcher) -> Bool {
        left.name == right.name && left.operation == right.operation && left.value == right.value
    }
}

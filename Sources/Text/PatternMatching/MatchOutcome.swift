/// What came of matching one line.
public enum MatchOutcome {
    case matched(PatternMatch)
    case noMatch
    /// Nobody knows whether the line matches; it counts as no match.
    case failed(MatchFailure)
}

/// Why a match was given up.
public enum MatchFailure: Hashable, Sendable {
    /// A limit of `MatchLimits` was reached.
    case limit
    /// PCRE2 reported another error, given by its number.
    case error(code: Int32)
}

/// What one pattern did in one batch.
public struct PatternTally: Hashable, Sendable {
    /// Lines that matched.
    public var matches: UInt32 = 0
    /// The last line that matched; without a meaning while `matches` is 0.
    public var lastMatchedLine: UInt32 = 0
    /// Lines given up at a limit.
    public var limitErrors: UInt32 = 0
    /// Lines that needed more than the JIT stack and were handed to the interpreter.
    public var jitStackErrors: UInt32 = 0
    /// Lines given up for any other reason.
    public var otherErrors: UInt32 = 0
    /// The last line counted as an error; without a meaning while there is none.
    public var lastFailedLine: UInt32 = 0

    /// A tally of nothing.
    public init() {}

    /// Adds the errors of another tally.
    public mutating func add(errorsOf other: PatternTally) {
        limitErrors &+= other.limitErrors
        jitStackErrors &+= other.jitStackErrors
        otherErrors &+= other.otherErrors
        if other.hasErrors { lastFailedLine = max(lastFailedLine, other.lastFailedLine) }
    }

    /// Whether any error was counted.
    @inlinable public var hasErrors: Bool { limitErrors | jitStackErrors | otherErrors != 0 }
}

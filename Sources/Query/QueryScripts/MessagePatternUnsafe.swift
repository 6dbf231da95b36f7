import PatternMatching

/// A regular expression that is looked for in messages.
///
/// SAFETY: the message is read within one call.
struct MessagePattern {
    let expression: String
    private let pattern: Pattern

    /// Nil when the text is no expression.
    init?(_ expression: String) {
        guard let pattern = try? Pattern(expression, jit: .never) else { return nil }
        self.expression = expression
        self.pattern = pattern
    }

    func isFound(in message: String) -> Bool {
        let matcher = PatternSetMatcher(patterns: [pattern])
        return Array(message.utf8).withUnsafeBytes { bytes in
            if case .matched = matcher.match(0, line: bytes) { true } else { false }
        }
    }
}

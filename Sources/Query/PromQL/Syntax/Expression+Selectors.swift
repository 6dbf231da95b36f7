public import QueryModel

extension Expression {
    /// Reads a selector alone, such as `up{job="api"}`, without range, `offset` or `@`: what listings of series take.
    public static func parseSelector(_ text: String) throws(ParseError) -> [LabelMatcher] {
        let bytes = Array(text.utf8)
        var parser = Parser(bytes)
        let expression = try parser.whole()
        guard case .vectorSelector(let selector) = expression.form, selector.shift == TimeShift() else {
            throw ParseError(
                "expected a selector of series without range, offset or @", at: expression.range, in: bytes)
        }
        return selector.matchers
    }

    /// The conditions of all selectors in the expression, from left to right.
    public var selectors: [[LabelMatcher]] {
        switch form {
        case .vectorSelector(let selector), .rangeSelector(let selector, _): [selector.matchers]
        default: form.children.flatMap(\.selectors)
        }
    }
}

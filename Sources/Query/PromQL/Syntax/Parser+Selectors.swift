import QueryModel

extension Parser {
    /// `{a="b", "name"}`, with the name that stood before the braces, if any.
    mutating func selector(name: ByteString?, start: SourceRange) throws(ParseError) -> Expression {
        var selector = VectorSelector(name: name, matchers: [])
        var range = start
        if try peek().kind == .leftBrace {
            selector.matchers = try matchers(name: &selector.name)
            range = SourceRange.joining(start, previous)
        }
        if let name = selector.name { selector.matchers.append(LabelMatcher(.metricName, equals: name)) }
        return try node(.vectorSelector(selector), at: range, named: try peek())
    }

    private mutating func matchers(name: inout ByteString?) throws(ParseError) -> [LabelMatcher] {
        try expect(.leftBrace, in: "label matching")
        var matchers: [LabelMatcher] = []
        while true {
            if try accept(.rightBrace) != nil { return matchers }
            let token = try take()
            guard token.kind == .identifier || token.kind == .string else {
                throw fail(
                    "unexpected \(token.description) in label matching, expected identifier or \"}\"", at: token.range)
            }
            let label = token.kind == .string ? token.string : token.text
            let next = try peek()
            if token.kind == .string, next.kind == .comma || next.kind == .rightBrace {
                if let name {
                    throw fail(
                        "metric name must not be set twice: \(quoted(name)) or \(quoted(label))", at: token.range)
                }
                name = label
            } else {
                if token.kind == .string, !label.isValidUTF8 || label.isEmpty {
                    throw fail("invalid label name \(quoted(label))", at: token.range)
                }
                matchers.append(try matcher(label))
            }
            if try accept(.rightBrace) != nil { return matchers }
            try expect(.comma, in: "label matching", wanted: "\",\" or \"}\"")
        }
    }

    private mutating func matcher(_ label: ByteString) throws(ParseError) -> LabelMatcher {
        let operation = try take()
        switch operation.kind {
        case .assign, .matches, .matchesNot, .binary(.notEqual): break
        default:
            throw fail(
                "unexpected \(operation.description) in label matching, expected label matching operator",
                at: operation.range)
        }
        let value = try take()
        guard value.kind == .string else {
            throw fail("unexpected \(value.description) in label matching, expected string", at: value.range)
        }
        switch operation.kind {
        case .assign: return LabelMatcher(label, equals: value.string)
        case .binary: return LabelMatcher(label, equals: value.string, isNegated: true)
        default:
            do {
                let pattern = try RegularExpression(value.string)
                return LabelMatcher(
                    label, expression: value.string, pattern: pattern, isNegated: operation.kind == .matchesNot)
            } catch {
                throw fail("error parsing regexp: \(error.reason)", at: value.range)
            }
        }
    }

    // MARK: - Ranges

    mutating func rangeOrSubquery(of expression: Expression) throws(ParseError) -> Expression {
        let open = try expect(.leftBracket, in: "subquery or range")
        let length = try duration("subquery or range")
        guard length > 0 else { throw fail("duration must be greater than 0", at: previous) }
        guard try accept(.colon) != nil else {
            let close = try expect(.rightBracket, in: "subquery or range", wanted: "\":\" or \"]\"")
            guard case .vectorSelector(let selector) = expression.form else {
                throw fail("ranges only allowed for vector selectors", at: expression.range)
            }
            if selector.shift.anchor != nil {
                throw fail("no @ modifiers allowed before range", at: SourceRange.joining(open.range, close.range))
            }
            if selector.shift.offsetInMilliseconds != 0 {
                throw fail("no offset modifiers allowed before range", at: SourceRange.joining(open.range, close.range))
            }
            return try node(
                .rangeSelector(selector, milliseconds: length), at: .joining(expression.range, close.range),
                named: close)
        }
        var step: Int64?
        if try peek().kind != .rightBracket {
            step = try duration("subquery or range")
            guard let step, step > 0 else { throw fail("duration must be greater than 0", at: previous) }
        }
        let close = try expect(.rightBracket, in: "subquery selector", wanted: "\"]\"")
        return try node(
            .subquery(Subquery(expression: expression, rangeInMilliseconds: length, stepInMilliseconds: step)),
            at: .joining(expression.range, close.range), named: close)
    }

    /// A duration, or a number of seconds; in milliseconds.
    private mutating func duration(_ place: String) throws(ParseError) -> Int64 {
        let token = try take()
        switch token.kind {
        case .duration: return milliseconds(token)
        case .number:
            guard let value = Self.milliseconds(seconds: token.number) else {
                throw fail("duration out of range", at: token.range)
            }
            return value
        default: throw fail("unexpected \(token.description) in \(place), expected number or duration", at: token.range)
        }
    }

    /// Nil when it is no duration that Go can hold (some 292 years).
    private static func milliseconds(seconds: Double) -> Int64? {
        guard seconds.magnitude < 9_223_372_036 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    // MARK: - offset and @

    mutating func offset() throws(ParseError) -> Int64 {
        try expect(.keyword(.offset), in: "offset")
        let isNegative = try accept(.binary(.subtract)) != nil
        if !isNegative { _ = try accept(.binary(.add)) }
        let length = try duration("offset")
        return isNegative ? -length : length
    }

    func shifted(_ expression: Expression, by offset: Int64) throws(ParseError) -> Expression {
        try reshaped(
            expression,
            refusal:
                "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        ) { shift throws(ParseError) in
            guard shift.offsetInMilliseconds == 0 else {
                throw fail("offset may not be set multiple times", at: expression.range)
            }
            shift.offsetInMilliseconds = offset
        }
    }

    mutating func anchored(_ expression: Expression) throws(ParseError) -> Expression {
        let at = try expect(.at, in: "@")
        let anchor = try anchor(at)
        return try reshaped(
            expression,
            refusal: "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        ) { shift throws(ParseError) in
            guard shift.anchor == nil else {
                throw fail("@ <timestamp> may not be set multiple times", at: expression.range)
            }
            shift.anchor = anchor
        }
    }

    private mutating func anchor(_ at: Token) throws(ParseError) -> TimeShift.Anchor {
        if let word = try accept(.keyword(.start), .keyword(.end)) {
            try expect(.leftParenthesis, in: "@")
            try expect(.rightParenthesis, in: "@")
            return word.kind == .keyword(.start) ? .start : .end
        }
        let isNegative = try accept(.binary(.subtract)) != nil
        if !isNegative { _ = try accept(.binary(.add)) }
        let token = try take()
        guard token.kind == .number || token.kind == .duration else {
            throw fail("unexpected \(token.description) in @, expected timestamp", at: token.range)
        }
        let seconds = isNegative ? -token.number : token.number
        guard (seconds * 1000).magnitude <= Double(TimeShift.Anchor.limit) else {
            throw fail(
                "timestamp out of bounds for @ modifier: \(NumberText.plain(seconds))",
                at: .joining(at.range, token.range))
        }
        return .time(Int64((seconds * 1000).rounded()))
    }

    /// The expression with another shift, its range reaching to the last token.
    private func reshaped(
        _ expression: Expression, refusal: String, _ change: (inout TimeShift) throws(ParseError) -> Void
    ) throws(ParseError) -> Expression {
        let range = SourceRange.joining(expression.range, previous)
        switch expression.form {
        case .vectorSelector(var selector):
            try change(&selector.shift)
            return Expression(.vectorSelector(selector), at: range)
        case .rangeSelector(var selector, let length):
            try change(&selector.shift)
            return Expression(.rangeSelector(selector, milliseconds: length), at: range)
        case .subquery(var subquery):
            try change(&subquery.shift)
            return Expression(.subquery(subquery), at: range)
        default: throw fail(refusal, at: range)
        }
    }
}

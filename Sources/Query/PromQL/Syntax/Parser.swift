import QueryModel

extension Expression {
    /// How deep expressions may be nested, so that no text exhausts the stack: parentheses, operands and arguments alike. A
    /// release build needs less than 1 MiB of stack for the deepest, a debug build less than 4 MiB.
    public static let maximumDepth = 128

    /// Reads an expression and checks its types.
    public static func parse(_ text: String) throws(ParseError) -> Expression { try parse(Array(text.utf8)) }

    /// Reads an expression and checks its types. The text should be UTF-8, and may be anything.
    public static func parse(_ text: [UInt8]) throws(ParseError) -> Expression {
        var parser = Parser(text)
        let expression = try parser.whole()
        return try TypeChecker(text: text).check(expression)
    }
}

/// Reads expressions by recursive descent, binary operators by their precedence.
struct Parser {
    let text: [UInt8]
    private let tokens: [Token]
    /// What is wrong behind the last token.
    private let problem: ParseError?
    private var index = 0
    private var depth = 0

    init(_ text: [UInt8]) {
        self.text = text
        (tokens, problem) = Lexer.tokens(of: text)
    }

    mutating func whole() throws(ParseError) -> Expression {
        if try peek().kind == .end { throw fail("no expression found in input", at: SourceRange(0, 0)) }
        let expression = try expression(above: 0)
        let rest = try peek()
        guard rest.kind == .end else { throw fail("unexpected \(rest.description)", at: rest.range) }
        return expression
    }

    // MARK: - Operators

    /// An expression of operators that bind more strongly than `precedence`.
    private mutating func expression(above precedence: Int) throws(ParseError) -> Expression {
        try enter()
        defer { depth -= 1 }
        var left = try prefixed()
        while case .binary(let operation) = try peek().kind, operation.precedence > precedence {
            let token = try take()
            var modifiers = try binaryModifiers(of: operation)
            // Powers group from the right.
            let limit = operation == .power ? operation.precedence - 1 : operation.precedence
            let right = try expression(above: limit)
            if operation.isSetOperator, modifiers.matching.cardinality == .oneToOne {
                modifiers.matching.cardinality = .manyToMany
            }
            left = try node(
                .binary(
                    BinaryExpression(
                        operation: operation, left: left, right: right, returnsBool: modifiers.returnsBool,
                        matching: modifiers.matching)), at: .joining(left.range, right.range), named: token)
        }
        return left
    }

    /// A sign binds like a multiplication.
    private mutating func prefixed() throws(ParseError) -> Expression {
        let token = try peek()
        guard token.kind == .binary(.subtract) || token.kind == .binary(.add) else { return try postfixed() }
        index += 1
        let operand = try expression(above: BinaryOperator.multiply.precedence)
        let range = SourceRange.joining(token.range, operand.range)
        let isNegative = token.kind == .binary(.subtract)
        switch operand.form {
        case .number(let value): return try node(.number(isNegative ? -value : value), at: range, named: token)
        case .duration(let value): return try node(.duration(isNegative ? -value : value), at: range, named: token)
        default: return try node(isNegative ? .negation(operand) : .affirmation(operand), at: range, named: token)
        }
    }

    private mutating func binaryModifiers(
        of operation: BinaryOperator
    ) throws(ParseError) -> (returnsBool: Bool, matching: VectorMatching) {
        var matching = VectorMatching(cardinality: .oneToOne, labels: [], isOn: false, included: [])
        let returnsBool = try accept(.keyword(.bool)) != nil
        if let token = try accept(.keyword(.on), .keyword(.ignoring)) {
            matching.isOn = token.kind == .keyword(.on)
            matching.labels = try labelNames("grouping opts")
            if let side = try accept(.keyword(.groupLeft), .keyword(.groupRight)) {
                matching.cardinality = side.kind == .keyword(.groupLeft) ? .manyToOne : .oneToMany
                if try peek().kind == .leftParenthesis { matching.included = try labelNames("grouping opts") }
            }
        }
        return (returnsBool, matching)
    }

    // MARK: - Operands

    private mutating func postfixed() throws(ParseError) -> Expression {
        var expression = try primary()
        while true {
            switch try peek().kind {
            case .leftBracket: expression = try rangeOrSubquery(of: expression)
            case .keyword(.offset):
                let offset = try offset()
                expression = try shifted(expression, by: offset)
            case .at: expression = try anchored(expression)
            default: return expression
            }
        }
    }

    private mutating func primary() throws(ParseError) -> Expression {
        let token = try take()
        switch token.kind {
        case .number: return try node(.number(token.number), at: token.range, named: token)
        case .duration:
            return try node(.duration(milliseconds(token)), at: token.range, named: token)
        case .string: return try node(.string(token.string), at: token.range, named: token)
        case .leftParenthesis:
            let inner = try expression(above: 0)
            let close = try expect(.rightParenthesis, in: "paren expression")
            return try node(.parenthesized(inner), at: .joining(token.range, close.range), named: token)
        case .leftBrace:
            index -= 1
            return try selector(name: nil, start: token.range)
        case .identifier, .metricIdentifier, .keyword:
            if try peek().kind == .leftParenthesis, token.kind != .metricIdentifier { return try call(token) }
            return try selector(name: token.text, start: token.range)
        case .aggregation(let aggregation):
            switch try peek().kind {
            case .leftParenthesis, .keyword(.by), .keyword(.without): return try self.aggregation(aggregation, token)
            default: return try selector(name: token.text, start: token.range)
            }
        case .binary(let operation) where operation.rawValue.utf8.first.map { $0 >= 97 } == true:
            // A word such as `and` can name a metric where no operator can stand.
            return try selector(name: token.text, start: token.range)
        default: throw fail("unexpected \(token.description)", at: token.range)
        }
    }

    private mutating func call(_ name: Token) throws(ParseError) -> Expression {
        let (arguments, end) = try arguments()
        guard let function = QueryFunction(rawValue: name.text.string) else {
            throw fail("unknown function with name \(quoted(name.text))", at: name.range)
        }
        return try node(.call(function, arguments: arguments), at: .joining(name.range, end), named: name)
    }

    private mutating func arguments() throws(ParseError) -> (arguments: [Expression], end: SourceRange) {
        try expect(.leftParenthesis, in: "function call")
        var arguments: [Expression] = []
        if let close = try accept(.rightParenthesis) { return ([], close.range) }
        while true {
            arguments.append(try expression(above: 0))
            if let close = try accept(.rightParenthesis) { return (arguments, close.range) }
            let comma = try expect(.comma, in: "function call arguments")
            if try peek().kind == .rightParenthesis {
                throw fail("trailing commas not allowed in function call args", at: comma.range)
            }
        }
    }

    private mutating func aggregation(_ operation: Aggregation, _ name: Token) throws(ParseError) -> Expression {
        var clause = try groupingClause()
        var (arguments, end) = try arguments()
        if clause == nil, let behind = try groupingClause() {
            clause = behind
            end = previous
        }
        let range = SourceRange.joining(name.range, end)
        guard !arguments.isEmpty else { throw fail("no arguments for aggregate expression provided", at: range) }
        let wanted = operation.parameterType == nil ? 1 : 2
        guard arguments.count == wanted else {
            throw fail(
                "wrong number of arguments for aggregate expression provided, expected \(wanted), got \(arguments.count)",
                at: range)
        }
        let expression = arguments.removeLast()
        return try node(
            .aggregation(
                AggregationExpression(
                    operation: operation, expression: expression, parameter: arguments.first,
                    grouping: clause?.labels ?? [], isWithout: clause?.isWithout ?? false)), at: range, named: name)
    }

    private mutating func groupingClause() throws(ParseError) -> (labels: [ByteString], isWithout: Bool)? {
        guard let token = try accept(.keyword(.by), .keyword(.without)) else { return nil }
        return (try labelNames("grouping opts"), token.kind == .keyword(.without))
    }

    /// `(a, b, "c.d")`; words of the language are names here.
    private mutating func labelNames(_ place: String) throws(ParseError) -> [ByteString] {
        try expect(.leftParenthesis, in: place)
        var names: [ByteString] = []
        while true {
            if try accept(.rightParenthesis) != nil { return names }
            let token = try take()
            switch token.kind {
            case .identifier, .keyword, .aggregation: names.append(token.text)
            case .binary where isLabelName(token.text): names.append(token.text)
            case .number where isLabelName(token.text): names.append(token.text)
            case .string:
                guard token.string.isValidUTF8, !token.string.isEmpty else {
                    throw fail("invalid label name \(quoted(token.string))", at: token.range)
                }
                names.append(token.string)
            default: throw fail("unexpected \(token.description) in \(place), expected label", at: token.range)
            }
            if try accept(.rightParenthesis) != nil { return names }
            try expect(.comma, in: place, wanted: "\",\" or \")\"")
        }
    }

    private func isLabelName(_ text: ByteString) -> Bool {
        text.bytes.first.map { (97...122).contains($0 | 0x20) } == true
    }
}

// MARK: - Tokens

extension Parser {
    func fail(_ reason: String, at range: SourceRange) -> ParseError { ParseError(reason, at: range, in: text) }

    mutating func enter() throws(ParseError) {
        depth += 1
        if depth > Expression.maximumDepth { throw tooDeep(try peek()) }
    }

    private func tooDeep(_ token: Token) -> ParseError {
        fail("expression is nested more than \(Expression.maximumDepth) levels deep", at: token.range)
    }

    func node(
        _ form: Expression.Form, at range: SourceRange, named token: Token
    ) throws(ParseError) -> Expression {
        let expression = Expression(form, at: range)
        guard expression.depth <= Expression.maximumDepth else { throw tooDeep(token) }
        return expression
    }

    func peek() throws(ParseError) -> Token {
        guard index < tokens.count else {
            throw problem ?? fail("unexpected end of input", at: SourceRange(text.count, text.count))
        }
        return tokens[index]
    }

    /// The next token; behind the last one it is `.end` again and again.
    mutating func take() throws(ParseError) -> Token {
        let token = try peek()
        if token.kind != .end { index += 1 }
        return token
    }

    /// The next token if it is one of these.
    mutating func accept(_ kinds: Token.Kind...) throws(ParseError) -> Token? {
        try kinds.contains(peek().kind) ? try take() : nil
    }

    @discardableResult
    mutating func expect(
        _ kind: Token.Kind, in place: String, wanted: String? = nil
    ) throws(ParseError) -> Token {
        let token = try peek()
        guard token.kind == kind else {
            let expected = wanted.map { ", expected \($0)" } ?? ""
            throw fail("unexpected \(token.description) in \(place)\(expected)", at: token.range)
        }
        return try take()
    }

    /// Where the token stands that was taken last.
    var previous: SourceRange { index > 0 ? tokens[index - 1].range : SourceRange(0, 0) }

    func milliseconds(_ token: Token) -> Int64 { DurationText.milliseconds(token.text.bytes) ?? 0 }
}

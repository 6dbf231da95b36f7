import QueryModel

/// Checks that operands and arguments have the types that their operators and functions take, as Prometheus does after
/// parsing, and with its words.
struct TypeChecker {
    let text: [UInt8]

    /// The same expression, with what follows from its types filled in.
    func check(_ expression: Expression) throws(ParseError) -> Expression {
        switch expression.form {
        case .number, .duration, .string: return expression
        case .vectorSelector(let selector), .rangeSelector(let selector, _):
            try check(selector, at: expression.range)
            return expression
        case .subquery(var subquery):
            subquery.expression = try check(subquery.expression)
            guard subquery.expression.type == .instantVector else {
                throw fail(
                    "subquery is only allowed on instant vector, got \(subquery.expression.type.rawValue) instead",
                    at: expression.range)
            }
            return Expression(.subquery(subquery), at: expression.range)
        case .call(let function, let arguments):
            return try call(function, arguments, at: expression.range)
        case .aggregation(let aggregation): return try check(aggregation, at: expression.range)
        case .negation(let inner): return Expression(.negation(try operand(inner)), at: expression.range)
        case .affirmation(let inner): return Expression(.affirmation(try operand(inner)), at: expression.range)
        case .parenthesized(let inner): return Expression(.parenthesized(try check(inner)), at: expression.range)
        case .binary(let binary): return try check(binary, at: expression.range)
        }
    }

    private func fail(_ reason: String, at range: SourceRange) -> ParseError { ParseError(reason, at: range, in: text) }

    private func expect(_ type: ValueType, of expression: Expression, in place: String) throws(ParseError) {
        guard expression.type != type else { return }
        throw fail("expected type \(type.name) in \(place), got \(expression.type.name)", at: expression.range)
    }

    private func check(_ selector: VectorSelector, at range: SourceRange) throws(ParseError) {
        if let name = selector.name {
            // The last matcher is that of the name itself.
            for matcher in selector.matchers.dropLast() where matcher.name == .metricName {
                throw fail(
                    "metric name must not be set twice: \(quoted(name)) or \(quoted(matcher.value))", at: range)
            }
        }
        guard selector.matchers.contains(where: { !$0.matches(ByteString.empty) }) else {
            throw fail("vector selector must contain at least one non-empty matcher", at: range)
        }
    }

    private func operand(_ expression: Expression) throws(ParseError) -> Expression {
        let checked = try check(expression)
        guard checked.type == .scalar || checked.type == .instantVector else {
            throw fail(
                "unary expression only allowed on expressions of type scalar or instant vector, got "
                    + quoted(checked.type.name), at: expression.range)
        }
        return checked
    }

    private func call(
        _ function: QueryFunction, _ arguments: [Expression], at range: SourceRange
    ) throws(ParseError) -> Expression {
        let signature = function.signature
        let place = "call to \(quoted(function.rawValue))"
        if signature.minimum == signature.maximum {
            guard arguments.count == signature.minimum else {
                throw fail("expected \(signature.minimum) argument(s) in \(place), got \(arguments.count)", at: range)
            }
        } else if arguments.count < signature.minimum {
            throw fail(
                "expected at least \(signature.minimum) argument(s) in \(place), got \(arguments.count)", at: range)
        } else if let maximum = signature.maximum, arguments.count > maximum {
            throw fail("expected at most \(maximum) argument(s) in \(place), got \(arguments.count)", at: range)
        }
        var checked: [Expression] = []
        for (index, argument) in arguments.enumerated() {
            let type = signature.arguments[min(index, signature.arguments.count - 1)]
            let result = try check(argument)
            try expect(type, of: result, in: "call to function \(quoted(function.rawValue))")
            checked.append(result)
        }
        return Expression(.call(function, arguments: checked), at: range)
    }

    private func check(_ aggregation: AggregationExpression, at range: SourceRange) throws(ParseError) -> Expression {
        var checked = aggregation
        checked.expression = try check(aggregation.expression)
        try expect(.instantVector, of: checked.expression, in: "aggregation expression")
        if let parameter = aggregation.parameter, let type = aggregation.operation.parameterType {
            let result = try check(parameter)
            try expect(type, of: result, in: "aggregation parameter")
            checked.parameter = result
        }
        return Expression(.aggregation(checked), at: range)
    }

    private func check(_ binary: BinaryExpression, at range: SourceRange) throws(ParseError) -> Expression {
        var checked = binary
        checked.left = try check(binary.left)
        checked.right = try check(binary.right)
        let left = checked.left.type
        let right = checked.right.type
        if binary.returnsBool, !binary.operation.isComparison {
            throw fail("bool modifier can only be used on comparison operators", at: range)
        }
        if binary.operation.isComparison, !binary.returnsBool, left == .scalar, right == .scalar {
            throw fail("comparisons between scalars must use BOOL modifier", at: range)
        }
        if let matching = binary.matching, matching.isOn,
            let label = matching.labels.first(where: matching.included.contains)
        {
            throw fail("label \(quoted(label)) must not occur in ON and GROUP clause at once", at: range)
        }
        for side in [checked.left, checked.right] where side.type != .scalar && side.type != .instantVector {
            throw fail("binary expression must contain only scalar and instant vector types", at: side.range)
        }
        if left == .instantVector, right == .instantVector {
            if binary.operation.isSetOperator, let matching = binary.matching, matching.cardinality != .manyToMany {
                throw fail("no grouping allowed for \(quoted(binary.operation.rawValue)) operation", at: range)
            }
        } else {
            if binary.operation.isSetOperator {
                throw fail(
                    "set operator \(quoted(binary.operation.rawValue)) not allowed in binary scalar expression",
                    at: range)
            }
            if let matching = binary.matching, !matching.labels.isEmpty {
                throw fail("vector matching only allowed between instant vectors", at: range)
            }
            checked.matching = nil
        }
        return Expression(.binary(checked), at: range)
    }
}

import PromQL
import QueryModel

extension QueryAPI {
    /// `/format_query`: an expression for people to read.
    func formatQuery(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let expression = try expression(call)
        text.raw(#","data":"#)
        text.string(expression.layout)
    }

    /// `/parse_query`: an expression as a tree.
    func parseQuery(_ call: Call, into text: inout AnswerText) throws(QueryFailure) {
        let expression = try expression(call)
        text.raw(#","data":"#)
        try ExpressionTree.write(expression, into: &text)
    }

    private func expression(_ call: Call) throws(QueryFailure) -> Expression {
        do throws(ParseError) { return try Expression.parse(call.parameters["query"] ?? "") } catch {
            throw .parameter("query", error.description)
        }
    }
}

/// Writes expressions in the shape of `/parse_query` (web/api/v1/translate_ast.go).
enum ExpressionTree {
    static func write(_ expression: Expression, into text: inout AnswerText) throws(QueryFailure) {
        switch expression.form {
        case .number(let value): literal("numberLiteral", NumberText.plain(value), into: &text)
        case .duration(let milliseconds):
            literal("numberLiteral", NumberText.plain(Double(milliseconds) / 1000), into: &text)
        case .string(let value):
            text.raw(#"{"type":"stringLiteral","val":"#)
            text.string(value)
            text.raw("}")
        case .vectorSelector(let selector):
            text.raw(#"{"type":"vectorSelector""#)
            try write(selector, into: &text)
        case .rangeSelector(let selector, let length):
            text.raw(#"{"type":"matrixSelector","range":"#)
            text.integer(length)
            try write(selector, into: &text)
        case .subquery(let subquery): try write(subquery, into: &text)
        case .call(let function, let arguments): try write(function, arguments, into: &text)
        case .aggregation(let aggregation): try write(aggregation, into: &text)
        case .binary(let binary): try write(binary, into: &text)
        case .parenthesized(let inner):
            text.raw(#"{"type":"parenExpr","expr":"#)
            try write(inner, into: &text)
            text.raw("}")
        case .negation(let inner), .affirmation(let inner):
            if case .negation = expression.form {
                text.raw(#"{"type":"unaryExpr","op":"-","expr":"#)
            } else {
                text.raw(#"{"type":"unaryExpr","op":"+","expr":"#)
            }
            try write(inner, into: &text)
            text.raw("}")
        }
    }

    private static func literal(_ type: String, _ value: String, into text: inout AnswerText) {
        text.raw(#"{"type":"#)
        text.string(type)
        text.raw(#","val":"#)
        text.string(value)
        text.raw("}")
    }

    private static func write(_ selector: VectorSelector, into text: inout AnswerText) throws(QueryFailure) {
        text.raw(#","name":"#)
        text.string(selector.name ?? .empty)
        text.raw(#","matchers":"#)
        try text.list(selector.matchers) { (matcher, text) in
            text.raw(#"{"name":"#)
            text.string(matcher.name)
            text.raw(#","value":"#)
            text.string(matcher.value)
            text.raw(#","type":"#)
            text.string(matcher.operation.rawValue)
            text.raw("}")
        }
        write(selector.shift, into: &text)
        text.raw("}")
    }

    private static func write(_ shift: TimeShift, into text: inout AnswerText) {
        text.raw(#","offset":"#)
        text.integer(shift.offsetInMilliseconds)
        text.raw(#","timestamp":"#)
        if case .time(let time) = shift.anchor { text.integer(time) } else { text.raw("null") }
        text.raw(#","startOrEnd":"#)
        switch shift.anchor {
        case .start: text.raw(#""start""#)
        case .end: text.raw(#""end""#)
        case .time, nil: text.raw("null")
        }
    }

    private static func write(_ subquery: Subquery, into text: inout AnswerText) throws(QueryFailure) {
        text.raw(#"{"type":"subquery","expr":"#)
        try write(subquery.expression, into: &text)
        text.raw(#","range":"#)
        text.integer(subquery.rangeInMilliseconds)
        text.raw(#","step":"#)
        text.integer(subquery.stepInMilliseconds ?? 0)
        write(subquery.shift, into: &text)
        text.raw("}")
    }

    private static func write(
        _ function: QueryFunction, _ arguments: [Expression], into text: inout AnswerText
    ) throws(QueryFailure) {
        let signature = function.signature
        text.raw(#"{"type":"call","func":{"name":"#)
        text.string(function.rawValue)
        text.raw(#","argTypes":"#)
        text.strings(signature.arguments.map(\.rawValue))
        text.raw(#","variadic":"#)
        // 0: exactly these; n: so many may be left out; -1: the last one any number of times.
        let spare = signature.maximum.map { $0 - signature.minimum } ?? -1
        text.integer(Int64(spare))
        text.raw(#","returnType":"#)
        text.string(signature.result.rawValue)
        text.raw(#"},"args":"#)
        try text.list(arguments) { (argument, text) throws(QueryFailure) in try write(argument, into: &text) }
        text.raw("}")
    }

    private static func write(
        _ aggregation: AggregationExpression, into text: inout AnswerText
    ) throws(QueryFailure) {
        text.raw(#"{"type":"aggregation","op":"#)
        text.string(aggregation.operation.rawValue)
        text.raw(#","expr":"#)
        try write(aggregation.expression, into: &text)
        text.raw(#","param":"#)
        if let parameter = aggregation.parameter { try write(parameter, into: &text) } else { text.raw("null") }
        text.raw(#","grouping":"#)
        text.strings(aggregation.grouping.map(\.string))
        text.raw(#","without":"#)
        text.bool(aggregation.isWithout)
        text.raw("}")
    }

    private static func write(_ binary: BinaryExpression, into text: inout AnswerText) throws(QueryFailure) {
        text.raw(#"{"type":"binaryExpr","op":"#)
        text.string(binary.operation.rawValue)
        text.raw(#","lhs":"#)
        try write(binary.left, into: &text)
        text.raw(#","rhs":"#)
        try write(binary.right, into: &text)
        text.raw(#","bool":"#)
        text.bool(binary.returnsBool)
        text.raw(#","matching":"#)
        guard let matching = binary.matching else {
            text.raw("null}")
            return
        }
        text.raw(#"{"card":"#)
        text.string(matching.cardinality.rawValue)
        text.raw(#","labels":"#)
        text.strings(matching.labels.map(\.string))
        text.raw(#","on":"#)
        text.bool(matching.isOn)
        text.raw(#","include":"#)
        text.strings(matching.included.map(\.string))
        text.raw("}}")
    }
}

extension Expression {
    /// The expression for people to read: what does not fit into a line of 100 characters is broken at its parts, which
    /// are indented by two spaces (promql/parser/prettier.go, and what `format_query` answers).
    public var layout: String { layout(0) }

    private static let lineLength = 100

    private func layout(_ level: Int) -> String {
        let line = text
        let indent = String(repeating: "  ", count: level)
        guard line.utf8.count > Self.lineLength else { return indent + line }
        switch form {
        case .aggregation(let aggregation):
            let arguments = (aggregation.parameter.map { [$0] } ?? []) + [aggregation.expression]
            return "\(indent)\(aggregation.head)(\n\(Self.list(arguments, level + 1))\n\(indent))"
        case .call(let function, let arguments) where !arguments.isEmpty:
            return "\(indent)\(function.rawValue)(\n\(Self.list(arguments, level + 1))\n\(indent))"
        case .parenthesized(let inner): return "\(indent)(\n\(inner.layout(level + 1))\n\(indent))"
        case .binary(let binary):
            let left = binary.left.layout(level + 1)
            return "\(left)\n\(indent)\(binary.operationText)\n\(binary.right.layout(level + 1))"
        case .negation(let inner): return "\(indent)-\(inner.layout(level).drop { $0 == " " })"
        case .affirmation(let inner): return "\(indent)+\(inner.layout(level).drop { $0 == " " })"
        case .subquery(let subquery): return subquery.expression.layout(level) + subquery.suffix
        default: return indent + line
        }
    }

    private static func list(_ expressions: [Expression], _ level: Int) -> String {
        expressions.map { $0.layout(level) }.joined(separator: ",\n")
    }
}

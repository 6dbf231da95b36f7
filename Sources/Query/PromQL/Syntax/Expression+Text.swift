import QueryModel

extension Expression {
    /// The expression in Prometheus's own form: one line, one space around operators, durations in their shortest text.
    public var text: String {
        switch form {
        case .number(let value): return NumberText.plain(value)
        case .duration(let milliseconds): return DurationText.text(milliseconds: milliseconds)
        case .string(let value): return quoted(value)
        case .vectorSelector(let selector): return selector.text + selector.shift.text
        case .rangeSelector(let selector, let length):
            return "\(selector.text)[\(DurationText.text(milliseconds: length))]\(selector.shift.text)"
        case .subquery(let subquery): return subquery.expression.text + subquery.suffix
        case .call(let function, let arguments):
            return "\(function.rawValue)(\(arguments.map(\.text).joined(separator: ", ")))"
        case .aggregation(let aggregation):
            let arguments = (aggregation.parameter.map { [$0.text] } ?? []) + [aggregation.expression.text]
            return "\(aggregation.head)(\(arguments.joined(separator: ", ")))"
        case .negation(let inner): return "-\(inner.text)"
        case .affirmation(let inner): return "+\(inner.text)"
        case .parenthesized(let inner): return "(\(inner.text))"
        case .binary(let binary): return "\(binary.leftText) \(binary.operationText) \(binary.right.text)"
        }
    }
}

extension VectorSelector {
    /// The selector without its shift.
    var text: String {
        var inside: [String] = []
        let hasPlainName = name.map(isPlainMetricName) ?? true
        if let name, !hasPlainName { inside.append(quoted(name)) }
        for matcher in name == nil ? matchers[...] : matchers.dropLast() {
            let label = isPlainLabelName(matcher.name) ? matcher.name.string : quoted(matcher.name)
            inside.append("\(label)\(matcher.operation.rawValue)\(quoted(matcher.value))")
        }
        let outside = hasPlainName ? name?.string ?? "" : ""
        return inside.isEmpty ? (outside.isEmpty ? "{}" : outside) : "\(outside){\(inside.joined(separator: ","))}"
    }
}

extension TimeShift {
    /// ` @ 10.000 offset 5m`, or nothing.
    var text: String {
        var text = ""
        switch anchor {
        case .time(let milliseconds): text += " @ " + Self.seconds(milliseconds)
        case .start: text += " @ start()"
        case .end: text += " @ end()"
        case nil: break
        }
        guard offsetInMilliseconds != 0 else { return text }
        let length = DurationText.text(milliseconds: abs(max(offsetInMilliseconds, -.max)))
        return text + " offset " + (offsetInMilliseconds < 0 ? "-" : "") + length
    }

    /// Seconds with three decimals.
    private static func seconds(_ milliseconds: Int64) -> String {
        let magnitude = milliseconds.magnitude
        let fraction = String(magnitude % 1000)
        let padding = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds < 0 ? "-" : "")\(magnitude / 1000).\(padding)\(fraction)"
    }
}

extension Subquery {
    /// What stands behind the expression.
    var suffix: String {
        let step = stepInMilliseconds.map { DurationText.text(milliseconds: $0) } ?? ""
        return "[\(DurationText.text(milliseconds: rangeInMilliseconds)):\(step)]\(shift.text)"
    }
}

extension AggregationExpression {
    /// What stands before the arguments: `sum by (a) `.
    var head: String {
        if isWithout { return "\(operation.rawValue) without (\(labelList(grouping))) " }
        return grouping.isEmpty ? operation.rawValue : "\(operation.rawValue) by (\(labelList(grouping))) "
    }
}

extension BinaryExpression {
    /// The left operand. The plus sign of `+Inf` would bind less strongly than a power.
    var leftText: String { operation == .power && left.form == .number(.infinity) ? "Inf" : left.text }

    /// The operator with its modifiers: `/ on (a) group_left ()`.
    var operationText: String {
        var text = operation.rawValue + (returnsBool ? " bool" : "")
        guard let matching, matching.isOn || !matching.labels.isEmpty || matching.isGrouped else { return text }
        text += " \(matching.isOn ? "on" : "ignoring") (\(labelList(matching.labels)))"
        guard matching.isGrouped else { return text }
        let side = matching.cardinality == .manyToOne ? "group_left" : "group_right"
        return text + " \(side) (\(labelList(matching.included)))"
    }
}

extension VectorMatching {
    /// Whether `group_left` or `group_right` was given.
    var isGrouped: Bool { cardinality == .manyToOne || cardinality == .oneToMany }
}

private func labelList(_ names: [ByteString]) -> String {
    names.map { isPlainLabelName($0) ? $0.string : quoted($0) }.joined(separator: ", ")
}

/// Whether a label's name can stand without quotes.
func isPlainLabelName(_ name: ByteString) -> Bool { isWord(name, allowingColons: false) }

/// Whether a metric's name can stand before braces.
func isPlainMetricName(_ name: ByteString) -> Bool { isWord(name, allowingColons: true) }

private func isWord(_ name: ByteString, allowingColons: Bool) -> Bool {
    guard let first = name.bytes.first, !(48...57).contains(first) else { return false }
    return name.bytes.allSatisfy { byte in
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_")
            || (allowingColons && byte == UInt8(ascii: ":"))
    }
}

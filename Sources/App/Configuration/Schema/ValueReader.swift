import YAMLNodes

/// Turns a node into a value, and says of what type the node must be. A reader that returns nil has reported why.
struct ValueReader<Value: Sendable>: Sendable {
    let type: ValueType
    let read: @Sendable (YAMLNode, DecodingContext) -> Value?

    /// The same reader for a narrower or another value.
    func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> ValueReader<Other> {
        ValueReader<Other>(type: type) { node, context in read(node, context).map(transform) }
    }
}

extension ValueReader {
    /// A scalar that `parse` understands.
    static func scalar(
        _ type: ValueType, _ parse: @escaping @Sendable (ScalarText, DecodingContext) throws(FormProblem) -> Value
    ) -> ValueReader {
        ValueReader(type: type) { node, context in
            guard let scalar = context.scalar(node, type) else { return nil }
            do throws(FormProblem) {
                return try parse(scalar, context)
            } catch {
                // What a form says of a text quotes it, and a variable may hold a secret.
                let isQuotable = !scalar.isFromEnvironment
                context.mismatch(
                    node, type, detail: isQuotable ? error.detail : "the variable holds something else",
                    hint: isQuotable ? error.hint : "set the variable to \(type.phrase)")
                return nil
            }
        }
    }

    /// A scalar of a form whose text alone decides.
    static func form(
        _ form: ScalarForm, limits: String? = nil, _ parse: @escaping @Sendable (String) throws(FormProblem) -> Value
    ) -> ValueReader {
        scalar(.form(form, limits: limits)) { scalar, _ throws(FormProblem) in try parse(scalar.text) }
    }
}

extension ValueReader where Value: Comparable {
    /// The same reader for values within limits, which `render` writes.
    func within(_ limits: ClosedRange<Value>, _ render: @escaping @Sendable (Value) -> String) -> ValueReader {
        guard case .form(let form, _) = type else { preconditionFailure("BUG: only scalars have limits") }
        let text = "\(render(limits.lowerBound)) to \(render(limits.upperBound))"
        return ValueReader(type: .form(form, limits: text)) { node, context in
            guard let value = read(node, context) else { return nil }
            guard !limits.contains(value) else { return value }
            context.mismatch(
                node, type, detail: "it is out of range", hint: "write \(form.phrase) from \(text)")
            return nil
        }
    }
}

import YAMLNodes

/// One key of a mapping whose keys the user chooses.
struct MapEntry<Value: Sendable>: Sendable {
    var key: Located<String>
    var value: Located<Value>
}

extension ValueReader {
    /// A list; items with mistakes are left out of the result.
    static func list<Element>(
        of element: ValueReader<Element>, isNonEmpty: Bool = false
    ) -> ValueReader<[Located<Element>]> {
        let type = ValueType.list(of: element.type, isNonEmpty: isNonEmpty)
        return ValueReader<[Located<Element>]>(type: type) { node, context in
            guard case .sequence(let items) = node.content else {
                context.mismatch(node, type, hint: listHint(node, element.type))
                return nil
            }
            guard !isNonEmpty || !items.isEmpty else {
                context.error("\(context.subject) is empty", at: node.location, hint: "list at least one")
                return nil
            }
            return context.withinItem { items.compactMap { located($0, element, context) } }
        }
    }

    /// One value, or a list of them.
    static func oneOrMore<Element>(
        _ element: ValueReader<Element>, isNonEmpty: Bool = true
    ) -> ValueReader<[Located<Element>]> {
        let type = ValueType.oneOrMore(element.type, isNonEmpty: isNonEmpty)
        let list = ValueReader<[Located<Element>]>.list(of: element, isNonEmpty: isNonEmpty)
        return ValueReader<[Located<Element>]>(type: type) { node, context in
            if case .sequence = node.content { return list.read(node, context) }
            return located(node, element, context).map { [$0] }
        }
    }

    /// A mapping with keys of the user's choice, in the order of the file.
    static func map<Element>(
        key form: ScalarForm, _ parseKey: @escaping @Sendable (String) throws(FormProblem) -> String,
        value: ValueReader<Element>
    ) -> ValueReader<[MapEntry<Element>]> {
        let type = ValueType.map(key: form, value: value.type)
        return ValueReader<[MapEntry<Element>]>(type: type) { node, context in
            guard case .mapping(let entries) = node.content else {
                context.mismatch(node, type, hint: "write `{name: value}`")
                return nil
            }
            return entries.compactMap { mapEntry($0, form, parseKey, value, context) }
        }
    }

    /// A mapping of known keys.
    static func object(
        _ schema: ObjectSchema, _ decode: @escaping @Sendable (ObjectReader) -> Value
    ) -> ValueReader {
        ValueReader(type: .object(schema)) { node, context in
            ObjectReader(node, schema, context).map(decode)
        }
    }
}

extension ValueReader where Value == ClosedRange<Double> {
    static let range = ValueReader(type: .range) { node, context in
        let hint = "write two numbers, the lower one first, such as `[-5, 5]`"
        guard case .sequence(let items) = node.content else {
            context.mismatch(node, .range, hint: hint)
            return nil
        }
        guard items.count == 2 else {
            context.mismatch(
                node, .range, detail: "it has \(items.count) item\(items.count == 1 ? "" : "s")", hint: hint)
            return nil
        }
        let bounds = context.withinItem { items.compactMap { ValueReader<Double>.number.read($0, context) } }
        guard bounds.count == 2 else { return nil }
        guard bounds[0] <= bounds[1] else {
            context.error("\(context.subject) ends before it begins", at: node.location, hint: hint)
            return nil
        }
        return bounds[0]...bounds[1]
    }
}

private func located<Value>(
    _ node: YAMLNode, _ reader: ValueReader<Value>, _ context: DecodingContext
) -> Located<Value>? {
    reader.read(node, context).map { Located(value: $0, location: node.location) }
}

private func mapEntry<Value>(
    _ entry: YAMLEntry, _ form: ScalarForm, _ parseKey: (String) throws(FormProblem) -> String,
    _ reader: ValueReader<Value>, _ context: DecodingContext
) -> MapEntry<Value>? {
    var key: String?
    do throws(FormProblem) {
        key = try parseKey(entry.key)
    } catch {
        let reason = error.detail.map { ": \($0)" } ?? ""
        context.error(
            "`\(entry.key)` is not \(form.phrase)\(reason)", at: entry.keyLocation, hint: error.hint)
    }
    guard let value = context.within(key: entry.key, { located(entry.value, reader, context) }), let key else {
        return nil
    }
    return MapEntry(key: Located(value: key, location: entry.keyLocation), value: value)
}

private func listHint(_ node: YAMLNode, _ element: ValueType) -> String {
    guard case .scalar(let text, _) = node.content, !node.isNull, case .form = element else {
        return "write a list: `[…]`, or each item on its own line behind `- `"
    }
    return "write `[\(text)]`"
}

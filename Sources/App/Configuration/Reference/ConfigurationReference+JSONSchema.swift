import YAMLNodes

extension ConfigurationReference {
    /// `docs/configuration.schema.json`: a JSON Schema (draft 2020-12) for editors. It knows less than the loader: what
    /// depends on several keys, and every value with `${…}` in it, is left to `outrider check`.
    public static func jsonSchema() -> String {
        var members: [JSONValue.Member] = [
            .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .string("Configuration of Outrider")),
        ]
        members += object(RootKeys.schema)
        members.append(.init("$defs", .object(ScalarForm.all.map { .init($0.name, definition($0)) })))
        return JSONValue.object(members).render() + "\n"
    }

    private static func definition(_ form: ScalarForm) -> JSONValue {
        let types = form.jsonTypes.map(JSONValue.string)
        var members: [JSONValue.Member] = [
            .init("description", .string(form.doc)),
            .init("type", types.count == 1 ? types[0] : .array(types)),
        ]
        if let pattern = form.jsonPattern { members.append(.init("pattern", .string(#"\$\{|"# + pattern))) }
        return .object(members)
    }

    private static func object(_ schema: ObjectSchema) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("description", .string(schema.doc)), .init("type", .string("object")),
            .init("additionalProperties", .bool(false)),
            .init("properties", .object(schema.keys.map { .init($0.key, property($0)) })),
        ]
        let required = schema.keys.filter { $0.isRequired }.map { JSONValue.string($0.key) }
        if !required.isEmpty { members.append(.init("required", .array(required))) }
        if let group = schema.exactlyOneOf.first {
            let choices = group.map { JSONValue.object([.init("required", .array([.string($0)]))]) }
            members.append(.init("oneOf", .array(choices)))
        }
        return members
    }

    private static func property(_ key: KeySchema) -> JSONValue {
        var members: [JSONValue.Member] = [.init("description", .string(key.doc))]
        members += value(key.type).filter { $0.name != "description" }
        if let text = key.defaultText { members.append(.init("default", json(text))) }
        members.append(.init("examples", .array([json(key.example)])))
        return .object(members)
    }

    private static func value(_ type: ValueType) -> [JSONValue.Member] {
        switch type {
        case .form(let form, _): return reference(form)
        case .choice(let words, nil): return [.init("enum", .array(words.map(JSONValue.string)))]
        case .choice(let words, let form?):
            return [
                .init(
                    "anyOf",
                    .array([.object([.init("enum", .array(words.map(JSONValue.string)))]), .object(reference(form))]))
            ]
        case .list(let element, let isNonEmpty): return list(element, isNonEmpty)
        case .oneOrMore(let element, let isNonEmpty):
            return [.init("anyOf", .array([.object(value(element)), .object(list(element, isNonEmpty))]))]
        case .map(let key, let element):
            return [
                .init("type", .string("object")), .init("propertyNames", .object(reference(key))),
                .init("additionalProperties", .object(value(element))),
            ]
        case .range:
            return [
                .init("type", .string("array")), .init("items", .object(reference(.number))),
                .init("minItems", .number("2")), .init("maxItems", .number("2")),
            ]
        case .object(let schema): return object(schema)
        case .objects(let schemas): return [.init("oneOf", .array(schemas.map { .object(object($0)) }))]
        }
    }

    private static func list(_ element: ValueType, _ isNonEmpty: Bool) -> [JSONValue.Member] {
        [.init("type", .string("array")), .init("items", .object(value(element)))]
            + (isNonEmpty ? [.init("minItems", .number("1"))] : [])
    }

    private static func reference(_ form: ScalarForm) -> [JSONValue.Member] {
        [.init("$ref", .string("#/$defs/\(form.name)"))]
    }

    /// A default or an example as JSON: plain scalars that look like numbers are numbers.
    private static func json(_ yaml: String) -> JSONValue {
        guard let root = YAMLDocument(Array(yaml.utf8), file: "example").root else {
            preconditionFailure("BUG: `\(yaml)` is no YAML")
        }
        return json(root)
    }

    private static func json(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .scalar(let text, let style):
            let isNumber = style == .plain && (try? NumberText.parse(text)) != nil
            return isNumber ? .number(text) : .string(text)
        case .sequence(let items): return .array(items.map(json))
        case .mapping(let entries): return .object(entries.map { .init($0.key, json($0.value)) })
        }
    }
}

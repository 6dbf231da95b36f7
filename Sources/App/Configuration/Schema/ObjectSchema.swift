import YAMLNodes

/// The keys that one kind of mapping may have.
struct ObjectSchema: Sendable {
    /// What it is called in messages, as in "unknown key in a source".
    var phrase: String
    /// What it is for, in one sentence.
    var doc: String
    /// In the order of the documentation.
    var keys: [KeySchema]
    /// Groups of keys of which every mapping has exactly one.
    var exactlyOneOf: [[String]] = []
    /// Whether several such mappings can stand beside each other, so that nobody has to choose between keys.
    var isOneOfSeveral = true

    func key(_ name: String) -> KeySchema? { keys.first { $0.key == name } }
}

/// What one key means, without the type of its value.
struct KeySchema: Sendable {
    var key: String
    var type: ValueType
    var isRequired: Bool
    /// As it would be written; read by the key's own reader when the key is missing.
    var defaultText: String?
    /// What happens without the key when that cannot be written as a value.
    var absence: String?
    /// One sentence.
    var doc: String
    /// As it would be written behind the key.
    var example: String
    /// Whether the key's own reader accepts a value without any diagnostic.
    var accepts: @Sendable (YAMLNode) -> Bool
}

/// A key with the type of its value: the one declaration from which decoder, documentation and JSON Schema are made.
struct Field<Value: Sendable>: Sendable {
    let schema: KeySchema
    let reader: ValueReader<Value>

    init(
        _ key: String, _ reader: ValueReader<Value>, default defaultText: String? = nil, absence: String? = nil,
        isRequired: Bool = false, doc: String, example: String
    ) {
        self.reader = reader
        schema = KeySchema(
            key: key, type: reader.type, isRequired: isRequired, defaultText: defaultText, absence: absence, doc: doc,
            example: example,
            accepts: { node in
                let context = DecodingContext(environment: { _ in nil }, workingDirectory: "/")
                return reader.read(node, context) != nil && context.diagnostics.isEmpty
            })
    }
}

import CYAML

/// Runs libyaml over `bytes` and hands out each event.
///
/// SAFETY: libyaml reads `bytes` only while `withUnsafeBufferPointer` lends them; the parser and each event are deleted on
/// every path, and whatever leaves this function is a copy.
func readEvents(
    _ bytes: [UInt8], file: String, _ body: (YAMLEvent) throws(YAMLProblem) -> Void
) throws(YAMLProblem) {
    try bytes.withUnsafeBufferPointer { buffer throws(YAMLProblem) in
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw outOfMemory(file) }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
        var isDone = false
        while !isDone {
            var raw = yaml_event_t()
            guard yaml_parser_parse(&parser, &raw) == 1 else {
                throw SyntaxProblem(parser, file: file).described(in: bytes)
            }
            defer { yaml_event_delete(&raw) }
            isDone = raw.type == YAML_STREAM_END_EVENT
            try body(event(raw, file: file))
        }
    }
}

private func outOfMemory(_ file: String) -> YAMLProblem {
    YAMLProblem(
        location: TextLocation(file: file), message: "there is not enough memory to read the file",
        hint: "free memory and try again")
}

/// SAFETY: the member of `raw.data` that is read is the one that `raw.type` names.
private func event(_ raw: yaml_event_t, file: String) -> YAMLEvent {
    let location = raw.start_mark.location(in: file)
    switch raw.type {
    case YAML_DOCUMENT_START_EVENT:
        return YAMLEvent(kind: .documentStart, location: location)
    case YAML_ALIAS_EVENT:
        return YAMLEvent(kind: .alias(text(raw.data.alias.anchor) ?? ""), location: location)
    case YAML_SCALAR_EVENT:
        let scalar = raw.data.scalar
        let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        return YAMLEvent(
            kind: .scalar(value, style(scalar.style)), location: location, anchor: text(scalar.anchor),
            tag: text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
        let start = raw.data.sequence_start
        return YAMLEvent(kind: .sequenceStart, location: location, anchor: text(start.anchor), tag: text(start.tag))
    case YAML_MAPPING_START_EVENT:
        let start = raw.data.mapping_start
        return YAMLEvent(kind: .mappingStart, location: location, anchor: text(start.anchor), tag: text(start.tag))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        return YAMLEvent(kind: .collectionEnd, location: location)
    default:
        return YAMLEvent(kind: .structure, location: location)
    }
}

private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
}

private func style(_ style: yaml_scalar_style_t) -> ScalarStyle {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
}

extension yaml_mark_t {
    fileprivate func location(in file: String) -> TextLocation {
        TextLocation(file: file, line: line + 1, column: column + 1)
    }
}

extension SyntaxProblem {
    /// SAFETY: `problem` and `context` are C strings of static storage, or null.
    fileprivate init(_ parser: yaml_parser_t, file: String) {
        self.init(
            problem: parser.problem.map { String(cString: $0) } ?? "the text cannot be read",
            context: parser.context.map { String(cString: $0) },
            location: parser.problem_mark.location(in: file),
            contextLocation: parser.context.map { _ in parser.context_mark.location(in: file) })
    }
}

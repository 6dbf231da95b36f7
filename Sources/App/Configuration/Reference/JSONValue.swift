/// A JSON value whose objects keep their order, for output only.
indirect enum JSONValue: Equatable {
    case string(String)
    /// As it is to be written.
    case number(String)
    case bool(Bool)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable {
        var name: String
        var value: JSONValue
        init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Indented by two spaces; arrays of scalars on one line.
    func render(indentation: String = "") -> String {
        let inner = indentation + "  "
        switch self {
        case .string(let text): return Self.quoted(text)
        case .number(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .array(let items) where items.allSatisfy(\.isFlat):
            return "[" + items.map { $0.render() }.joined(separator: ", ") + "]"
        case .array(let items):
            let lines = items.map { inner + $0.render(indentation: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indentation)]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { "\(inner)\(Self.quoted($0.name)): \($0.value.render(indentation: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indentation)}"
        }
    }

    private var isFlat: Bool {
        switch self {
        case .string, .number, .bool: true
        case .array(let items): items.isEmpty
        case .object(let members): members.isEmpty
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

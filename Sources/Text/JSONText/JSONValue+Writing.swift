extension JSONValue {
    /// The value on one line.
    public var compactText: String {
        var text = ""
        write(into: &text, indentation: nil)
        return text
    }

    /// The value for people: one member or item a line, indented by two spaces.
    public var indentedText: String {
        var text = ""
        write(into: &text, indentation: 0)
        return text
    }

    /// `indentation` is nil on one line.
    private func write(into text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let number): text += String(number)
        case .number(let number): text += Self.text(number)
        case .string(let string): Self.write(string, into: &text)
        case .array(let items):
            Self.write(items, "[", "]", into: &text, indentation) { $0.write(into: &$1, indentation: $2) }
        case .object(let members):
            Self.write(members, "{", "}", into: &text, indentation) { member, text, inner in
                Self.write(member.name, into: &text)
                text += indentation == nil ? ":" : ": "
                member.value.write(into: &text, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, into text: inout String, _ indentation: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        let inner = indentation.map { $0 + 2 }
        func newLine(_ depth: Int?) { if let depth { text += "\n" + String(repeating: " ", count: depth) } }
        text += opening
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            newLine(inner)
            write(element, &text, inner)
        }
        if !elements.isEmpty { newLine(indentation) }
        text += closing
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "\"NaN\"" }
        if number.isInfinite { return number < 0 ? "\"-Inf\"" : "\"+Inf\"" }
        return number.description
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += scalar.value < 0x10 ? "\\u000" : "\\u00"
                text += String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

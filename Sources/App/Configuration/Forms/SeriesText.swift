/// The name of one sample of a page of metrics, as it stands before the value: `name` or `name{label="value"}`.
public struct SeriesText: Hashable, Sendable, CustomStringConvertible {
    /// A label with its value, without escapes.
    public struct Label: Hashable, Sendable {
        /// The name of the label.
        public var name: String
        /// Its value; of a bucket's bound the number in its shortest form.
        public var value: String
    }

    /// The name of the sample, with the suffix that a histogram's samples have.
    public let name: String
    /// By their names; the order in which they are written means nothing.
    public let labels: [Label]

    /// As a page of metrics writes it, with the labels in the order of their names.
    public var description: String {
        guard !labels.isEmpty else { return name }
        let text = labels.map { label in
            let escaped = label.value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : "\($0)" }
            return "\(label.name)=\"\(escaped.joined())\""
        }
        return "\(name){\(text.joined(separator: ","))}"
    }

    /// The series that a text names; nil when it is no such name.
    public init?(_ text: some StringProtocol) {
        guard let series = try? SeriesText(parsing: String(text)) else { return nil }
        self = series
    }

    init(parsing text: String) throws(FormProblem) {
        let wrong = FormProblem(hint: #"write `name` or `name{label="value"}`, as the page of metrics does"#)
        var rest = text[...]
        let end = rest.firstIndex(of: "{") ?? rest.endIndex
        let name = trimmed(rest[..<end])
        guard NameText.isIdentifier(name.filter { $0 != ":" }) else { throw wrong }
        rest = rest[end...].dropFirst()
        var labels: [Label] = []
        while end < text.endIndex {
            rest = rest.drop { $0 == " " }
            if rest.first == "}" { break }
            guard let label = Self.label(&rest) else { throw wrong }
            guard !labels.contains(where: { $0.name == label.name }) else {
                throw FormProblem("it has two labels named `\(label.name)`", hint: "remove one of them")
            }
            labels.append(label)
            rest = rest.drop { $0 == " " }
            guard rest.first == "," || rest.first == "}" else { throw wrong }
            if rest.first == "," { rest = rest.dropFirst() }
        }
        guard trimmed(rest) == (end < text.endIndex ? "}" : "") else { throw wrong }
        self.name = name
        self.labels = labels.sorted { $0.name < $1.name }
    }

    /// Takes `name="value"` off the front of a text.
    private static func label(_ rest: inout Substring) -> Label? {
        guard let equals = rest.firstIndex(of: "=") else { return nil }
        let name = trimmed(rest[..<equals])
        guard NameText.isIdentifier(name) else { return nil }
        rest = rest[equals...].dropFirst().drop { $0 == " " }
        guard rest.popFirst() == "\"" else { return nil }
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                let bound = name == "le" ? Double(value) : nil
                return Label(name: name, value: bound.map { $0.isFinite ? NumberText.render($0) : "+Inf" } ?? value)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            default: value.append(character)
            }
        }
        return nil
    }
}

private func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}

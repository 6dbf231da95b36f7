import LineFormats

/// Paths of fields.
enum FieldPathText {
    /// `level`, `http.status`.
    static func parse(_ text: String) throws(FormProblem) -> String {
        if text.hasPrefix(".") {
            throw FormProblem(
                "it begins with a dot", hint: text.count > 1 ? "write `\(text.dropFirst())`" : "write the field's name")
        }
        do throws(FieldPathError) {
            _ = try JSONFieldReader(paths: [text])
        } catch {
            switch error {
            case .empty: throw FormProblem(hint: "write the field's name")
            case .tooManyParts(_, let maximum):
                throw FormProblem(
                    "it has too many parts", hint: "write at most \(maximum) names with dots between them")
            }
        }
        return text
    }

    /// The path in `.path`; nil for text that is meant otherwise.
    static func reference(_ text: String) throws(FormProblem) -> String? {
        guard text.hasPrefix("."), let first = text.dropFirst().first,
            first.isLetter || first == "_" || first == "@"
        else { return nil }
        return try parse(String(text.dropFirst()))
    }
}

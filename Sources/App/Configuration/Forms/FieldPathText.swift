import LineFormats

/// Paths of fields.
enum FieldPathText {
    /// `level`, `http.status`.
    static func parse(_ text: String) throws(FormProblem) -> String {
        if text.hasPrefix(".") {
            throw FormProblem(
                "it begins with a dot", hint: text.count > 1 ? "write `\(text.dropFirst())`" : "write the field's name")
        }
        let parts = text.split(separator: ".")
        guard parts.isEmpty || parts.count == text.count(where: { $0 == "." }) + 1 else {
            throw FormProblem("a name in it is empty", hint: "write `\(parts.joined(separator: "."))`")
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
    ///
    /// - Throws: also for `.0`, which could be a number, or an item of a line that is an array, which no line can be.
    static func reference(_ text: String) throws(FormProblem) -> String? {
        if text.hasPrefix("."), let digit = text.dropFirst().first, digit.isASCII, digit.isNumber {
            let number = (try? NumberText.parse(text)).map { "write `\(NumberText.render($0))` for the number; " } ?? ""
            throw FormProblem(
                "a field has a name",
                hint: "\(number)an item of an array stands behind the array's name, as in `.items\(text)`")
        }
        guard text.hasPrefix("."), let first = text.dropFirst().first,
            first.isLetter || first == "_" || first == "@"
        else { return nil }
        return try parse(String(text.dropFirst()))
    }
}

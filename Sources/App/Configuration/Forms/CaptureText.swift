import Extraction

/// Values and labels that come from a line: `$name` is a capture, `.path` a field, `^name` what an earlier line said; anything
/// else is meant as it stands.
enum CaptureText {
    /// A label's value: `$name`, or text in which `$$` stands for a dollar sign.
    static func parseLabel(_ scalar: ScalarText) throws(FormProblem) -> ValueSource {
        if scalar.isFromEnvironment { return .constant(scalar.text) }
        if let name = try captureName(scalar.text) { return .capture(name) }
        if let path = try FieldPathText.reference(scalar.text) { return .field(path) }
        if let name = earlierName(scalar.text) { return .earlier(name) }
        var text = ""
        var rest = Substring(scalar.text.hasPrefix("^^") ? String(scalar.text.dropFirst()) : scalar.text)
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[...dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                rest = rest.dropFirst()
            } else if let next = rest.first, next.isASCII, next.isLetter || next == "_" {
                throw FormProblem(
                    "a capture cannot be joined with text",
                    hint: "make it one capture alone, or write `$$` for a dollar sign")
            }
        }
        return .constant(text + rest)
    }

    /// A metric's value: `$name` or a number.
    static func parseValue(_ scalar: ScalarText) throws(FormProblem) -> ValueSource {
        if !scalar.isFromEnvironment, let name = try captureName(scalar.text) { return .capture(name) }
        if !scalar.isFromEnvironment, let path = try FieldPathText.reference(scalar.text) { return .field(path) }
        if !scalar.isFromEnvironment, let name = earlierName(scalar.text) { return .earlier(name) }
        do {
            _ = try NumberText.parse(scalar.text)
        } catch {
            throw FormProblem(
                hint:
                    "write the name of a capture, such as `$value`, a field, such as `.value`, what an earlier line said, such as `^value`, or a number"
            )
        }
        return .constant(scalar.text)
    }

    /// The name in `^name`; nil for text that is meant otherwise.
    private static func earlierName(_ text: String) -> String? {
        guard text.hasPrefix("^") else { return nil }
        return try? NameText.parseName(String(text.dropFirst()))
    }

    private static func captureName(_ text: String) throws(FormProblem) -> String? {
        guard text.hasPrefix("$"), !text.hasPrefix("$$"), !text.hasPrefix("${") else { return nil }
        let name = text.dropFirst()
        if NameText.isIdentifier(name) { return String(name) }
        guard name.first.map({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) ?? true else { return nil }
        guard Int(name) == nil else {
            throw FormProblem("captures are known by name only", hint: "write `(?<name>…)` in `match` and `$name` here")
        }
        guard !name.isEmpty else {
            throw FormProblem(hint: "write `$` and the name of a capture, or `$$` for a dollar sign")
        }
        throw FormProblem(
            "a capture cannot be joined with text", hint: "make it one capture alone, or write `$$` for a dollar sign")
    }
}

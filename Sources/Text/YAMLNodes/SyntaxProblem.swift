/// What libyaml says about a broken text, before it is put into words for people.
struct SyntaxProblem {
    var problem: String
    var context: String?
    var location: TextLocation
    var contextLocation: TextLocation?

    func described(in bytes: [UInt8]) -> YAMLProblem {
        if TextCheck.character(in: bytes, at: location) == "\t" {
            return problem(at: location, "a tab stands where YAML allows only spaces", "indent with spaces")
        }
        if problem.hasSuffix("unexpected end of stream"), context?.contains("quoted") == true {
            return problem(at: contextLocation ?? location, "the quote that opens here is never closed", "close it")
        }
        return problem(at: location, sentence, hint)
    }

    private func problem(at location: TextLocation, _ message: String, _ hint: String) -> YAMLProblem {
        YAMLProblem(location: location, message: message, hint: hint)
    }

    private var sentence: String {
        guard let context else { return problem }
        guard let contextLocation, contextLocation.line != location.line else { return "\(problem) \(context)" }
        return "\(problem) \(context) that begins at line \(contextLocation.line), column \(contextLocation.column)"
    }

    private var hint: String {
        let known = Self.hints.first { problem.contains($0.problem) }
        return known?.hint ?? "put the value into 'single quotes', or check the indentation"
    }

    private static let hints: [(problem: String, hint: String)] = [
        ("did not find expected key", "indent the keys of one mapping alike, and close quotes and brackets"),
        ("did not find expected '-'", "line up the keys of each item, and begin every item of the list with `- `"),
        ("mapping values are not allowed", "put a value that contains `: ` into 'single quotes'"),
        ("did not find expected ',' or '}'", "close the `{` with `}`, and part its entries with commas"),
        ("did not find expected ',' or ']'", "close the `[` with `]`, and part its items with commas"),
        ("could not find expected ':'", "write `key: value`"),
        ("unknown escape character", "write a backslash twice, or use 'single quotes'"),
        ("cannot start any token", "put the value into 'single quotes'"),
        ("undefined tag handle", "put a value that begins with `!` into 'single quotes'"),
        ("block sequence entries are not allowed", "begin the list on a new line, each item behind `- `"),
    ]
}

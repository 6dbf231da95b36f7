/// `${NAME}` and `${NAME:-default}` in scalars; `$${` stands for `${` itself. Any other `$` is left as it is.
enum VariableSubstitution {
    /// A reference that cannot be followed.
    struct Problem: Error {
        var message: String
        var hint: String
    }

    /// The text with its references replaced, and whether anything came from the environment.
    static func apply(
        to written: String, environment: (String) -> String?
    ) throws(Problem) -> (text: String, isFromEnvironment: Bool) {
        var text = ""
        var isFromEnvironment = false
        var rest = Substring(written)
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                text += try value(of: takeReference(&rest), environment, &isFromEnvironment)
            } else {
                text += "$"
                rest = rest.dropFirst()
            }
        }
        return (text + rest, isFromEnvironment)
    }

    private static func takeReference(_ rest: inout Substring) throws(Problem) -> Substring {
        guard let end = rest.firstIndex(of: "}") else {
            throw Problem(
                message: "`${` is never closed", hint: "write `${NAME}`, or `$${` for the two characters themselves")
        }
        defer { rest = rest[rest.index(after: end)...] }
        return rest[..<end].dropFirst(2)
    }

    private static func value(
        of reference: Substring, _ environment: (String) -> String?, _ isFromEnvironment: inout Bool
    ) throws(Problem) -> String {
        let parts = reference.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard NameText.isIdentifier(name) else {
            throw Problem(
                message: "`${\(reference)}` is not a reference to a variable",
                hint: "write `${NAME}` or `${NAME:-default}`, or `$${` for the two characters themselves")
        }
        let value = environment(name)
        guard parts.count == 1 else {
            guard let value, !value.isEmpty else { return String(parts[1]) }
            isFromEnvironment = true
            return value
        }
        guard let value else {
            throw Problem(
                message: "the environment variable `\(name)` is not set",
                hint: "set it, or give a default: `${\(name):-default}`")
        }
        isFromEnvironment = true
        return value
    }
}

import Extraction
import YAMLNodes

/// Expressions that compile, and captures that they define.
struct CaptureChecks {
    let context: DecodingContext
    let patternChecker: (String) -> PatternCheckResult

    func check(_ pattern: PatternDraft) {
        guard let match = pattern.match else {
            if pattern.hasCriterion { checkWithoutMatch(pattern) }
            return
        }
        switch patternChecker(match.value) {
        case .invalid(let reason):
            context.error(
                "`match` is not a valid expression: \(reason)", at: match.location,
                hint: #"correct it; to be taken literally, `( ) [ { . * + ? ^ $ | \` need a backslash in front"#)
        case .unchecked: break
        case .valid(let captures):
            check(pattern, captures)
        }
    }

    /// Warns of captures that nothing is made of.
    func checkUse(_ pattern: PatternDraft) {
        guard let match = pattern.match, case .valid(let captures) = patternChecker(match.value) else { return }
        let used = Set(
            pattern.values.compactMap { value -> String? in
                if case .capture(let name) = value.value { name } else { nil }
            })
        for name in captures.subtracting(used).sorted() where !isReferred(name, in: match.value) {
            context.warning(
                "the capture `\(name)` is not used", at: match.location,
                hint: "use `$\(name)` in a value or a label, or write `(?:…)` instead of `(?<\(name)>…)`")
        }
    }

    /// Whether the expression itself uses the group: `\k<name>`, `(?P=name)`, `(?&name)`, `(?P>name)`, `\g{name}`, `(?(<name>)…)`.
    private func isReferred(_ name: String, in expression: String) -> Bool {
        let heads = [
            #"\k<"#, #"\k{"#, #"\k'"#, #"\g{"#, #"\g<"#, #"\g'"#, "(?P=", "(?P>", "(?&", "(?(<", "(?('", "(?(",
        ]
        return heads.contains { expression.contains($0 + name) }
    }

    /// Reports an expression that does not compile.
    func checkExpression(_ expression: Located<String>) {
        guard case .invalid(let reason) = patternChecker(expression.value) else { return }
        context.error(
            "this is not a valid expression: \(reason)", at: expression.location, hint: "correct it")
    }

    private func checkWithoutMatch(_ pattern: PatternDraft) {
        for value in pattern.values {
            guard case .capture(let name) = value.value else { continue }
            context.error(
                "`$\(name)` is a capture of `match`, and the pattern has no `match`", at: value.location,
                hint: "write `.\(name)` for the field of that name")
        }
    }

    private func check(_ pattern: PatternDraft, _ captures: Set<String>) {
        for value in pattern.values {
            guard case .capture(let name) = value.value, !captures.contains(name) else { continue }
            context.error(
                "`match` defines no capture named `\(name)`", at: value.location, hint: hint(for: name, captures))
        }
    }

    private func hint(for name: String, _ captures: Set<String>) -> String {
        let known = captures.sorted()
        if let nearest = NearestName.of(name, among: known) { return "write `$\(nearest)`" }
        guard known.isEmpty else {
            return "write `(?<\(name)>…)` in `match`, or one of \(known.map { "$" + $0 }.quotedList)"
        }
        return "write `(?<\(name)>…)` around its part of `match`"
    }
}

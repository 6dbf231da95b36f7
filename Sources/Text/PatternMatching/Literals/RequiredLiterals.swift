/// What a line must contain for an expression to match it, taken from the expression's text.
///
/// Sound and not complete: a line without any literal of one of `sets` cannot match, whatever the expression is. Syntax that is
/// not understood with certainty, and every version of PCRE2 adds some, makes `sets` empty.
struct RequiredLiterals {
    /// The line contains a literal of each; the rarest set first. Empty when nothing is known.
    let sets: [LiteralSet]

    /// The literals of an expression that PCRE2 compiled for bytes.
    init(of expression: String) {
        var reader = ExpressionReader(Array(expression.utf8))
        let shape = try? reader.readAll()
        let all = shape?.requirements ?? []
        sets = all.filter { set in !all.contains { $0 != set && $0.implies(set) } }
    }
}

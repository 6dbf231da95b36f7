/// What a compiler of expressions says about one.
public enum PatternCheckResult: Hashable, Sendable {
    /// It compiles and defines these named captures.
    case valid(captureNames: Set<String>)
    /// Nothing: expressions and captures are not looked at.
    case unchecked
    /// It does not compile; why, as half a sentence.
    case invalid(reason: String)
}

public import LogModel

/// A glob that cannot be read.
public struct FilePatternError: DescribedError, Hashable {
    /// Always `bad_file_pattern`.
    public let code = "bad_file_pattern"
    /// What is wrong, as the end of a sentence that begins with the pattern, such as "is not absolute".
    public let problem: String
    /// What is wrong, with the pattern.
    public let message: String
    /// What to write instead.
    public let hint: String?
    /// Always by an operator.
    public let healing = Healing.byOperator
    /// The offset in the pattern's UTF-8 bytes at which the trouble begins.
    public let offset: Int

    init(_ pattern: String, _ offset: Int, _ problem: String, hint: String) {
        self.problem = problem
        message = "The file pattern \(pattern) \(problem)."
        self.hint = hint
        self.offset = offset
    }
}

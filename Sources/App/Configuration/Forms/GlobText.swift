import FileAccess

/// Absolute globs of files to read.
enum GlobText {
    static func parse(_ text: String) throws(FormProblem) -> FilePattern {
        do throws(FilePatternError) {
            return try FilePattern(text)
        } catch {
            // The errors of globs are whole sentences, and those of forms are parts of one.
            let hint = error.hint ?? "write a path such as `/var/log/app/*.log`"
            throw FormProblem(
                "it \(error.problem)", hint: lowercasedFirst(hint.hasSuffix(".") ? hint.dropLast() : hint[...]))
        }
    }

    /// The glob that matches only this path.
    static func literal(_ path: String) -> String {
        path.map { #"*?[]{}\"#.contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }

    private static func lowercasedFirst(_ text: Substring) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}

import Configuration
import FileAccess

/// Which globs of the sources match no file now, or one that this user may not read.
struct GlobSurvey {
    /// A glob without a file.
    struct Finding {
        /// Its place; nil for one of the command line.
        var glob: ConfiguredGlob
        var message: String
        var hint: String
        /// The only thing that it matches, which is no file.
        var irregular: String?

        /// For `check`: such a configuration is good, but probably not meant.
        var warning: String {
            glob.location.map { "\(Diagnostic(at: $0, .warning, message: message, hint: hint))\n" }
                ?? "outrider: warning: \(message)\n    \(hint)\n"
        }

        /// For `run --once`, which nothing comes too late for.
        var complaint: String {
            "\(glob.location.map { "\($0)" } ?? "outrider"): \(message)\n    \(hint)\n"
        }
    }

    private let access: any FileAccess
    init(_ access: any FileAccess) { self.access = access }

    func findings(_ globs: [ConfiguredGlob]) -> [Finding] { globs.compactMap(finding) }

    private func finding(_ glob: ConfiguredGlob) -> Finding? {
        let found = glob.pattern.expand(using: access)
        guard found.files.isEmpty else { return nil }
        if let error = found.errors.first {
            return Finding(
                glob: glob, message: "`\(glob.pattern)` matches no file that can be seen: \(error.message.onOneLine)",
                hint: error.hint ?? "make the folder readable for the agent")
        }
        if let irregular = found.irregular.first { return self.irregular(irregular, glob) }
        return Finding(
            glob: glob, message: "`\(glob.pattern)` matches no file now",
            hint: "correct it, unless the file comes later: a running agent will find it")
    }

    /// Globs with files that this user may not read; the agent's user may be another one.
    func unreadable(_ globs: [ConfiguredGlob]) -> [Finding] {
        globs.compactMap { glob in
            let errors = glob.pattern.expand(using: access).files.compactMap(access.reasonAgainstReading)
            guard let first = errors.first else { return nil }
            let what = errors.count == 1 ? "a file that cannot" : "\(errors.count) files that cannot"
            return Finding(
                glob: glob,
                message:
                    "`\(glob.pattern)` matches \(what) be read by the user of this check: \(first.message.onOneLine)",
                hint: "if the agent runs as this user: \(first.hint ?? "make it readable")")
        }
    }

    private func irregular(_ path: String, _ glob: ConfiguredGlob) -> Finding {
        let isDirectory = (try? access.status(path))?.kind == .directory
        let what = isDirectory ? "a directory" : "neither a file nor a directory"
        let subject =
            path == glob.pattern.text
            ? "`\(path)` is \(what)" : "`\(glob.pattern)` matches only `\(path)`, which is \(what)"
        return Finding(
            glob: glob, message: subject,
            hint: isDirectory
                ? "name the files in it, as in `\(path)/*.log`"
                : "name a regular file; `outrider run --log -` reads standard input", irregular: path)
    }
}

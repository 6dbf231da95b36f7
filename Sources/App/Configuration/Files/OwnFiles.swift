public import FileAccess

/// What the agent writes, and therefore never reads: a path and what lies in it. The tail passes over the same, and over
/// rotations of it.
public enum OwnFiles {
    /// Whether a file is never read because the agent writes to `own`.
    static func hides(_ own: String, _ path: String) -> Bool {
        path == own || path.hasPrefix(own + "/")
    }

    /// Whether some file of a glob is never read because the agent keeps `own` for itself.
    ///
    /// - Parameters:
    ///   - own: an absolute path, such as the state directory.
    ///   - glob: what a source reads; with wildcards it is judged by the folder that all its files lie in.
    /// - Returns: whether it is certain.
    public static func hides(_ own: String, _ glob: FilePattern) -> Bool {
        (glob.literalPaths ?? [glob.fixedPrefix]).contains { hides(own, $0) }
    }

    /// Half a sentence about a glob that the state directory hides.
    public static func reason(stateDirectory: String) -> String {
        "is never read: the agent keeps `\(stateDirectory)` and what lies in it for itself"
    }
}

/// Paths as text; nothing here asks a disk.
public enum PathText {
    /// What stands before the last slash: "" for a bare name, "/" for a name in the root.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// `path` as seen from `folder`; an absolute path stays what it is.
    public static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    /// An absolute path without `..`: what stands before the last one is resolved on the disk, because symbolic links decide
    /// what it means. Unchanged where that does not exist.
    ///
    /// - Parameters:
    ///   - path: an absolute path.
    ///   - files: where the folders are.
    ///   - write: how the resolved folder is written in the result.
    /// - Returns: the path, or `path` itself where there is nothing to resolve.
    public static func climbed(
        _ path: String, _ files: some ConfigurationFiles, writing write: (String) -> String = { $0 }
    ) -> String {
        let names = path.split(separator: "/")
        guard let last = names.lastIndex(of: ".."),
            let folder = try? files.canonicalPath("/" + names[...last].joined(separator: "/"))
        else { return path }
        return names[(last + 1)...].reduce(folder == "/" ? "" : write(folder)) { "\($0)/\($1)" }
    }

    /// The same path without `.` and empty components. `..` stays: what it means depends on symbolic links.
    static func simplified(_ path: String) -> String {
        let components = path.split(separator: "/").filter { $0 != "." }
        return (path.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
    }
}

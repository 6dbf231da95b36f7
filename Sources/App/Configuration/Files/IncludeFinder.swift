import FileAccess
import YAMLNodes

/// Finds the files that `include` names.
struct IncludeFinder {
    let files: any ConfigurationFiles
    let context: DecodingContext

    /// The paths in the order of the globs and, within each, of the names, with the place of the glob; none twice. A glob with
    /// `*` or `?` passes over the main file; a path that leads back to it is an error.
    func paths(_ globs: [Located<String>], main: String) -> [Located<String>] {
        var seen: Set = [identity(of: main)]
        return globs.flatMap { paths(of: $0, main: main) }.filter { seen.insert(identity(of: $0.value)).inserted }
    }

    /// What tells one file from another, by whatever name it goes.
    private func identity(of path: String) -> String {
        (try? files.canonicalPath(path)) ?? PathText.simplified(path)
    }

    private func paths(of glob: Located<String>, main: String) -> [Located<String>] {
        let path = PathText.join(PathText.folder(of: main), glob.value)
        let (folder, name) = (PathText.folder(of: path), FileNameGlob(PathText.name(of: path)))
        guard FileNameGlob(folder).isLiteral else {
            context.error(
                "`\(glob.value)` has `*` or `?` in a folder", at: glob.location,
                hint: "write them in the last part only, as in `conf.d/*.yml`, or list the folders")
            return []
        }
        guard name.isLiteral else {
            return names(in: folder.isEmpty ? "." : folder, glob).filter(name.matches).sorted().map {
                Located(value: PathText.join(folder, $0), location: glob.location)
            }
        }
        guard identity(of: path) != identity(of: main) else {
            context.error(
                "`\(glob.value)` is this file itself: it would include itself without end", at: glob.location,
                hint: "remove it, or name another file")
            return []
        }
        return [Located(value: path, location: glob.location)]
    }

    /// Reports the `include` of an included file: it is an error in any case, and worse when it leads back.
    func reportNested(_ entry: YAMLEntry, in path: String, main: String) {
        guard let back = backwards(entry.value, from: path, main: main) else {
            context.error(
                "only the main file may have the key `include`", at: entry.keyLocation,
                hint: "list the file in the `include` of the main file")
            return
        }
        context.error(
            "the files include each other without end: \(back.joined(separator: " → "))", at: entry.keyLocation,
            hint: "remove this `include`: only the main file may have one")
    }

    /// The cycle that an included file closes by naming itself or the main file.
    private func backwards(_ value: YAMLNode, from path: String, main: String) -> [String]? {
        let items =
            switch value.content {
            case .sequence(let items): items
            default: [value]
            }
        for case .scalar(let text, _) in items.map(\.content) {
            let target = identity(of: PathText.join(PathText.folder(of: path), text))
            if target == identity(of: main) { return [main, path, main] }
            if target == identity(of: path) { return [path, path] }
        }
        return nil
    }

    private func names(in folder: String, _ glob: Located<String>) -> [String] {
        do throws(FileAccessError) {
            return try files.names(in: folder) ?? []
        } catch {
            context.error(
                error.message, at: glob.location, hint: error.hint ?? "make the folder readable for the agent")
            return []
        }
    }
}

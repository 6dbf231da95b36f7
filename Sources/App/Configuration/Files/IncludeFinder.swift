import FileAccess
import YAMLNodes

/// Finds the files that `include` names.
struct IncludeFinder {
    let files: any ConfigurationFiles
    let context: DecodingContext

    /// The paths in the order of the globs and, within each, of the names; none twice, and not the main file itself.
    func paths(_ globs: [Located<String>], main: String) -> [String] {
        var seen: Set = [PathText.simplified(main)]
        return globs.flatMap { paths(of: $0, main: main) }.filter { seen.insert(PathText.simplified($0)).inserted }
    }

    private func paths(of glob: Located<String>, main: String) -> [String] {
        let path = PathText.join(PathText.folder(of: main), glob.value)
        let (folder, name) = (PathText.folder(of: path), FileNameGlob(PathText.name(of: path)))
        guard FileNameGlob(folder).isLiteral else {
            context.error(
                "`\(glob.value)` has `*` or `?` in a folder", at: glob.location,
                hint: "write them in the last part only, as in `conf.d/*.yml`, or list the folders")
            return []
        }
        guard !name.isLiteral else { return [path] }
        return names(in: folder.isEmpty ? "." : folder, glob).filter(name.matches).sorted().map {
            PathText.join(folder, $0)
        }
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

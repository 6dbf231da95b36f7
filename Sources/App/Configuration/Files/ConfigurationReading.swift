import FileAccess
import YAMLNodes

/// One reading of the main file and of what it includes.
struct ConfigurationReading {
    let files: any ConfigurationFiles
    let context: DecodingContext
    /// The files in the order in which they were read.
    private(set) var paths: [String] = []
    /// False as soon as a file could not be read whole.
    private(set) var isWhole = true

    init(files: any ConfigurationFiles, context: DecodingContext) {
        self.files = files
        self.context = context
    }

    /// The tree of all files together; nil, and reported, when the main file cannot be read.
    mutating func read(main: String) -> YAMLNode? {
        guard let content = content(of: main, namedAt: nil) else { return nil }
        guard let node = tree(content, main) else {
            guard isWhole else { return nil }
            context.error(
                "the file is empty", at: TextLocation(file: main, line: 1, column: 1),
                hint: "begin with `\(RootKeys.sources.schema.key): \(RootKeys.sources.schema.example)`")
            return nil
        }
        guard case .mapping(let entries) = node.content else { return node }
        var merge = FileMerge(main: node, entries: entries, context: context)
        for path in includes(entries, main) { addIncluded(path, main: main, to: &merge) }
        return merge.root
    }

    private mutating func includes(_ entries: [YAMLEntry], _ main: String) -> [Located<String>] {
        let field = RootKeys.include
        guard let entry = entries.first(where: { $0.key == field.schema.key }) else { return [] }
        guard let globs = context.within(key: entry.key, { field.reader.read(entry.value, context) }) else {
            isWhole = false
            return []
        }
        return finder.paths(globs, main: main)
    }

    private var finder: IncludeFinder { IncludeFinder(files: files, context: context) }

    private mutating func addIncluded(_ include: Located<String>, main: String, to merge: inout FileMerge) {
        let path = include.value
        guard let content = content(of: path, namedAt: include.location), let node = tree(content, path) else { return }
        guard case .mapping(let entries) = node.content else {
            isWhole = false
            _ = ObjectReader(node, RootKeys.schema, context)
            return
        }
        for entry in entries where entry.key == RootKeys.include.schema.key {
            finder.reportNested(entry, in: path, main: main)
        }
        merge.add(entries)
    }

    /// What is in a file; `include` is the place that names it, nil for the main file.
    private mutating func content(of path: String, namedAt include: TextLocation?) -> [UInt8]? {
        paths.append(path)
        let location = include ?? TextLocation(file: path)
        do throws(FileAccessError) {
            if let content = try files.read(path) { return content }
            let what = include == nil ? "there is no such file" : "there is no file `\(path)` to include"
            context.error(what, at: location, hint: "create it, or correct the path")
        } catch {
            context.error(error.message, at: location, hint: hint(for: error, path, isIncluded: include != nil))
        }
        isWhole = false
        return nil
    }

    private func hint(for error: FileAccessError, _ path: String, isIncluded: Bool) -> String {
        guard error.code == "not_a_regular_file" else {
            return error.hint ?? "make the file readable for the agent"
        }
        guard (try? files.names(in: path)) != nil else {
            return "name a regular file: the configuration is read anew with every reload"
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return isIncluded
            ? "write `\(folder)*.yml` for the files in it" : "name the file in it, such as `\(folder)outrider.yml`"
    }

    /// The tree of one file; nil for an empty one, and for a broken one, which is reported.
    private mutating func tree(_ content: [UInt8], _ path: String) -> YAMLNode? {
        let document = YAMLDocument(content, file: path)
        for problem in document.problems { context.error(problem.message, at: problem.location, hint: problem.hint) }
        guard let root = document.root else {
            isWhole = isWhole && document.problems.isEmpty
            return nil
        }
        return root.isNull ? nil : root
    }
}

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
        guard let content = content(of: main) else { return nil }
        guard let node = tree(content, main) else {
            guard isWhole else { return nil }
            context.error(
                "the file is empty", at: TextLocation(file: main, line: 1, column: 1),
                hint: "begin with `\(RootKeys.sources.schema.key): \(RootKeys.sources.schema.example)`")
            return nil
        }
        guard case .mapping(let entries) = node.content else { return node }
        var merge = FileMerge(main: node, entries: entries, context: context)
        for path in includes(entries, main) { addIncluded(path, to: &merge) }
        return merge.root
    }

    private mutating func includes(_ entries: [YAMLEntry], _ main: String) -> [String] {
        let field = RootKeys.include
        guard let entry = entries.first(where: { $0.key == field.schema.key }) else { return [] }
        guard let globs = context.within(key: entry.key, { field.reader.read(entry.value, context) }) else {
            isWhole = false
            return []
        }
        return IncludeFinder(files: files, context: context).paths(globs, main: main)
    }

    private mutating func addIncluded(_ path: String, to merge: inout FileMerge) {
        guard let content = content(of: path), let node = tree(content, path) else { return }
        guard case .mapping(let entries) = node.content else {
            isWhole = false
            _ = ObjectReader(node, RootKeys.schema, context)
            return
        }
        merge.add(entries)
    }

    private mutating func content(of path: String) -> [UInt8]? {
        paths.append(path)
        do throws(FileAccessError) {
            if let content = try files.read(path) { return content }
            reportUnread(path, "there is no such file", "create it, or correct the path")
        } catch {
            reportUnread(path, error.message, error.hint ?? "make the file readable for the agent")
        }
        return nil
    }

    private mutating func reportUnread(_ path: String, _ message: String, _ hint: String) {
        isWhole = false
        context.error(message, at: TextLocation(file: path), hint: hint)
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

import YAMLNodes

/// Puts the main file and the files that it includes together to one tree.
struct FileMerge {
    let context: DecodingContext
    private var location: TextLocation
    private var entries: [YAMLEntry] = []

    init(main: YAMLNode, entries: [YAMLEntry], context: DecodingContext) {
        self.location = main.location
        self.entries = entries
        self.context = context
    }

    var root: YAMLNode { YAMLNode(.mapping(entries), at: location) }

    /// Adds an included file; its own `include` is not followed.
    mutating func add(_ included: [YAMLEntry]) {
        entries = merged(entries, included.filter { $0.key != RootKeys.include.schema.key }, path: "")
    }

    private func merged(_ old: [YAMLEntry], _ new: [YAMLEntry], path: String) -> [YAMLEntry] {
        var result = old
        for entry in new {
            guard let index = result.firstIndex(where: { $0.key == entry.key }) else {
                result.append(entry)
                continue
            }
            result[index] = merged(result[index], entry, path: path + entry.key)
        }
        return result
    }

    private func merged(_ old: YAMLEntry, _ new: YAMLEntry, path: String) -> YAMLEntry {
        var result = old
        switch (old.value.content, new.value.content) {
        case (.mapping(let first), .mapping(let second)):
            result.value.content = .mapping(merged(first, second, path: path + "."))
        case (.sequence(let first), .sequence(let second)):
            result.value.content = .sequence(first + second)
        default:
            context.error(
                "`\(path)` is set twice, here and at \(old.keyLocation)", at: new.keyLocation,
                hint: "set it in one file only")
        }
        return result
    }
}

/// A glob for the name of an included file: `*` stands for any characters, `?` for one.
struct FileNameGlob {
    private let pattern: [Character]

    init(_ pattern: String) { self.pattern = Array(pattern) }

    var isLiteral: Bool { !pattern.contains("*") && !pattern.contains("?") }

    /// Whether a name matches. Hidden files match only a glob that itself begins with a dot.
    func matches(_ name: String) -> Bool {
        if name.hasPrefix("."), pattern.first != "." { return false }
        return matches(Array(name))
    }

    /// Tries the last `*` again with one more character whenever the rest does not fit: linear in practice, and never
    /// worse than the product of both lengths.
    private func matches(_ name: [Character]) -> Bool {
        var (index, position) = (0, 0)
        var retry: (index: Int, position: Int)?
        while position < name.count {
            if index < pattern.count, pattern[index] == "*" {
                retry = (index, position)
                index += 1
            } else if index < pattern.count, pattern[index] == "?" || pattern[index] == name[position] {
                index += 1
                position += 1
            } else if let last = retry {
                retry = (last.index, last.position + 1)
                (index, position) = (last.index + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == "*" }
    }
}

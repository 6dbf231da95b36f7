/// A set of absolute paths, written as a glob.
///
///     *        any run of characters in a name      [a-z]    one of these characters     {a,b{c,d}}   one of these
///     ?        one character                        [!a-z]   any other character         \x           the character x
///     **       as a whole name: any number of directories, also none
///
/// A name that begins with a dot is matched only where the pattern has that dot. Nothing matches a slash but a slash.
public struct FilePattern: Hashable, Sendable, CustomStringConvertible {
    /// What stands between two slashes.
    enum Component: Hashable, Sendable {
        case name(NamePattern)
        /// `**`; never the last, and never two in a row.
        case anyDirectories
    }

    /// The pattern as it was written.
    public let text: String
    /// The pattern with its braces multiplied out.
    let alternatives: [[Component]]

    /// The pattern as it was written.
    public var description: String { text }

    /// Reads a pattern.
    public init(_ text: String) throws(FilePatternError) {
        self.text = text
        var parser = FilePatternParser(text)
        alternatives = try parser.parse()
    }

    /// Whether the path, which is absolute, belongs to the set. Looks at the name only.
    public func matches(_ path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/") else { return false }
        let names = path.split(separator: "/").map(String.init)
        return alternatives.contains { matches(names, $0) }
    }

    /// The deepest directory that all its paths lie in.
    public var fixedPrefix: String {
        let prefixes = alternatives.map { components in
            components.dropLast().map { $0.literal }.prefix { $0 != nil }.compactMap { $0 }
        }
        guard var common = prefixes.first else { return "/" }
        for prefix in prefixes.dropFirst() {
            common = zip(common, prefix).prefix { $0 == $1 }.map(\.0)
        }
        return "/" + common.joined(separator: "/")
    }

    /// The only paths that it can match; nil when it has a wildcard.
    public var literalPaths: [String]? {
        var paths: [String] = []
        for components in alternatives {
            let names = components.compactMap(\.literal)
            guard names.count == components.count else { return nil }
            paths.append("/" + names.joined(separator: "/"))
        }
        return paths
    }

    /// The same walk as for a star in a name, with names for characters.
    private func matches(_ names: [String], _ components: [Component]) -> Bool {
        var (at, index) = (0, 0)
        var star: (at: Int, index: Int)?
        while at < names.count {
            if index < components.count, components[index] == .anyDirectories {
                star = (at, index)
                index += 1
            } else if index < components.count, components[index].matches(names[at]) {
                at += 1
                index += 1
            } else if let last = star, !names[last.at].hasPrefix(".") {
                star = (last.at + 1, last.index)
                (at, index) = (last.at + 1, last.index + 1)
            } else {
                return false
            }
        }
        return index == components.count
    }
}

extension FilePattern.Component {
    /// The only name it matches; nil when it has a wildcard.
    var literal: String? {
        guard case .name(let pattern) = self else { return nil }
        return pattern.literal
    }

    /// Whether it matches the name of one directory or file.
    func matches(_ name: String) -> Bool {
        switch self {
        case .name(let pattern): pattern.matches(name)
        case .anyDirectories: !name.hasPrefix(".")
        }
    }
}

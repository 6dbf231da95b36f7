import FileAccess
import LogModel

/// Which live files one source reads, and which of the matched files are rotated siblings of those.
struct SourceMatcher {
    let settings: FileSourceSettings
    private let include: [FilePattern]
    private let exclude: [FilePattern]

    init(_ settings: FileSourceSettings) throws(FileTailError) {
        self.settings = settings
        self.include = try Self.parse(settings.include, of: settings.name)
        self.exclude = try Self.parse(settings.exclude, of: settings.name)
    }

    private static func parse(_ globs: [String], of source: SourceName) throws(FileTailError) -> [FilePattern] {
        var patterns: [FilePattern] = []
        for glob in globs {
            do { patterns.append(try FilePattern(glob)) } catch {
                throw FileTailError(
                    code: "bad_glob", message: "source \(source): the glob \(glob) cannot be read: \(error)",
                    hint: "globs are absolute and may use * ? [a-z] {a,b} and **", healing: .byOperator)
            }
        }
        return patterns
    }

    /// What tells one set of globs from another.
    var globsHash: ContentHash {
        ContentHash(Array((settings.include + ["\u{0}"] + settings.exclude).joined(separator: "\u{0}").utf8))
    }

    func includes(_ path: String) -> Bool {
        include.contains { $0.matches(path) } && !exclude.contains { $0.matches(path) }
    }

    /// The matched paths in order, the directories that were looked into, and why there may be more files or are none.
    func expand(using files: any FileAccess) -> (paths: [String], directories: Set<String>, problems: [FileAccessError])
    {
        var paths: Set<String> = []
        var directories: Set<String> = []
        var problems: [FileAccessError] = []
        var irregular: [String] = []
        for pattern in include {
            let found = pattern.expand(using: files)
            paths.formUnion(found.files.filter { path in !exclude.contains { $0.matches(path) } })
            directories.formUnion(found.directories)
            problems += found.errors
            irregular += found.irregular.filter { path in !exclude.contains { $0.matches(path) } }
        }
        // Beside files it is nothing of note: `/var/log/*` matches sockets too.
        if paths.isEmpty { problems += irregular.compactMap(files.reasonAgainstReading) }
        return (paths.sorted(), directories, problems)
    }
}

/// A matched live file with the matched rotated siblings that belong to its stream.
struct MatchedStream {
    var path: String
    var rotated: Set<String>
}

/// Groups matched paths into streams: `app.log.1` and `app.log-20251123.gz` belong to `app.log`.
struct FamilyIndex {
    private var liveNames: Set<String>

    /// `live`: absolute paths that are known to be live files.
    init(live: some Sequence<String>) { liveNames = Set(live) }

    mutating func insert(live path: String) { liveNames.insert(path) }

    func isLive(_ path: String) -> Bool { liveNames.contains(path) }

    /// The live file whose rotated sibling `path` is; nil when it is none of them.
    func liveFile(of path: String) -> String? {
        let (directory, name) = splitPath(path)
        for candidate in Self.candidates(name).reversed() {
            let live = join(directory, candidate)
            if live != path, liveNames.contains(live), RotatedName(name, ofLive: candidate) != nil { return live }
        }
        return nil
    }

    /// The names that the live file has if `name` is that of a rotated one, shortest first.
    static func liveNames(ofRotated name: String) -> [String] {
        candidates(name).filter { RotatedName(name, ofLive: $0) != nil }
    }

    /// The names that a live file could have if `name` is a rotation of it, shortest first.
    private static func candidates(_ name: String) -> [String] {
        let ending = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        let lastDot = ending.lastIndex(of: ".")
        var result: [String] = []
        for index in name.indices.dropFirst() where ".-_~".contains(name[index]) {
            result.append(String(name[..<index]))
            if let lastDot, index < lastDot { result.append(String(name[..<index]) + ending[lastDot...]) }
        }
        return result
    }

    static func group(_ paths: [String], tracked: some Sequence<String>, matcher: SourceMatcher) -> [MatchedStream] {
        var live = Set(paths).union(tracked)
        for path in paths {
            // `app.log.1` without an `app.log`: its writer is between two files.
            let (directory, name) = splitPath(path)
            if let base = RotatedName.liveName(ofNumbered: name), matcher.includes(join(directory, base)) {
                live.insert(join(directory, base))
            }
        }
        let index = FamilyIndex(live: live)
        var streams: [String: Set<String>] = [:]
        for path in paths {
            var root = path
            while let parent = index.liveFile(of: root) { root = parent }
            if root == path {
                streams[path, default: []].formUnion([])
            } else {
                streams[root, default: []].insert(path)
            }
        }
        return streams.map { MatchedStream(path: $0.key, rotated: $0.value) }.sorted { $0.path < $1.path }
    }
}

import LogModel

/// One search for the files of a pattern: the pattern is run as an automaton over the directory tree.
final class FileWalk {
    /// A place in the pattern: the component that the names of a directory are held against next.
    private struct Place: Hashable, Comparable {
        var alternative: Int
        var component: Int
        static func < (left: Place, right: Place) -> Bool {
            (left.alternative, left.component) < (right.alternative, right.component)
        }
    }

    /// A directory to look into.
    private struct Visit {
        var path: String
        var canonicalPath: String
        var places: [Place]
        var depth: Int
    }

    /// Which directory was seen for which places.
    private struct Sight: Hashable {
        var canonicalPath: String
        var places: [Place]
    }

    private let pattern: FilePattern
    private let access: any FileAccess
    private let maximumDepth: Int
    private var expansion = FileExpansion()
    private var waiting: [Visit] = []
    /// Directories behind symbolic links come after all others, so that a file is known by its own path.
    private var waitingLinks: [Visit] = []
    private var sights: Set<Sight> = []
    private var found: Set<String> = []
    private var directories: Set<String> = []

    init(pattern: FilePattern, access: any FileAccess, maximumDepth: Int) {
        self.pattern = pattern
        self.access = access
        self.maximumDepth = maximumDepth
    }

    func run() -> FileExpansion {
        let start = pattern.alternatives.indices.map { Place(alternative: $0, component: 0) }
        waiting = [Visit(path: "/", canonicalPath: "/", places: start, depth: 0)]
        while let visit = waiting.popLast() ?? nextLink() { look(into: visit) }
        expansion.files.sort()
        expansion.irregular.sort()
        expansion.directories = directories.sorted()
        return expansion
    }

    /// The first by path, so that the choice between two links to one directory is always the same.
    private func nextLink() -> Visit? {
        let first = waitingLinks.indices.min { waitingLinks[$0].path < waitingLinks[$1].path }
        return first.map { waitingLinks.remove(at: $0) }
    }

    private func look(into visit: Visit) {
        let places = closure(visit.places)
        guard sights.insert(Sight(canonicalPath: visit.canonicalPath, places: places)).inserted else { return }
        guard visit.depth <= maximumDepth else {
            expansion.errors.append(tooDeep(visit.path))
            return
        }
        let literals = places.compactMap { component($0).literal }
        if literals.count == places.count {
            // Every name is known: no listing, which may be long or forbidden.
            for name in Set(literals).sorted() { resolve(name, in: visit, places) }
            return
        }
        guard let entries = collecting({ () throws(FileAccessError) in try access.list(visit.path) }) else { return }
        directories.insert(visit.path)
        for entry in entries where places.contains(where: { component($0).matches(entry.name) }) {
            meet(entry.name, entry.kind, in: visit, places)
        }
    }

    /// Looks a name up that the pattern spells out.
    private func resolve(_ name: String, in visit: Visit, _ places: [Place]) {
        let path = join(visit.path, name)
        let status = collecting { () throws(FileAccessError) in try access.status(path) }
        guard let status else {
            // Its coming into being is seen in this directory.
            directories.insert(visit.path)
            return
        }
        let matchesHere = places.contains { isLast($0) }
        if matchesHere { directories.insert(visit.path) }
        if status.kind == .directory {
            // Whether the name itself is a link shows in where it leads.
            meet(name, .unknown, in: visit, places)
        } else if matchesHere {
            meet(name, status.kind, in: visit, places)
        }
    }

    /// Follows a name that at least one place matches.
    private func meet(_ name: String, _ kind: FileKind, in visit: Visit, _ places: [Place]) {
        let matching = places.filter { component($0).matches(name) }
        let path = join(visit.path, name)
        var kind = kind
        let mayBeLink = kind == .symbolicLink || kind == .unknown
        if mayBeLink {
            guard let status = collecting({ () throws(FileAccessError) in try access.status(path) }) else { return }
            kind = status.kind
        }
        if kind == .directory {
            descend(path, name, mayBeLink, in: visit, matching)
        } else if matching.contains(where: { isLast($0) }) {
            report(path, isRegular: kind == .regular, identity: join(visit.canonicalPath, name))
        }
    }

    private func descend(
        _ path: String, _ name: String, _ mayBeLink: Bool, in visit: Visit, _ matching: [Place]
    ) {
        let places = matching.compactMap { after($0) }
        if places.isEmpty {
            // A wildcard that meets a directory says nothing; a directory that is named outright is a mistake.
            if matching.contains(where: { isOutright($0) }) {
                report(path, isRegular: false, identity: join(visit.canonicalPath, name))
            }
            return
        }
        let own = join(visit.canonicalPath, name)
        var canonical = own
        if mayBeLink {
            guard let resolved = collecting({ () throws(FileAccessError) in try access.canonicalPath(path) }) else {
                return
            }
            canonical = resolved
        }
        let next = Visit(path: path, canonicalPath: canonical, places: places, depth: visit.depth + 1)
        if canonical == own {
            waiting.append(next)
        } else {
            // The link can come to lead elsewhere.
            directories.insert(visit.path)
            waitingLinks.append(next)
        }
    }

    private func report(_ path: String, isRegular: Bool, identity: String) {
        guard found.insert(identity).inserted else { return }
        if isRegular { expansion.files.append(path) } else { expansion.irregular.append(path) }
    }

    private func collecting<Value>(_ call: () throws(FileAccessError) -> Value?) -> Value? {
        do { return try call() } catch {
            expansion.errors.append(error)
            return nil
        }
    }

    private func component(_ place: Place) -> FilePattern.Component {
        pattern.alternatives[place.alternative][place.component]
    }

    private func isLast(_ place: Place) -> Bool {
        place.component == pattern.alternatives[place.alternative].count - 1
    }

    private func isOutright(_ place: Place) -> Bool {
        pattern.alternatives[place.alternative].allSatisfy { $0.literal != nil }
    }

    /// Where the pattern stands in a directory that was matched at `place`; nil when it ends there.
    private func after(_ place: Place) -> Place? {
        if component(place) == .anyDirectories { return place }
        return isLast(place) ? nil : Place(alternative: place.alternative, component: place.component + 1)
    }

    /// Adds the places that `**` reaches by standing for no directory.
    private func closure(_ places: [Place]) -> [Place] {
        var all = Set(places)
        for place in places where component(place) == .anyDirectories {
            all.insert(Place(alternative: place.alternative, component: place.component + 1))
        }
        return all.sorted()
    }

    private func tooDeep(_ path: String) -> FileAccessError {
        FileAccessError(
            code: "too_deep", message: "Nothing below \(path) is looked at: it lies \(maximumDepth) directories deep.",
            hint: "Begin the pattern further down.", healing: .byOperator)
    }
}

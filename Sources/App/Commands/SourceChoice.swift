import FileAccess
import FileTail
import LogModel

/// Which source lines are from.
struct SourceChoice {
    private let sources: [FileSourceSettings]
    init(_ sources: [FileSourceSettings]) { self.sources = sources }

    /// The source of this name.
    func named(_ name: String) throws -> SourceName {
        guard let source = sources.map(\.name).first(where: { $0.rawValue == name }) else {
            throw UsageError(
                "there is no source named \(name)",
                hint: "the sources are \(sources.map(\.name.rawValue).joined(separator: ", "))")
        }
        return source
    }

    /// The source that reads the file at an absolute path, or one that the file is a rotation of.
    func reading(_ path: String) -> SourceName? {
        sources.first { source in
            func matches(_ globs: [String]) -> Bool {
                globs.contains { glob in (try? FilePattern(glob)).map { $0.matches(path) } ?? false }
            }
            return matches(source.include) && !matches(source.exclude)
        }?.name
    }

    /// The only source that there is.
    var only: SourceName? { sources.count == 1 ? sources[0].name : nil }
}

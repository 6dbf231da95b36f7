import FileAccess
import YAMLNodes

/// Files that two parts of the configuration mean at once: what the agent writes itself is never read, and what two sources
/// read counts twice.
struct FileChecks {
    let root: RootDraft
    let stateDirectory: String
    let context: DecodingContext
    /// What tells one file from another, by whatever name it goes.
    let identity: (String) -> String

    func check() {
        for source in root.sources { checkStateDirectory(source) }
        for record in root.records { checkRead(record) }
        checkRecordsDiffer()
        checkSourcesDiffer()
    }

    // MARK: What the agent writes

    private func checkStateDirectory(_ source: SourceDraft) {
        guard !stateDirectory.isEmpty else { return }
        for glob in source.files {
            guard OwnFiles.hides(stateDirectory, glob.value) else { continue }
            context.error(
                "`\(glob.value)` \(OwnFiles.reason(stateDirectory: stateDirectory))", at: glob.location,
                hint: "let `\(RootKeys.stateDirectory.schema.key)` name a directory that holds nothing else")
        }
    }

    /// A source that would read what a record writes, or that loses a file of its own to it.
    private func checkRead(_ record: RecordDraft) {
        guard let path = record.path else { return }
        for source in root.sources {
            guard let (glob, reason) = clash(source, path.value) else { continue }
            let name = source.name.map { "the source `\($0.value)`" } ?? "a source"
            context.error(
                "\(name) reads `\(glob)`, \(reason)", at: path.location,
                hint: "write to another file; if the source is not meant to read this one, name it in its `exclude`")
        }
    }

    /// The first glob of a source that a record at `path` disturbs, and how.
    private func clash(_ source: SourceDraft, _ path: String) -> (glob: FilePattern, reason: String)? {
        let passedOver = "but the agent never reads what a record writes: `\(path)` and its rotations"
        let endless = "which is the file that the record writes to: what it writes would be read again, without end"
        for glob in source.files.map(\.value) {
            guard let literals = glob.literalPaths else {
                if glob.matches(path), !source.isExcluded(path) { return (glob, passedOver) }
                continue
            }
            for literal in literals where !source.isExcluded(literal) {
                if OwnFiles.hides(path, literal) { return (glob, passedOver) }
                if identity(path) == identity(literal) { return (glob, endless) }
            }
        }
        return nil
    }

    private func checkRecordsDiffer() {
        var first: [String: TextLocation] = [:]
        for path in root.records.compactMap(\.path) {
            let identity = identity(path.value)
            guard let other = first[identity] else {
                first[identity] = path.location
                continue
            }
            context.error(
                "two records write to `\(path.value)`, here and at \(other): their lines would be mixed",
                at: path.location,
                hint: "give each its own file")
        }
    }

    // MARK: What two sources read

    private func checkSourcesDiffer() {
        var first: [String: (source: SourceDraft, location: TextLocation)] = [:]
        for source in root.sources {
            for glob in source.files {
                for path in glob.value.literalPaths ?? [] where !source.isExcluded(path) {
                    guard let other = first[identity(path)] else {
                        first[identity(path)] = (source, glob.location)
                        continue
                    }
                    guard other.source.name?.value != source.name?.value else { continue }
                    reportReadTwice(Located(value: path, location: glob.location), source, other.source, other.location)
                }
            }
        }
    }

    /// It is certain where a pattern takes the lines of both; else each may have its own patterns.
    private func reportReadTwice(
        _ path: Located<String>, _ source: SourceDraft, _ other: SourceDraft, _ location: TextLocation
    ) {
        let names = [source, other].compactMap(\.name?.value)
        guard names.count == 2 else { return }
        let pattern = root.patterns.first { pattern in
            pattern.sources.map { written in names.allSatisfy { written.map(\.value).contains($0) } } ?? true
        }
        let what = "two sources read `\(path.value)`, here and at \(location)"
        if let pattern {
            let name = pattern.name.map { " `\($0.value)`" } ?? ""
            context.error(
                "\(what): every line that the pattern\(name) matches counts twice", at: path.location,
                hint: "name it in one source only, or limit the pattern with `sources: [\(names[1])]`")
        } else {
            context.warning(
                "\(what): records and patterns for both get every line twice", at: path.location,
                hint: "name it in one source only; a pattern can be limited with `sources`")
        }
    }
}

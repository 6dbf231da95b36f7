public import FileAccess
public import LogModel
public import YAMLNodes

/// A glob of a source's `files`, and where it is written.
public struct ConfiguredGlob: Sendable {
    /// The source that reads what it matches.
    public let source: SourceName
    /// The glob itself, absolute.
    public let pattern: FilePattern
    /// Its place in the configuration; nil for one of the command line.
    public let location: TextLocation?

    /// A glob of a source.
    public init(source: SourceName, pattern: FilePattern, location: TextLocation?) {
        self.source = source
        self.pattern = pattern
        self.location = location
    }
}

/// A file to which lines are written, and where that is said.
public struct ConfiguredRecord: Sendable {
    /// The consumer that writes to it.
    public let name: ConsumerName
    /// The file, absolute.
    public let path: String
    /// Its place in the configuration.
    public let location: TextLocation

    /// A file of a record.
    public init(name: ConsumerName, path: String, location: TextLocation) {
        self.name = name
        self.path = path
        self.location = location
    }
}

/// A configuration that can be used.
public struct LoadedConfiguration: Sendable {
    /// What the files say, or what the command line says instead.
    public var configuration: AgentConfiguration
    /// What is probably not meant, in the order of the files.
    public let warnings: [Diagnostic]
    /// Every file that was read, the main one first.
    public let files: [String]
    /// The globs of all sources, in the order of the files.
    public let globs: [ConfiguredGlob]
    /// The files of all records, in the order of the files.
    public let records: [ConfiguredRecord]
    /// The tests beside its patterns, in the order of the files.
    public let tests: [PatternTest]
    /// The samples of sources, in the order of the files.
    public let samples: [ConfiguredSample]
    /// Where the patterns are written.
    public let places: PatternPlaces

    /// A configuration with what the loader says of it; of one that no file describes it says nothing.
    public init(
        _ configuration: AgentConfiguration, warnings: [Diagnostic] = [], files: [String] = [],
        globs: [ConfiguredGlob] = [], records: [ConfiguredRecord] = [], tests: [PatternTest] = [],
        samples: [ConfiguredSample] = [],
        places: PatternPlaces = PatternPlaces()
    ) {
        self.configuration = configuration
        self.warnings = warnings
        self.files = files
        self.globs = globs
        self.records = records
        self.tests = tests
        self.samples = samples
        self.places = places
    }
}

/// Reads a configuration file and those that it includes.
public struct ConfigurationLoader {
    private let files: any ConfigurationFiles
    private let environment: (String) -> String?
    private let patternChecker: (String) -> PatternCheckResult
    private let defaultStateDirectory: String
    private let mayLackSources: Bool

    /// Creates a loader.
    ///
    /// - Parameters:
    ///   - files: where files are read.
    ///   - environment: looks variables up for `${NAME}`.
    ///   - defaultStateDirectory: where state is kept when `state_dir` is not set.
    ///   - mayLackSources: whether a file without sources, one that others include, is good by itself.
    ///   - patternChecker: compiles an expression and names its captures.
    public init(
        files: any ConfigurationFiles, environment: @escaping (String) -> String?, defaultStateDirectory: String,
        mayLackSources: Bool = false, patternChecker: @escaping (String) -> PatternCheckResult
    ) {
        self.files = files
        self.environment = environment
        self.defaultStateDirectory = defaultStateDirectory
        self.mayLackSources = mayLackSources
        self.patternChecker = patternChecker
    }

    /// Reads and checks the configuration at `path`.
    ///
    /// - Parameter path: absolute or relative; messages name files as seen from here.
    /// - Returns: the configuration with its warnings.
    /// - Throws: `ConfigurationError` with every mistake of all files.
    public func load(path: String) throws(ConfigurationError) -> LoadedConfiguration {
        let context = DecodingContext(environment: environment, workingDirectory: try workingDirectory(path))
        var reading = ConfigurationReading(files: files, context: context)
        let draft = reading.read(main: path).flatMap { RootKeys.reader.read($0, context) }
        let assembled = draft.map { assemble($0, context, isWhole: reading.isWhole) }
        let diagnostics = sorted(context.diagnostics, files: reading.paths)
        guard let assembled, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw ConfigurationError(
                diagnostics: diagnostics,
                stateDirectory: draft.flatMap { stateDirectory(of: $0, isWhole: reading.isWhole) })
        }
        return LoadedConfiguration(
            assembled.configuration, warnings: diagnostics, files: reading.paths, globs: assembled.globs,
            records: assembled.records, tests: assembled.tests, samples: assembled.samples, places: assembled.places)
    }

    /// What a file that could not be read would have said of it is not known.
    private func stateDirectory(of draft: RootDraft, isWhole: Bool) -> String? {
        if let directory = draft.stateDirectory { return directory }
        let isStandard = isWhole && !draft.hasStateDirectory && !defaultStateDirectory.isEmpty
        return isStandard ? defaultStateDirectory : nil
    }

    private func workingDirectory(_ path: String) throws(ConfigurationError) -> String {
        do throws(FileAccessError) {
            return try files.workingDirectory()
        } catch {
            throw ConfigurationError(diagnostics: [
                Diagnostic(
                    at: TextLocation(file: path), message: error.message, hint: error.hint ?? "give an absolute path")
            ])
        }
    }

    private struct Assembled {
        var configuration: AgentConfiguration
        var globs: [ConfiguredGlob]
        var records: [ConfiguredRecord]
        var tests: [PatternTest]
        var samples: [ConfiguredSample]
        var places: PatternPlaces
    }

    private func assemble(_ draft: RootDraft, _ context: DecodingContext, isWhole: Bool) -> Assembled {
        var assembly = ConfigurationAssembly(
            root: draft, context: context, isWhole: isWhole && (draft.hasSources || !mayLackSources),
            defaultStateDirectory: defaultStateDirectory, patternChecker: patternChecker,
            zones: TimeZoneFiles(files, environment: environment), fileIdentity: identity)
        assembly.check()
        let globs = draft.sources.flatMap { source in
            source.files.map { glob in
                ConfiguredGlob(
                    source: SourceName(source.name?.value ?? ""), pattern: glob.value, location: glob.location)
            }
        }
        let records = draft.records.compactMap { record in
            record.name.flatMap { name in
                record.path.map {
                    ConfiguredRecord(name: ConsumerName(name.value), path: $0.value, location: $0.location)
                }
            }
        }
        return Assembled(
            configuration: assembly.configuration(), globs: globs, records: records, tests: assembly.tests(),
            samples: draft.sources.compactMap(ConfiguredSample.init), places: PatternPlaces(draft.patterns))
    }

    /// The file's path with symbolic links resolved, as far as it exists.
    private func identity(of path: String) -> String {
        if let canonical = try? files.canonicalPath(path) { return canonical }
        guard let folder = try? files.canonicalPath(PathText.folder(of: path)) else { return path }
        return PathText.join(folder, PathText.name(of: path))
    }

    /// In the order of the files and of the places in them; an alias can bring the same diagnostic twice.
    private func sorted(_ diagnostics: [Diagnostic], files: [String]) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let unique = diagnostics.filter { seen.insert($0).inserted }
        func key(_ diagnostic: Diagnostic) -> (Int, Int, Int, String) {
            let file = files.firstIndex(of: diagnostic.file) ?? files.count
            return (file, diagnostic.line, diagnostic.column, diagnostic.message)
        }
        return unique.sorted { key($0) < key($1) }
    }
}

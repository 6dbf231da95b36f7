import FileAccess
import YAMLNodes

/// A configuration that can be used.
public struct LoadedConfiguration: Sendable {
    /// What the files say, or what the command line says instead.
    public var configuration: AgentConfiguration
    /// What is probably not meant, in the order of the files.
    public let warnings: [Diagnostic]
    /// Every file that was read, the main one first.
    public let files: [String]

    /// A configuration with what the loader says of it; one that no file describes has neither warnings nor files.
    public init(_ configuration: AgentConfiguration, warnings: [Diagnostic] = [], files: [String] = []) {
        self.configuration = configuration
        self.warnings = warnings
        self.files = files
    }
}

/// Reads a configuration file and those that it includes.
public struct ConfigurationLoader {
    private let files: any ConfigurationFiles
    private let environment: (String) -> String?
    private let patternChecker: (String) -> PatternCheckResult
    private let defaultStateDirectory: String

    /// Creates a loader.
    ///
    /// - Parameters:
    ///   - files: where files are read.
    ///   - environment: looks variables up for `${NAME}`.
    ///   - defaultStateDirectory: where state is kept when `state_dir` is not set.
    ///   - patternChecker: compiles an expression and names its captures.
    public init(
        files: any ConfigurationFiles, environment: @escaping (String) -> String?, defaultStateDirectory: String,
        patternChecker: @escaping (String) -> PatternCheckResult
    ) {
        self.files = files
        self.environment = environment
        self.defaultStateDirectory = defaultStateDirectory
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
        let root = reading.read(main: path)
        let configuration = root.flatMap { assemble($0, context, isWhole: reading.isWhole) }
        let diagnostics = sorted(context.diagnostics, files: reading.paths)
        guard let configuration, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw ConfigurationError(diagnostics: diagnostics)
        }
        return LoadedConfiguration(configuration, warnings: diagnostics, files: reading.paths)
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

    private func assemble(_ root: YAMLNode, _ context: DecodingContext, isWhole: Bool) -> AgentConfiguration? {
        guard let draft = RootKeys.reader.read(root, context) else { return nil }
        var assembly = ConfigurationAssembly(
            root: draft, context: context, isWhole: isWhole, defaultStateDirectory: defaultStateDirectory,
            patternChecker: patternChecker)
        assembly.check()
        return assembly.configuration()
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

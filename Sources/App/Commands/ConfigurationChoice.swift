import Agent
import Configuration
import Extraction
import FileAccess
import FileTail
import Ledger
import LogModel
import PatternMatching

/// Which configuration somebody means: a file, or logs without one.
struct ConfigurationChoice {
    /// What is used when nothing is given and it is there.
    static let standardFile = "/etc/outrider/outrider.yml"

    var file: String?
    var logs: [String] = []
    /// Instead of what the configuration says.
    var stateDirectory: String?
    /// Instead of what the configuration says.
    var listen: String?

    /// The configuration that is meant, with everything checked.
    ///
    /// - Throws: `ConfigurationError`, `UnusableConfiguration` or `UsageError`, each naming everything that is wrong.
    func load() throws -> LoadedConfiguration {
        let files = DiskConfigurationFiles(LinuxFileAccess())
        var loaded = try logs.isEmpty ? load(try fileOrStandard(), files) : shipped(files)
        if let stateDirectory {
            loaded.configuration.ledger.directory = try Self.absolute(stateDirectory, files)
            try Self.checkReadable(loaded.globs, stateDirectory: loaded.configuration.stateDirectory)
        }
        if let listen { try loaded.configuration.listen(at: listen) }
        try check(loaded.configuration)
        return loaded
    }

    /// The loader knows only the state directory of the file.
    private static func checkReadable(_ globs: [ConfiguredGlob], stateDirectory: String) throws {
        let mistakes = globs.filter { OwnFiles.hides(stateDirectory, $0.pattern) }.map { glob in
            UsageError(
                "`\(glob.pattern)` \(OwnFiles.reason(stateDirectory: stateDirectory))",
                hint: "let --state-dir name a directory that holds nothing else")
        }
        if !mistakes.isEmpty { throw UnusableConfiguration(mistakes: mistakes) }
    }

    /// The configuration file that is meant.
    private func fileOrStandard() throws -> String {
        if let file = try fileIfAny() { return file }
        throw UsageError(
            "there is no configuration: give --config FILE, or --log FILE to do without one",
            hint: "\(Self.standardFile) is used when neither is given and it exists")
    }

    /// The configuration file that is meant; nil when none was given, and the standard one is not there.
    func fileIfAny() throws -> String? {
        if let file { return file }
        return try LinuxFileAccess().status(Self.standardFile) == nil ? nil : Self.standardFile
    }

    /// A file for its tests: one without sources will do, and nothing is said of places.
    func loadTests() throws -> LoadedConfiguration {
        try loader(DiskConfigurationFiles(LinuxFileAccess()), mayLackSources: true).load(path: try fileOrStandard())
    }

    func loader(_ files: DiskConfigurationFiles, mayLackSources: Bool = false) -> ConfigurationLoader {
        ConfigurationLoader(
            files: files, environment: ProcessEnvironment.value,
            // Only a configuration without `state_dir` needs the standard, and where there is none says so by being empty.
            defaultStateDirectory: stateDirectory ?? Self.standardStateDirectory ?? "",
            mayLackSources: mayLackSources, patternChecker: Self.checkPattern)
    }

    private func load(_ path: String, _ files: DiskConfigurationFiles) throws -> LoadedConfiguration {
        let loaded = try loader(files).load(path: path)
        if loaded.configuration.stateDirectory.isEmpty { throw Self.noStateDirectory }
        return loaded
    }

    private func shipped(_ files: DiskConfigurationFiles) throws -> LoadedConfiguration {
        if file != nil {
            throw UsageError(
                "--config and --log cannot be given together",
                hint: "name the log under `sources:` in the configuration")
        }
        guard let directory = stateDirectory ?? Self.standardStateDirectory else { throw Self.noStateDirectory }
        let configuration = AgentConfiguration.default(
            logs: logs, workingDirectory: try files.workingDirectory(), disk: files, stateDirectory: directory,
            zone: TimeZoneFiles(files, environment: ProcessEnvironment.value).local.rules)
        return LoadedConfiguration(configuration, globs: try Self.globs(of: configuration))
    }

    /// The globs of `--log`.
    private static func globs(of configuration: AgentConfiguration) throws -> [ConfiguredGlob] {
        var globs: [ConfiguredGlob] = []
        var mistakes: [any DescribedError] = []
        for source in configuration.sources {
            for text in source.include where text != "-" {
                do throws(FilePatternError) {
                    globs.append(ConfiguredGlob(source: source.name, pattern: try FilePattern(text), location: nil))
                } catch {
                    mistakes.append(
                        UsageError("`--log \(text)` is no file glob: it \(error.problem)", hint: error.hint))
                }
            }
        }
        if !mistakes.isEmpty { throw UnusableConfiguration(mistakes: mistakes) }
        return globs
    }

    static var standardStateDirectory: String? {
        StateDirectory.standard(environment: ProcessEnvironment.value, isRoot: ProcessEnvironment.isRoot)
    }

    static let noStateDirectory = UsageError(
        "there is no place to keep state: neither HOME nor XDG_STATE_HOME is set", hint: "give --state-dir DIRECTORY")

    private static func checkPattern(_ expression: String) -> PatternCheckResult {
        do throws(PatternError) {
            let pattern = try Pattern(expression, jit: .never)
            return .valid(captureNames: Set(pattern.captureNames.map(\.name)))
        } catch {
            return .invalid(reason: "\(error.reason), at byte \(error.offset)")
        }
    }

    /// What only extraction can tell of the patterns.
    private func check(_ configuration: AgentConfiguration) throws {
        let mistakes: [any DescribedError] = Extractor.mistakes(
            in: configuration.patterns, sources: configuration.sources.map(\.name))
        if !mistakes.isEmpty { throw UnusableConfiguration(mistakes: mistakes) }
        if let mistake = configuration.metricMistake { throw UnusableConfiguration(mistakes: [mistake]) }
    }

    /// A path as seen from the working directory.
    static func absolute(_ path: String, _ files: DiskConfigurationFiles) throws -> String {
        PathText.climbed(PathText.join(try files.workingDirectory(), path), files)
    }
}

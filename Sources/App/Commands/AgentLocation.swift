import Configuration
import FileAccess

/// Where the agent is that somebody means, so that it can be asked.
struct AgentLocation {
    let stateDirectory: String
    /// Nil where there is none, or one with mistakes.
    var configuration: AgentConfiguration?
    /// What is wrong with the configuration, though it says where the agent is.
    var mistakes: ConfigurationError?

    /// Says that the configuration was not used for more than to find the agent.
    func complainOfMistakes() {
        guard let mistakes else { return }
        StandardStreams.complain("\(mistakes.message); the agent in \(stateDirectory) is asked all the same")
        if let hint = mistakes.hint { StandardStreams.complain(raw: "    \(hint)\n") }
    }
}

extension ConfigurationChoice {
    /// Where the agent is. A configuration with mistakes will do if it says that; one that is not there means the standard place.
    ///
    /// - Throws: `UsageError` when there is no such place, or when it stands where mistakes hide it, which were then shown.
    func agent() throws -> AgentLocation {
        let files = DiskConfigurationFiles(LinuxFileAccess())
        let given = try stateDirectory.map { try Self.absolute($0, files) }
        guard let path = try logs.isEmpty ? fileIfAny() : nil else {
            guard let directory = given ?? Self.standardStateDirectory else { throw Self.noStateDirectory }
            return AgentLocation(stateDirectory: directory)
        }
        let configuration: AgentConfiguration
        do throws(ConfigurationError) {
            configuration = try loader(files).load(path: path).configuration
        } catch {
            guard let directory = given ?? error.stateDirectory else {
                StandardStreams.complain(raw: "\(error)\n")
                throw UsageError(
                    "with these mistakes \(path) does not say where its agent keeps its state",
                    hint: "correct them, or give --state-dir DIRECTORY")
            }
            return AgentLocation(stateDirectory: directory, mistakes: error)
        }
        let directory = given ?? configuration.stateDirectory
        if directory.isEmpty { throw Self.noStateDirectory }
        return AgentLocation(stateDirectory: directory, configuration: configuration)
    }
}

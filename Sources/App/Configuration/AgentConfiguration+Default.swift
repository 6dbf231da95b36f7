public import CivilTime
import Extraction
import FileTail
import Ledger
import LineFormats
import LogModel
import LogPipeline

extension AgentConfiguration {
    /// What `outrider run --log FILE…` does without a configuration: one source named `log`, read from the beginning, whose lines
    /// may be those of containers, and the shipped patterns.
    ///
    /// - Parameters:
    ///   - logs: files or globs; relative ones are meant from `workingDirectory`. `-` is standard input and stays as it is.
    ///   - workingDirectory: an absolute path.
    ///   - disk: where the folders are that a relative log climbs to with `..`.
    ///   - stateDirectory: where state is kept, such as `StateDirectory.standard` finds.
    ///   - zone: of times in lines that name none.
    /// - Returns: a configuration that needs no further checks.
    public static func `default`(
        logs: [String], workingDirectory: String, disk: some ConfigurationFiles, stateDirectory: String,
        zone: TimeZoneRules = .utc
    ) -> AgentConfiguration {
        let files = logs.map { log in
            if log == "-" { return log }
            let climbs = log.split(separator: "/").contains("..")
            return PathText.simplified(
                climbs
                    ? PathText.climbed(PathText.join(workingDirectory, log), disk, writing: GlobText.literal)
                    : PathText.join(GlobText.literal(workingDirectory), log))
        }
        let source = FileSourceSettings(name: SourceName("log"), include: files, startAt: .beginning)
        return AgentConfiguration(
            ledger: LedgerSettings(directory: stateDirectory), sources: [source],
            decoding: [source.name: DecodingSettings(container: .auto, fields: .auto)],
            timestamps: zone == .utc ? [:] : [source.name: TimestampSettings(zone: zone)],
            patterns: ConfigurationAssembly.patterns(of: "default"))
    }
}

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
    ///   - stateDirectory: where state is kept, such as `StateDirectory.standard` finds.
    ///   - zone: of times in lines that name none.
    /// - Returns: a configuration that needs no further checks.
    public static func `default`(
        logs: [String], workingDirectory: String, stateDirectory: String, zone: TimeZoneRules = .utc
    ) -> AgentConfiguration {
        let folder = GlobText.literal(workingDirectory)
        let files = logs.map { $0 == "-" ? $0 : PathText.simplified(PathText.join(folder, $0)) }
        let source = FileSourceSettings(name: SourceName("log"), include: files, startAt: .beginning)
        return AgentConfiguration(
            ledger: LedgerSettings(directory: stateDirectory), sources: [source],
            decoding: [source.name: DecodingSettings(container: .auto, fields: .auto)],
            timestamps: zone == .utc ? [:] : [source.name: TimestampSettings(zone: zone)],
            patterns: ConfigurationAssembly.patterns(of: "default"))
    }
}

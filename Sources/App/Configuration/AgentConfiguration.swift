public import Consumption
public import Extraction
public import FileTail
public import HTTPInterface
public import HistorySampling
public import Ledger
public import LineFormats
public import LogModel
public import LogPipeline
public import SeriesModel

/// A label of every series in the history.
public struct TargetLabel: Hashable, Sendable {
    /// The label's name.
    public var name: String
    /// The label's value.
    public var value: String
    /// Creates a label.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Everything a configuration says, checked: names are unique, references lead somewhere, paths are absolute.
public struct AgentConfiguration: Hashable, Sendable {
    /// Labels of every series in the history, in the order of the file.
    public var target: [TargetLabel]
    /// The ledger, and with it the state directory.
    public var ledger: LedgerSettings
    /// The server of `/metrics`.
    public var metricsServer: HTTPSettings
    /// What a page of OpenMetrics shows.
    public var page: PageSettings
    /// What is kept of the metrics.
    public var history: HistorySettings
    /// How much room metrics may take.
    public var limits: SeriesLimits
    /// What is read, in the order of the files.
    public var sources: [FileSourceSettings]
    /// How the sources are decoded, without those whose records are their lines.
    public var decoding: [SourceName: DecodingSettings]
    /// How the lines of sources say when they were written, without sources whose times are just recognised, in UTC.
    public var timestamps: [SourceName: TimestampSettings]
    /// What is extracted, in the order of the files.
    public var patterns: [PatternSettings]
    /// Where lines are written for debugging.
    public var records: [RecordSettings]

    /// Creates a configuration from parts that are already checked.
    public init(
        target: [TargetLabel] = [], ledger: LedgerSettings, metricsServer: HTTPSettings = HTTPSettings(),
        page: PageSettings = PageSettings(), history: HistorySettings = HistorySettings(),
        limits: SeriesLimits = SeriesLimits(), sources: [FileSourceSettings],
        decoding: [SourceName: DecodingSettings] = [:], timestamps: [SourceName: TimestampSettings] = [:],
        patterns: [PatternSettings] = [], records: [RecordSettings] = []
    ) {
        self.target = target
        self.ledger = ledger
        self.metricsServer = metricsServer
        self.page = page
        self.history = history
        self.limits = limits
        self.sources = sources
        self.decoding = decoding
        self.timestamps = timestamps
        self.patterns = patterns
        self.records = records
    }

    /// Which fields the lines of sources have, for an extractor.
    public var fields: [SourceName: FieldFormat] { decoding.mapValues(\.fields) }

    /// The consumers that read the sources.
    public var consumers: Set<ConsumerName> { Set([.metrics] + records.map(\.name)) }

    /// Where the agent keeps what must survive it.
    public var stateDirectory: String { ledger.directory }
}

import HTTPInterface
import HistorySampling
import Ledger
import SeriesModel
import YAMLNodes

/// A whole configuration as it is written; parts with mistakes are nil.
struct RootDraft: Sendable {
    var location: TextLocation
    var target: [MapEntry<String>]
    var stateDirectory: String?
    var onCorrupt: CorruptLedgerPolicy?
    var server: ServerDraft?
    var history: HistorySettings?
    var limits: SeriesLimits?
    var sources: [SourceDraft]
    var patterns: [PatternDraft]
    /// The libraries that some of the patterns are of.
    var uses: [UseDraft] = []
    var records: [RecordDraft]
    /// Whether `sources` stands in the configuration, even with mistakes or misspelled.
    var hasSources: Bool
    /// Whether `state_dir` stands in the configuration, even with mistakes or misspelled.
    var hasStateDirectory = false
}

/// The keys of a configuration file.
enum RootKeys {
    static let include = Field(
        "include", .oneOrMore(.includeGlob, isNonEmpty: false), default: "[]",
        doc:
            "More configuration files, meant from the folder of this one and read in the order of their names. They add to `target`, `sources`, `patterns` and `records`, and may set other keys that no other file sets. Only the main file may include.",
        example: "conf.d/*.yml")
    static let target = Field(
        "target", .map(key: .labelName, NameText.parseLabelName, value: .text), default: "{}",
        doc:
            "Labels of every series in the history, unless it has a label of that name itself. With those that Prometheus gives the agent as a target, rules and dashboards read the same in both. The page of metrics goes without them.",
        example: "{job: bot, instance: \"${HOSTNAME:-local}\"}")
    static let stateDirectory = Field(
        "state_dir", .path,
        absence: "`/var/lib/outrider` for root, else `$XDG_STATE_HOME/outrider` or `~/.local/state/outrider`",
        doc:
            "Where the agent keeps its ledger; created with mode 0700. Each agent needs its own, and never reads what lies in it.",
        example: "/var/lib/outrider")
    static let ledger = Field(
        "ledger", LedgerKeys.reader, default: "{}", doc: LedgerKeys.schema.doc, example: "{on_corrupt: refuse}")
    static let http = Field(
        "http", ServerKeys.reader, default: "{}", doc: ServerKeys.schema.doc,
        example: "{metrics: {listen: \"127.0.0.1:9817\"}}")
    static let history = Field(
        "history", HistoryKeys.reader, default: "{}", doc: HistoryKeys.schema.doc,
        example: "{resolution: 5s, retention: 24h}")
    static let limits = Field(
        "limits", LimitKeys.reader, default: "{}", doc: LimitKeys.schema.doc, example: "{max_series: 1000}")
    static let sources = Field(
        "sources", .list(of: SourceKeys.reader, isNonEmpty: true), absence: "an included file must have some",
        doc: "What is read.",
        example: "[{name: app, files: [\"/var/log/bot/*.log\"]}]")
    static let patterns = Field(
        "patterns", .list(of: UseKeys.itemReader), default: "[]",
        doc: "What is taken out of the lines: patterns, and libraries of such.",
        example: "[{name: error, match: ' ERROR ', metrics: [{counter: errors_total}]}]")
    static let records = Field(
        "records", .list(of: RecordKeys.reader), default: "[]", doc: "Where lines are written, for debugging.",
        example: "[{name: copy, to: /tmp/lines.txt}]")

    static let schema = ObjectSchema(
        phrase: "the configuration", doc: "The keys of a configuration file.",
        keys: [
            include.schema, target.schema, stateDirectory.schema, ledger.schema, http.schema, history.schema,
            limits.schema, sources.schema, patterns.schema, records.schema,
        ])

    static let reader = ValueReader<RootDraft>.object(schema) { object in
        let items = (object(patterns) ?? []).map(\.value)
        return RootDraft(
            location: object.location, target: object(target) ?? [], stateDirectory: object(stateDirectory),
            onCorrupt: object(ledger) ?? nil, server: object(http) ?? nil,
            history: object(history) ?? nil, limits: object(limits) ?? nil,
            sources: (object(sources) ?? []).map(\.value),
            patterns: UseKeys.patterns(items, object.context),
            uses: items.compactMap { if case .use(let draft) = $0 { draft } else { nil } },
            records: (object(records) ?? []).map(\.value), hasSources: !object.isMissing(sources),
            hasStateDirectory: !object.isMissing(stateDirectory))
    }
}

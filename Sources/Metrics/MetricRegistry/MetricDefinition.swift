public import SeriesModel

/// A metric as the configuration wants it: what it is, and how it is shown.
///
/// The position in the list handed to `SeriesRegistry.define` is the instrument index that a `MatchBuffer` refers to. Two
/// definitions may name the same schema; they then feed the same series.
public struct MetricDefinition: Hashable, Sendable {
    /// What makes the metric the same one across reloads.
    public var schema: MetricSchema
    /// The text of `# HELP`; not part of the identity.
    public var help: String
    /// Whether a gauge also shows when it was last set, as `<name>_last_update_timestamp_seconds`.
    public var exposesLastUpdate: Bool
    /// Whether a counter or a histogram also shows since when it counts, as `…_created`.
    public var exposesCreated: Bool
    /// Label values, in the order of the schema's label names, of series that exist from the start. A counter or histogram
    /// without labels always does.
    public var declaredSeries: [[[UInt8]]]
    /// How many series it may have; nil for the registry's limit.
    public var seriesLimit: Int?
    /// After how long a series goes away that no update has changed; nil for never. Declared series stay, and so does that of
    /// a counter or histogram without labels.
    public var expiresAfter: Duration?

    /// A definition of `schema`.
    public init(
        schema: MetricSchema, help: String, exposesLastUpdate: Bool = false, exposesCreated: Bool = false,
        declaredSeries: [[[UInt8]]] = [], seriesLimit: Int? = nil, expiresAfter: Duration? = nil
    ) {
        self.schema = schema
        self.help = help
        self.exposesLastUpdate = exposesLastUpdate
        self.exposesCreated = exposesCreated
        self.declaredSeries = declaredSeries
        self.seriesLimit = seriesLimit
        self.expiresAfter = expiresAfter
    }

    /// The names of the families that it occupies on the page.
    var exposedNames: [String] {
        switch schema.kind {
        case .counter: [schema.name] + createdName
        case .gauge: exposesLastUpdate ? [schema.name, schema.name + MetricFamily.lastUpdateSuffix] : [schema.name]
        case .histogram: [schema.name] + HistogramSuffix.all.map { schema.name + $0 } + createdName
        }
    }

    /// The name of the created time, if it is shown: only counters that end in `_total` are announced as such.
    private var createdName: [String] {
        guard exposesCreated else { return [] }
        guard schema.kind == .counter else { return [schema.name + FamilyNames.createdSuffix] }
        guard schema.name.hasSuffix(FamilyNames.counterSuffix) else { return [] }
        return [FamilyNames.withoutSuffix(schema.name) + FamilyNames.createdSuffix]
    }
}

extension MetricDefinition {
    /// Counts updates that went to the overflow series because their metric had its full number of series.
    static let overflow = MetricDefinition(
        schema: MetricSchema(name: "outrider_series_overflow_total", kind: .counter, labelNames: ["metric"]),
        help: "Updates counted in the __overflow__ series because their metric had reached its limit of series.",
        seriesLimit: .max)

    /// Counts updates that the metric's kind does not allow.
    static let refused = MetricDefinition(
        schema: MetricSchema(
            name: "outrider_series_updates_refused_total", kind: .counter, labelNames: ["metric", "reason"]),
        help: "Updates left out because the metric cannot take them: not_finite, negative (counters), operation.",
        seriesLimit: .max)
}

import Consumption
import Extraction
import FileTail
import HTTPInterface
import HistorySampling
import Ledger
import LineFormats
import LogModel
import LogPipeline
import SeriesModel
import YAMLNodes

/// Checks what no key can know by itself, and makes settings of the drafts.
struct ConfigurationAssembly {
    let root: RootDraft
    let context: DecodingContext
    let patternChecker: (String) -> PatternCheckResult
    /// False when a file could not be read, so that sources may be missing that exist.
    let isWhole: Bool
    let defaultStateDirectory: String
    private let fileIdentity: (String) -> String
    private let zones: TimeZoneFiles?
    private var agreement: MetricAgreement
    private var timestamps: [SourceName: TimestampSettings] = [:]

    init(
        root: RootDraft, context: DecodingContext, isWhole: Bool, defaultStateDirectory: String,
        patternChecker: @escaping (String) -> PatternCheckResult, zones: TimeZoneFiles? = nil,
        fileIdentity: @escaping (String) -> String = { $0 }
    ) {
        self.root = root
        self.context = context
        self.isWhole = isWhole
        self.defaultStateDirectory = defaultStateDirectory
        self.patternChecker = patternChecker
        self.zones = zones
        self.fileIdentity = fileIdentity
        agreement = MetricAgreement(context: context)
    }

    /// Reports everything that is wrong between the parts.
    mutating func check() {
        checkSources()
        checkRecords()
        checkPatterns()
        if let zones { timestamps = TimestampChecks(context: context, zones: zones).settings(root.sources) }
        FileChecks(
            root: root, stateDirectory: stateDirectory, context: context, identity: fileIdentity
        ).check()
        // While something is wrong, what was meant to use a capture may be that.
        guard !context.diagnostics.contains(where: { $0.severity == .error }) else { return }
        let captures = CaptureChecks(context: context, patternChecker: patternChecker)
        for pattern in root.patterns { captures.checkUse(pattern) }
    }

    private var stateDirectory: String { root.stateDirectory ?? defaultStateDirectory }

    /// The configuration; meaningful only when the context holds no error.
    func configuration() -> AgentConfiguration {
        AgentConfiguration(
            target: root.target.map { TargetLabel(name: $0.key.value, value: $0.value.value) },
            ledger: LedgerSettings(
                directory: stateDirectory, onCorrupt: root.onCorrupt ?? .startFresh),
            metricsServer: root.server?.settings ?? HTTPSettings(), page: root.server?.page ?? PageSettings(),
            history: root.history ?? HistorySettings(), limits: root.limits ?? SeriesLimits(),
            sources: root.sources.compactMap(\.settings),
            decoding: decoding(), timestamps: timestamps,
            patterns: root.patterns.compactMap(pattern), records: root.records.compactMap(record))
    }

    private func checkSources() {
        NameChecks(context: context).checkUnique(root.sources.map(\.name), of: "sources")
        let captures = CaptureChecks(context: context, patternChecker: patternChecker)
        for boundary in root.sources.compactMap(\.decoding.boundary) { captures.checkExpression(boundary) }
        guard !root.hasSources, isWhole else { return }
        context.error(
            "no source is configured", at: root.location,
            hint: "add `\(RootKeys.sources.schema.key): \(RootKeys.sources.schema.example)`")
    }

    private func decoding() -> [SourceName: DecodingSettings] {
        let named = root.sources.compactMap { source -> (SourceName, DecodingSettings)? in
            guard let name = source.settings?.name, let settings = source.decoding.settings else { return nil }
            return settings == DecodingSettings() ? nil : (name, settings)
        }
        return Dictionary(named) { first, _ in first }
    }

    private func checkRecords() {
        let names = NameChecks(context: context)
        names.checkUnique(root.records.map(\.name), of: "records")
        for name in root.records.compactMap(\.name) where name.value == ConsumerName.metrics.rawValue {
            context.error(
                "`metrics` is the name of the agent's own consumer", at: name.location, hint: "choose another name")
        }
        checkReferences(root.records.compactMap(\.sources).flatMap { $0 })
    }

    private mutating func checkPatterns() {
        NameChecks(context: context).checkUnique(root.patterns.map(\.name), of: "patterns")
        checkReferences((root.patterns.map(\.sources) + root.uses.map(\.sources)).flatMap { $0 ?? [] })
        checkReferences(root.patterns.flatMap(\.tests).compactMap(\.source))
        HeartbeatChecks(context: context).check(root.patterns)
        MemoryChecks(context: context, isWhole: isWhole).check(root.patterns)
        let captures = CaptureChecks(context: context, patternChecker: patternChecker)
        let fields = FieldChecks(
            context: context, sources: root.sources.map { ($0.name?.value, $0.decoding.settings) })
        let metrics = MetricChecks(context: context)
        for pattern in root.patterns {
            captures.check(pattern)
            if isWhole { fields.check(pattern) }
            for metric in pattern.metrics {
                metrics.check(metric)
                agreement.take(metric)
            }
        }
        agreement.checkSampleNames()
    }

    private func checkReferences(_ references: [Located<String>]) {
        let known = root.sources.compactMap(\.name?.value)
        // Where a source's own name is wrong, or no source was read, every reference would be reported on top of it.
        guard isWhole, !known.isEmpty, known.count == root.sources.count else { return }
        NameChecks(context: context).checkSources(references, known: known)
    }

    private func record(_ draft: RecordDraft) -> RecordSettings? {
        guard let name = draft.name, let path = draft.path else { return nil }
        return RecordSettings(
            name: ConsumerName(name.value), path: path.value, sources: sourceNames(draft.sources))
    }

    private func sourceNames(_ names: [Located<String>]?) -> [SourceName] {
        (names ?? []).map { SourceName($0.value) }
    }
}

extension ConfigurationAssembly {
    private func pattern(_ draft: PatternDraft) -> PatternSettings? {
        guard let name = draft.name?.value else { return nil }
        return PatternSettings(
            name: name, sources: sourceNames(draft.sources), match: draft.match?.value,
            field: draft.field?.value,
            conditions: FieldConditions(
                required: comparisons(draft.required), excluded: comparisons(draft.excluded),
                present: draft.present.map(\.value)), event: draft.event,
            heartbeat: draft.heartbeat.map {
                HeartbeatSettings(name: $0.value, interval: HeartbeatChecks.interval(of: $0.value, in: root.patterns))
            },
            remembered: draft.remembered.map { RememberedValue(name: $0.key.value, value: $0.value.value) },
            timers: draft.timers.compactMap(timer), metrics: draft.metrics.compactMap { metric($0, pattern: name) })
    }

    private func timer(_ draft: TimerDraft) -> TimerUse? {
        guard let name = draft.name?.value, let role = draft.role else { return nil }
        return TimerUse(MemoryChecks.settings(of: name, in: root.patterns), role: role, key: draft.key?.value)
    }

    private func comparisons(_ entries: [MapEntry<[Located<String>]>]) -> [FieldConditions.Comparison] {
        entries.map { FieldConditions.Comparison(path: $0.key.value, texts: $0.value.value.map(\.value)) }
    }

    private func metric(_ draft: MetricDraft, pattern: String) -> PatternMetricSettings? {
        guard let kind = draft.kind, let name = draft.name?.value else { return nil }
        let labelNames = agreement.labelNames(of: name)
        let labels = Dictionary(draft.labels.map { ($0.key.value, $0.value.value) }) { first, _ in first }
        let (operation, value) = effect(draft, kind)
        return PatternMetricSettings(
            kind: kind, name: name, help: agreement.help(of: name) ?? "From lines that match the pattern \(pattern).",
            operation: operation, value: value, labelNames: labelNames,
            labelValues: labelNames.compactMap { labels[$0] },
            knownLabelValues: knownValues(draft, labelNames, labels),
            validation: draft.validation,
            reading: NumberReading(
                unit: draft.unit?.value, scale: draft.scale?.value ?? 1, allowsGroups: draft.groups?.value == .comma),
            buckets: kind == .histogram ? agreement.buckets(of: name) ?? MetricBuckets.usual : [],
            seriesLimit: agreement.maxSeries(of: name), expiresAfter: agreement.expiry(of: name))
    }

    /// Of a constant label its one value; nothing when the metric names no values.
    private func knownValues(
        _ draft: MetricDraft, _ labelNames: [String], _ labels: [String: ValueSource]
    ) -> [[String]] {
        guard let written = draft.labelValues?.value else { return [] }
        let known = Dictionary(written.map { ($0.key.value, $0.value.value.map(\.value)) }) { first, _ in first }
        return labelNames.map { name in
            if case .constant(let text) = labels[name] { return [text] }
            return known[name] ?? []
        }
    }

    /// What the operation means to the registry; counting by one is adding a constant.
    private func effect(_ draft: MetricDraft, _ kind: MetricKind) -> (MatchBuffer.Operation, ValueSource?) {
        let value = draft.value?.value
        if kind == .histogram { return (.observe, value) }
        switch draft.operation?.value ?? (kind == .counter ? .add : .set) {
        case .add: return (.add, value)
        case .sub: return (.subtract, value)
        case .set: return (.set, value)
        case .min: return (.minimum, value)
        case .max: return (.maximum, value)
        case .inc: return (.add, kind == .counter ? nil : .constant("1"))
        case .dec: return (.subtract, .constant("1"))
        }
    }
}

extension ConfigurationAssembly {
    /// The tests of all patterns, in the order of the files; meaningful only when the context holds no error.
    func tests() -> [PatternTest] {
        root.patterns.flatMap { pattern in pattern.tests.compactMap { test($0, of: pattern) } }
    }

    private func test(_ draft: PatternTestDraft, of pattern: PatternDraft) -> PatternTest? {
        guard let name = pattern.name?.value, let lines = draft.lines else { return nil }
        let source = draft.source?.value ?? pattern.sources?.first?.value ?? root.sources.first?.name?.value
        let expectations = (draft.expect ?? []).compactMap { entry -> PatternTest.Expectation? in
            guard let series = SeriesText(entry.key.value) else { return nil }
            let value: Double? = if case .number(let number) = entry.value.value { number } else { nil }
            return PatternTest.Expectation(series: series, value: value, location: entry.value.location)
        }
        let isNoMatch = draft.isNoMatch?.value == true || draft.expect?.isEmpty == true
        return PatternTest(
            pattern: name, lines: lines.map(\.value), source: source.map { SourceName($0) },
            isMatchExpected: !isNoMatch, expectations: expectations, location: draft.location)
    }
}

extension ConfigurationAssembly {
    /// The patterns of a shipped library.
    static func patterns(of name: String) -> [PatternSettings] {
        let context = DecodingContext(environment: { _ in nil }, workingDirectory: "/")
        guard let library = PatternLibrary.named(name) else {
            preconditionFailure("BUG: no library \(name) is shipped")
        }
        var root = RootDraft(
            location: TextLocation(file: "library \(name)"), target: [], sources: [],
            patterns: library.patterns(sources: nil, context), records: [], hasSources: false)
        root.stateDirectory = "/"
        // Captures are checked by a test with the real expressions.
        var assembly = ConfigurationAssembly(
            root: root, context: context, isWhole: false, defaultStateDirectory: "/",
            patternChecker: { _ in .unchecked }
        )
        assembly.check()
        precondition(context.diagnostics.isEmpty, "BUG: \(context.diagnostics)")
        return assembly.configuration().patterns
    }
}

import LogModel
import PatternMatching
import SeriesModel

/// Turns settings into a plan and collects every mistake on the way. A plan with mistakes must not be used.
struct ExtractionPlanBuilder {
    var plan: ExtractionPlan
    private(set) var compiled: [Pattern] = []
    /// Expressions that are looked for in fields.
    private(set) var fieldPatterns: [Pattern] = []
    private(set) var mistakes: [ExtractionError] = []

    private var instrumentsByName: [String: UInt32] = [:]
    /// The first pattern that uses a metric, for messages about conflicts.
    private var firstUsers: [UInt32: String] = [:]
    private var constants: [String: MatchBuffer.LabelRange] = [:]
    private var declared: Set<DeclaredSeries> = []
    private var readers: [NumberReading: Int] = [:]
    private var buffer = MatchBuffer()
    private let labelLength: Int

    init(patterns: [PatternSettings], sources: [SourceName], labelLength: Int, jit: Pattern.JITPolicy) {
        self.labelLength = labelLength
        var buffer = MatchBuffer()
        plan = ExtractionPlan(
            errorLabels: ExtractionPlan.ErrorLabels(
                limit: buffer.addConstant("match_limit".utf8), jitStack: buffer.addConstant("jit_stack".utf8),
                other: buffer.addConstant("other".utf8)))
        plan.reasonLabels = ContiguousArray(RejectionReason.allCases.map { buffer.addConstant($0.label.utf8) })
        self.buffer = buffer
        collectNames(patterns)
        plan.matchesInstrument = ownInstrument(.patternMatches)
        plan.errorsInstrument = ownInstrument(.patternErrors)
        var names: Set<String> = []
        for (index, settings) in patterns.enumerated() {
            checkSources(of: settings, at: index, among: sources)
            if !names.insert(settings.name).inserted {
                report(
                    .duplicatePattern, index, nil, .name, "There are two patterns named \(settings.name).",
                    hint: "Pattern names are labels of metrics; give each pattern its own.")
            }
            add(settings, at: index, among: sources, jit: jit)
        }
        plan.nameLabels = ContiguousArray(plan.instruments.map { constant($0.schema.name) })
        plan.emptyBuffer = self.buffer
    }

    mutating func report(
        _ kind: ExtractionError.Kind, _ pattern: Int, _ metric: Int?, _ part: ExtractionError.Part, _ message: String,
        hint: String? = nil
    ) {
        mistakes.append(
            ExtractionError(kind: kind, pattern: pattern, metric: metric, part: part, message: message, hint: hint))
    }

    // MARK: - Patterns

    private mutating func checkSources(of settings: PatternSettings, at index: Int, among sources: [SourceName]) {
        for (position, source) in settings.sources.enumerated() where !sources.contains(source) {
            let known = sources.map(\.rawValue).joined(separator: ", ")
            report(
                .unknownSource, index, nil, .sources(index: position),
                "Pattern \(settings.name) names the source \(source), which does not exist.",
                hint: known.isEmpty ? "No sources are configured." : "The sources are: \(known).")
        }
    }

    private mutating func add(
        _ settings: PatternSettings, at index: Int, among sources: [SourceName], jit: Pattern.JITPolicy
    ) {
        guard let pattern = compile(settings, at: index, jit: jit) else { return }
        let condition = condition(of: settings, at: index)
        let (firstAction, firstTallied) = (plan.actions.count, plan.tallied.count)
        count(plan.matchesInstrument, labels: [settings.name])
        for labels in [plan.errorLabels.limit, plan.errorLabels.jitStack, plan.errorLabels.other] {
            declare(plan.errorsInstrument, [Array(settings.name.utf8), bytes(of: labels)])
        }
        if let event = settings.event {
            count(ownInstrument(.events), labels: [event.name, event.outcome])
        }
        if let heartbeat = settings.heartbeat {
            count(ownInstrument(.heartbeats), labels: [heartbeat.name])
            plan.beatInstrument = ownInstrument(.lastHeartbeats)
        }
        let asksForTime = settings.heartbeat != nil || !settings.timers.isEmpty
        if asksForTime { countTimeErrors(settings.sources.isEmpty ? sources : settings.sources) }
        let captures = settings.match == nil ? nil : pattern
        let steps = steps(of: settings, at: index, captures: captures)
        for (position, metric) in settings.metrics.enumerated() {
            add(metric, at: position, of: captures, in: settings, at: index)
        }
        plan.entries.append(
            ExtractionPlan.Entry(
                condition: condition, actions: firstAction..<plan.actions.count,
                tallied: firstTallied..<plan.tallied.count,
                name: constant(settings.name), heartbeat: settings.heartbeat.map { constant($0.name) },
                steps: steps, asksForTime: asksForTime,
                isInvolved: condition >= 0 || asksForTime || !steps.isEmpty))
    }

    private mutating func countTimeErrors(_ sources: [SourceName]) {
        let instrument = ownInstrument(.timeErrors)
        plan.timeErrorsInstrument = instrument
        for source in sources { declare(instrument, [Array(source.rawValue.utf8)]) }
    }

    /// The expression whose groups are the pattern's captures; nil after a mistake. The line is tried with it, or with what a
    /// line needs for the conditions.
    private mutating func compile(_ settings: PatternSettings, at index: Int, jit: Pattern.JITPolicy) -> Pattern? {
        do throws(PatternError) {
            let isOfLine = settings.match != nil && settings.field == nil
            let expression = settings.match ?? ""
            let pattern = try Pattern(expression, jit: jit)
            if isOfLine {
                compiled.append(pattern)
            } else {
                compiled.append(
                    try Pattern(
                        FieldGate.expression(for: settings.conditions, textPath: settings.field), jit: jit))
            }
            if settings.field != nil { fieldPatterns.append(pattern) }
            return pattern
        } catch {
            report(
                .pattern, index, nil, .match(offset: error.offset),
                "The expression of pattern \(settings.name) is wrong at byte \(error.offset): \(error.reason).",
                hint: error.hint)
            return nil
        }
    }

    /// The index of what a pattern asks of a line's fields, or -1.
    private mutating func condition(of settings: PatternSettings, at index: Int) -> Int {
        guard settings.needsFields else { return -1 }
        plan.undecodedInstrument = ownInstrument(.undecodedLines)
        var condition = ExtractionPlan.Condition()
        for (comparisons, isExclusion) in [(settings.conditions.required, false), (settings.conditions.excluded, true)]
        {
            for comparison in comparisons {
                condition.comparisons.append(
                    ExtractionPlan.Comparison(
                        field: field(comparison.path), texts: comparison.texts.map { Array($0.utf8) },
                        isExclusion: isExclusion))
            }
        }
        condition.present = settings.conditions.present.map { field($0) }
        if let path = settings.field {
            condition.textField = field(path)
            condition.textPattern = fieldPatterns.count - 1
        }
        plan.conditions.append(condition)
        return plan.conditions.count - 1
    }

    /// The index of a field.
    private mutating func field(_ path: String) -> Int {
        if let known = plan.paths.firstIndex(of: path) { return known }
        plan.paths.append(path)
        return plan.paths.count - 1
    }

    // MARK: - Metrics

    private mutating func add(
        _ metric: PatternMetricSettings, at position: Int, of pattern: Pattern?, in settings: PatternSettings,
        at index: Int
    ) {
        precondition(
            metric.labelNames.count == metric.labelValues.count, "BUG: label names and values differ in number")
        let mistakesBefore = mistakes.count
        checkNames(metric, at: position, of: index)
        checkOperation(metric, at: position, of: index)
        let instrument = instrument(for: metric, at: position, of: index, named: settings.name)
        let value = value(of: metric, at: position, of: index, in: settings, captures: pattern)
        var sources: [String: ExtractionPlan.LabelSource] = [:]
        for (label, (labelName, source)) in zip(metric.labelNames, metric.labelValues).enumerated() {
            sources[labelName] = labelSource(source, .label(index: label), at: position, of: index, captures: pattern)
        }
        guard mistakes.count == mistakesBefore, let instrument, let value else { return }

        // Another pattern may have named the same labels in another order.
        let ordered = plan.instruments[Int(instrument)].schema.labelNames.compactMap { sources[$0] }
        let firstLabel = plan.labels.count
        plan.labels += ordered
        let labels = firstLabel..<plan.labels.count
        let rules = ValueRules(metric.validation, isCounter: metric.kind == .counter)
        let isConstant = ordered.allSatisfy { $0.capture < 0 && $0.distant == nil }
        if !isConstant {
            let cut = ownInstrument(.labelsCut)
            plan.cutInstrument = cut
            declare(cut, [Array(metric.name.utf8)])
        }
        if metric.kind != .gauge, isConstant { declare(instrument, ordered.map { bytes(of: $0.constant) }) }
        declareKnownSeries(of: metric, instrument)
        declareVerdicts(of: metric, hasCapturedValue: value.capture >= 0 || value.distant != nil)
        if metric.kind == .counter, isConstant, metric.value == nil {
            plan.tallied.append(ExtractionPlan.Tallied(instrument: instrument, amount: 1, labels: labels))
        } else {
            plan.actions.append(
                ExtractionPlan.Action(
                    instrument: instrument, operation: metric.operation, capture: value.capture,
                    distant: value.distant, constant: value.constant, labels: labels, rules: rules,
                    reader: reader(metric.reading)))
        }
    }

    private mutating func reader(_ reading: NumberReading) -> Int {
        if reading.isPlain { return 0 }
        if let known = readers[reading] { return known }
        plan.readers.append(NumberReader(reading))
        readers[reading] = plan.readers.count - 1
        return plan.readers.count - 1
    }

    private mutating func checkNames(_ metric: PatternMetricSettings, at position: Int, of index: Int) {
        if !isMetricName(metric.name) {
            report(
                .name, index, position, .name, "\(quoted(metric.name)) is not the name of a metric.",
                hint: "Use letters, digits, underscores and colons, and no digit at the start.")
        } else if metric.name.hasPrefix("outrider_") {
            report(
                .name, index, position, .name,
                "The name \(metric.name) is reserved: outrider_ marks the agent's own metrics.",
                hint: "Begin the name with the name of your service.")
        }
        for (label, name) in metric.labelNames.enumerated() {
            if !isLabelName(name) {
                report(
                    .labels, index, position, .label(index: label), "\(quoted(name)) is not the name of a label.",
                    hint: "Use letters, digits and underscores, no digit and not two underscores at the start.")
            } else if metric.labelNames[..<label].contains(name) {
                report(
                    .labels, index, position, .label(index: label),
                    "Metric \(metric.name) has two labels named \(name).", hint: "Remove one of them.")
            } else if name == "le", metric.kind == .histogram {
                report(
                    .labels, index, position, .label(index: label), "A histogram cannot have a label named le.",
                    hint: "le is the label of its buckets; choose another name.")
            }
        }
    }

    private mutating func checkOperation(_ metric: PatternMetricSettings, at position: Int, of index: Int) {
        let legal: Bool =
            switch metric.kind {
            case .counter: metric.operation == .add
            case .gauge: metric.operation != .observe
            case .histogram: metric.operation == .observe
            }
        guard !legal else { return }
        let hint =
            switch metric.kind {
            case .counter: "A counter can only be added to; make it a gauge if its value can fall."
            case .gauge: "A gauge can be set, added to, subtracted from, or keep its minimum or maximum."
            case .histogram: "A histogram can only observe values."
            }
        report(
            .operation, index, position, .operation,
            "The operation \(metric.operation) does not fit the \(metric.kind.rawValue) \(metric.name).", hint: hint)
    }

    /// The metric's index; nil when its name stands for a different metric elsewhere.
    private mutating func instrument(
        for metric: PatternMetricSettings, at position: Int, of index: Int, named pattern: String
    ) -> UInt32? {
        let schema = metric.schema
        guard let existing = instrumentsByName[metric.name] else {
            let instrument = addInstrument(Instrument(schema: schema, help: metric.help))
            firstUsers[instrument] = pattern
            return instrument
        }
        let known = plan.instruments[Int(existing)].schema
        let user = firstUsers[existing] ?? pattern
        if known.kind != metric.kind {
            report(
                .conflict, index, position, .kind,
                "\(metric.name) is a \(metric.kind.rawValue) here and a \(known.kind.rawValue) in pattern \(user).",
                hint: "Give one of them another name.")
            return nil
        }
        if Set(known.labelNames) != Set(metric.labelNames) {
            let labels =
                known.labelNames.isEmpty ? "no labels" : "the labels " + known.labelNames.joined(separator: ", ")
            report(
                .conflict, index, position, .name, "\(metric.name) has other labels here than in pattern \(user).",
                hint: "It has \(labels) there; the labels of a metric must be the same everywhere.")
            return nil
        }
        if known.buckets != schema.buckets || known.unit != schema.unit {
            report(
                .conflict, index, position, .name,
                "\(metric.name) has other buckets or another unit here than in pattern \(user).",
                hint: "Give both the same, or one of them another name.")
            return nil
        }
        if plan.instruments[Int(existing)].help.isEmpty { plan.instruments[Int(existing)].help = metric.help }
        return existing
    }

    private mutating func value(
        of metric: PatternMetricSettings, at position: Int, of index: Int, in settings: PatternSettings,
        captures: Pattern?
    ) -> (capture: Int32, distant: ExtractionPlan.Distant?, constant: Double)? {
        switch metric.value {
        case nil:
            if metric.operation == .add || metric.operation == .subtract { return (-1, nil, 1) }
            report(
                .value, index, position, .value, "The \(metric.kind.rawValue) \(metric.name) has no value.",
                hint: "Write value: $name, with the name of a group of the expression.")
        case .capture(let name):
            if let number = captures?.captureNumber(named: name) { return (Int32(number), nil, 0) }
            reportUnknownCapture(name, captures, index, position, .value)
        case .field(let path): return (-1, .field(field(path)), 0)
        case .earlier(let name):
            if let timer = plan.timers.firstIndex(where: { $0.name == name }),
                settings.timers.contains(where: { $0.role == .end && $0.timer.name == name })
            {
                return (-1, .duration(timer), 0)
            }
            if let value = remembered(name, index, position, .value) { return (-1, .remembered(value), 0) }
        case .constant(let text):
            let reader = NumberReader(metric.reading)
            let parsed = Array(text.utf8).withUnsafeBytes { reader.parse($0) }
            let rules = ValueRules(metric.validation, isCounter: metric.kind == .counter)
            if case .accepted(let number, _) = rules.verdict(parsed) { return (-1, nil, number) }
            report(
                .value, index, position, .value, "\(metric.name) can never take the value \(quoted(text)).",
                hint: "Write a number, or $name with the name of a group of the expression.")
        }
        return nil
    }

    mutating func labelSource(
        _ source: ValueSource, _ part: ExtractionError.Part, at position: Int?, of index: Int, captures: Pattern?
    ) -> ExtractionPlan.LabelSource? {
        let none = MatchBuffer.LabelRange(start: 0, length: 0)
        switch source {
        case .constant(let text):
            return ExtractionPlan.LabelSource(capture: -1, constant: constant(text))
        case .field(let path):
            return ExtractionPlan.LabelSource(capture: -1, distant: .field(field(path)), constant: none)
        case .earlier(let name):
            return remembered(name, index, position, part).map {
                ExtractionPlan.LabelSource(capture: -1, distant: .remembered($0), constant: none)
            }
        case .capture(let name):
            if let number = captures?.captureNumber(named: name) {
                return ExtractionPlan.LabelSource(capture: Int32(number), constant: none)
            }
            reportUnknownCapture(name, captures, index, position, part)
            return nil
        }
    }

    private mutating func reportUnknownCapture(
        _ name: String, _ pattern: Pattern?, _ index: Int, _ position: Int?, _ part: ExtractionError.Part
    ) {
        let known = (pattern?.captureNames ?? []).map { "$\($0.name)" }.joined(separator: ", ")
        report(
            .unknownCapture, index, position, part, "The expression has no group named \(name).",
            hint: known.isEmpty ? "Name a group with (?<\(name)>…)." : "It has \(known).")
    }

    // MARK: - Tables

    mutating func constant(_ text: String) -> MatchBuffer.LabelRange {
        if let known = constants[text] { return known }
        let range = buffer.addConstant(labelValue(text, limit: maximumConstantLength))
        constants[text] = range
        return range
    }

    func bytes(of range: MatchBuffer.LabelRange) -> [UInt8] {
        Array(buffer.constants[Int(range.start)..<Int(range.start + range.length)])
    }

    private mutating func addInstrument(_ instrument: Instrument) -> UInt32 {
        let index = UInt32(plan.instruments.count)
        plan.instruments.append(instrument)
        instrumentsByName[instrument.schema.name] = index
        return index
    }

    mutating func ownInstrument(_ instrument: Instrument) -> UInt32 {
        instrumentsByName[instrument.schema.name] ?? addInstrument(instrument)
    }

    mutating func declare(_ instrument: UInt32, _ labelValues: [[UInt8]]) {
        let series = DeclaredSeries(instrument: instrument, labelValues: labelValues)
        if declared.insert(series).inserted { plan.declaredSeries.append(series) }
    }

    /// Every combination of the label values that are known beforehand.
    private mutating func declareKnownSeries(of metric: PatternMetricSettings, _ instrument: UInt32) {
        guard !metric.knownLabelValues.isEmpty, metric.kind != .gauge else { return }
        precondition(metric.knownLabelValues.count == metric.labelNames.count, "BUG: a label has no list of values")
        let known = Dictionary(zip(metric.labelNames, metric.knownLabelValues)) { first, _ in first }
        var combinations: [[[UInt8]]] = [[]]
        for name in plan.instruments[Int(instrument)].schema.labelNames {
            let values = (known[name] ?? []).map { labelValue($0, limit: labelLength) }
            combinations = combinations.flatMap { combination in values.map { combination + [$0] } }
        }
        for combination in combinations { declare(instrument, combination) }
    }

    /// Counts matches of the pattern that is being added in a series of one of our own instruments.
    private mutating func count(_ instrument: UInt32, labels: [String]) {
        let first = plan.labels.count
        for label in labels {
            plan.labels.append(ExtractionPlan.LabelSource(capture: -1, constant: constant(label)))
        }
        declare(instrument, plan.labels[first...].map { bytes(of: $0.constant) })
        plan.tallied.append(
            ExtractionPlan.Tallied(instrument: instrument, amount: 1, labels: first..<plan.labels.count))
    }

    /// The counters of what can happen to a metric's values.
    private mutating func declareVerdicts(of metric: PatternMetricSettings, hasCapturedValue: Bool) {
        let name = Array(metric.name.utf8)
        if hasCapturedValue {
            let rejected = ownInstrument(.valuesRejected)
            plan.rejectedInstrument = rejected
            for reason in RejectionReason.allCases {
                if reason == .outOfRange, metric.validation?.rejectOutside == nil { continue }
                if reason == .negative, metric.kind != .counter { continue }
                declare(rejected, [name, Array(reason.label.utf8)])
            }
        }
        if metric.validation?.warnOutside != nil {
            let warned = ownInstrument(.valuesWarned)
            plan.warnedInstrument = warned
            declare(warned, [name])
        }
    }
}

private func quoted(_ text: String) -> String { "\"\(text)\"" }

private func isMetricName(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, isLetter(first) || first == UInt8(ascii: ":") else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ":") }
}

private func isLabelName(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, isLetter(first), !name.hasPrefix("__") else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) }
}

/// A letter of ASCII, or the underscore.
private func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

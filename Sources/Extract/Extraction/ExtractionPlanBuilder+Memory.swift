import PatternMatching
import SeriesModel

/// What lines leave for later ones: timers, and values that are remembered.
extension ExtractionPlanBuilder {
    mutating func collectNames(_ patterns: [PatternSettings]) {
        for timer in patterns.flatMap(\.timers).map(\.timer)
        where !plan.timers.contains(where: { $0.name == timer.name }) {
            plan.timers.append(
                ExtractionPlan.Timer(
                    name: timer.name, label: constant(timer.name), timeout: Int64(timer.timeout / .nanoseconds(1)),
                    maximumOpen: timer.maximumOpen))
        }
        for value in patterns.flatMap(\.remembered) where !plan.remembered.contains(value.name) {
            plan.remembered.append(value.name)
        }
        if !plan.timers.isEmpty { declareTimers() }
    }

    private mutating func declareTimers() {
        let instruments = ExtractionPlan.TimerInstruments(
            open: ownInstrument(.openTimers), expired: ownInstrument(.expiredTimers),
            unmatched: ownInstrument(.unmatchedTimers), restarted: ownInstrument(.restartedTimers),
            refused: ownInstrument(.refusedTimers), noKey: constant("no_key"), longKey: constant("long_key"),
            negative: constant("negative"))
        plan.timerInstruments = instruments
        for timer in plan.timers {
            let name = Array(timer.name.utf8)
            for instrument in [instruments.expired, instruments.unmatched, instruments.restarted] {
                declare(instrument, [name])
            }
            for reason in [instruments.noKey, instruments.longKey, instruments.negative] {
                declare(instruments.refused, [name, bytes(of: reason)])
            }
        }
    }

    mutating func steps(of settings: PatternSettings, at index: Int, captures: Pattern?) -> Range<Int> {
        let first = plan.steps.count
        for (position, remembered) in settings.remembered.enumerated() {
            let part = ExtractionError.Part.remembered(index: position)
            guard let name = plan.remembered.firstIndex(of: remembered.name),
                let value = labelSource(remembered.value, part, at: nil, of: index, captures: captures)
            else { continue }
            plan.labels.append(value)
            plan.steps.append(.remember(name, value: plan.labels.count - 1))
        }
        for (position, use) in settings.timers.enumerated() {
            guard let timer = plan.timers.firstIndex(where: { $0.name == use.timer.name }) else { continue }
            var key = -1
            if let source = use.key {
                let part = ExtractionError.Part.timer(index: position)
                guard let label = labelSource(source, part, at: nil, of: index, captures: captures) else { continue }
                plan.labels.append(label)
                key = plan.labels.count - 1
            }
            plan.steps.append(use.role == .start ? .start(timer, key: key) : .end(timer, key: key))
        }
        return first..<plan.steps.count
    }

    /// The index of a value that lines leave for later ones.
    mutating func remembered(
        _ name: String, _ index: Int, _ position: Int?, _ part: ExtractionError.Part
    ) -> Int? {
        plan.usesMemory = true
        if let known = plan.remembered.firstIndex(of: name) { return known }
        if plan.timers.contains(where: { $0.name == name }) {
            report(
                .unknownEarlier, index, position, part,
                "^\(name) is how long a timer ran, and that is known as a value where a line ends it.",
                hint: "Use it as the value of a metric of a pattern that ends the timer.")
        } else {
            report(
                .unknownEarlier, index, position, part, "No pattern remembers a value named \(name).",
                hint: plan.remembered.isEmpty
                    ? "Add it to what a pattern remembers."
                    : "Those that are remembered: \(plan.remembered.joined(separator: ", ")).")
        }
        return nil
    }
}

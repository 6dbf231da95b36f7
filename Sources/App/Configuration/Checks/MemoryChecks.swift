import Extraction
import YAMLNodes

/// What lines leave for later ones: timers that some line starts and another ends, and values that are remembered.
struct MemoryChecks {
    static let usual = TimerSettings(name: "")
    let context: DecodingContext
    /// Whether all patterns are known.
    let isWhole: Bool

    /// What one pattern does with a timer.
    private struct Use {
        var pattern: PatternDraft
        var draft: TimerDraft
        var name: Located<String>
    }

    func check(_ patterns: [PatternDraft]) {
        let uses = patterns.flatMap { pattern in
            pattern.timers.compactMap { draft in
                draft.name.map { Use(pattern: pattern, draft: draft, name: $0) }
            }
        }
        var names: [String] = []
        for use in uses where !names.contains(use.name.value) { names.append(use.name.value) }
        for name in names { check(name, uses.filter { $0.name.value == name }) }
        let remembered = patterns.flatMap(\.remembered).map(\.key)
        for key in remembered where names.contains(key.value) {
            context.error(
                "`\(key.value)` is the name of a timer, so that `^\(key.value)` could mean both", at: key.location,
                hint: "give one of them another name")
        }
        for pattern in patterns { checkValues(pattern, timers: names, remembered: remembered.map(\.value)) }
    }

    // MARK: - Timers

    private func check(_ name: String, _ uses: [Use]) {
        agree(uses, \.timeout, "timeout", name) { DurationText.render($0) }
        agree(uses, \.maximumOpen, "max_open", name) { "\($0)" }
        guard uses.allSatisfy({ $0.draft.role != nil }), isWhole, let first = uses.first else { return }
        let (starts, ends) = (uses.filter { $0.draft.role == .start }, uses.filter { $0.draft.role == .end })
        if ends.isEmpty {
            context.error(
                "no pattern ends the timer `\(name)`", at: first.name.location,
                hint: "add `timer: {end: \(name)}` to the pattern of the lines that end it")
        } else if starts.isEmpty {
            context.error(
                "no pattern starts the timer `\(name)`", at: first.name.location,
                hint: "add `timer: {start: \(name)}` to the pattern of the lines that start it")
        } else {
            checkMeeting(name, starts, ends)
            for end in ends where !isUsed(name, by: end.pattern) {
                context.warning(
                    "no metric takes how long the timer `\(name)` ran", at: end.name.location,
                    hint: "add `metrics: [{histogram: \(name)_duration_seconds, value: ^\(name)}]` to this pattern")
            }
        }
        checkKeys(name, uses)
    }

    private func isUsed(_ name: String, by pattern: PatternDraft) -> Bool {
        pattern.metrics.contains { $0.value?.value == .earlier(name) }
    }

    /// Both need the key, or none.
    private func checkKeys(_ name: String, _ uses: [Use]) {
        guard let keyed = uses.compactMap(\.draft.key).first else { return }
        for use in uses where use.draft.isWithoutKey {
            context.error(
                "this use of the timer `\(name)` has no `key`, and the one at \(keyed.location) has one",
                at: use.draft.location, hint: "add `key: \(TimerKeys.key.schema.example)`, or remove the other one")
        }
    }

    /// A timer that is started in some sources and ended in others never is both.
    private func checkMeeting(_ name: String, _ starts: [Use], _ ends: [Use]) {
        let meets = starts.contains { start in
            ends.contains { end in
                guard let some = start.pattern.sources, let others = end.pattern.sources else { return true }
                return !Set(some.map(\.value)).isDisjoint(with: others.map(\.value))
            }
        }
        guard !meets, let end = ends.first else { return }
        context.error(
            "the timer `\(name)` is started in lines of other sources than it is ended in", at: end.name.location,
            hint: "a timer is ended by a line of the file that started it: let both patterns have a source in common")
    }

    private func agree<Value: Equatable>(
        _ uses: [Use], _ setting: KeyPath<TimerDraft, Located<Value>?>, _ key: String, _ name: String,
        _ render: (Value) -> String
    ) {
        let written = uses.compactMap { $0.draft[keyPath: setting] }
        guard let first = written.first else { return }
        for other in written where other.value != first.value {
            context.error(
                "`\(key)` of the timer `\(name)` is \(render(other.value)) here and \(render(first.value)) at \(first.location)",
                at: other.location, hint: "write it once, and leave it out here")
        }
    }

    // MARK: - What is used of them

    private func checkValues(_ pattern: PatternDraft, timers: [String], remembered: [String]) {
        let ended = pattern.timers.filter { $0.role == .end }.compactMap(\.name?.value)
        let durations = pattern.metrics.compactMap(\.value?.location)
        for value in pattern.values {
            guard case .earlier(let name) = value.value, !remembered.contains(name) else { continue }
            if timers.contains(name) {
                if ended.contains(name), durations.contains(value.location) { continue }
                context.error(
                    "`^\(name)` is how long a timer ran, and known only as the value of a metric of a pattern that ends it",
                    at: value.location, hint: "move it there, or remember a value under another name")
            } else if isWhole {
                let known = remembered + ended
                context.error(
                    "no pattern remembers a value named `\(name)`", at: value.location,
                    hint: NearestName.of(name, among: known).map { "write `^\($0)`" }
                        ?? "add `remember: {\(name): $capture}` to the pattern of the lines that say it, or write `^^\(name)` for the text"
                )
            }
        }
    }

    /// A timer with the limits that any of its patterns gives.
    static func settings(of name: String, in patterns: [PatternDraft]) -> TimerSettings {
        let uses = patterns.flatMap(\.timers).filter { $0.name?.value == name }
        return TimerSettings(
            name: name, timeout: uses.compactMap(\.timeout).first?.value ?? usual.timeout,
            maximumOpen: uses.compactMap(\.maximumOpen).first?.value ?? usual.maximumOpen)
    }
}

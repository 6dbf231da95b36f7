import Extraction
import JSONText
import SeriesModel

/// What the patterns make of one line.
struct LineScreen {
    let line: [UInt8]
    let explanations: [PatternExplanation]

    var lines: [String] {
        var lines = [text(of: 0..<line.count)]
        for explanation in explanations { lines += self.lines(of: explanation) }
        let silent = explanations.filter { $0.outcome == .noMatch }.map(\.pattern)
        if explanations.isEmpty { lines.append("  there are no patterns") }
        if !silent.isEmpty { lines.append("  no match: \(silent.joined(separator: ", ").printable)") }
        let fields = explanations.filter { $0.outcome == .otherFields }.map(\.pattern)
        if !fields.isEmpty { lines.append("  the fields are others: \(fields.joined(separator: ", ").printable)") }
        let others = explanations.filter { $0.outcome == .otherSource }.map(\.pattern)
        if !others.isEmpty { lines.append("  not for this source: \(others.joined(separator: ", ").printable)") }
        return lines
    }

    private func text(of range: Range<Int>) -> String { String(decoding: line[range], as: UTF8.self).printable }

    private func lines(of explanation: PatternExplanation) -> [String] {
        switch explanation.outcome {
        case .noMatch, .otherSource, .otherFields: return []
        case .failed(let reason):
            return [
                "  \(explanation.pattern.printable): given up (\(reason)); counted in outrider_pattern_errors_total"
            ]
        case .matched: break
        }
        let place = explanation.matchedRange.map { " at bytes \($0.lowerBound)–\($0.upperBound)" } ?? ""
        var lines = ["  \(explanation.pattern.printable): matches\(place)"]
        let width = explanation.captures.map(\.name.count).max() ?? 0
        for capture in explanation.captures {
            let space = String(repeating: " ", count: width - capture.name.count)
            lines.append("    $\(capture.name)\(space)  \(capture.range.map(text) ?? "(took no part)")")
        }
        lines += explanation.updates.map { "    \(Self.series($0)) \(Self.effect($0))" }
        lines += explanation.rejections.map { "    \($0.metric) stays: \(Self.reason($0))" }
        return lines
    }

    static func series(_ update: PatternExplanation.Update) -> String {
        guard !update.labels.isEmpty else { return update.metric }
        let labels = update.labels.map { label in
            let value = String(decoding: label.value, as: UTF8.self)
            let escaped = value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
            return "\(label.name)=\"\(escaped.printable)\""
        }
        return "\(update.metric){\(labels.joined(separator: ","))}"
    }

    private static func effect(_ update: PatternExplanation.Update) -> String {
        let value = Quantities.value(update.value)
        let effect =
            switch update.operation {
            case .set: "= \(value)"
            case .add: "+= \(value)"
            case .subtract: "-= \(value)"
            case .minimum: "= \(value) if it is less"
            case .maximum: "= \(value) if it is more"
            case .observe: "observes \(value)"
            }
        return update.isWarned ? "\(effect)  (warned: outside of the expected range)" : effect
    }

    private static func reason(_ rejection: PatternExplanation.RejectedValue) -> String {
        let value = rejection.number.map { ", \(Quantities.value($0))" } ?? ""
        return "the value is rejected (\(rejection.reason.label)\(value))"
    }

    /// The same for programs.
    var json: JSONValue {
        ["line": JSONValue(repairing: line), "patterns": .array(explanations.map(json))]
    }

    private func json(_ explanation: PatternExplanation) -> JSONValue {
        [
            "pattern": .string(explanation.pattern), "outcome": .string(Self.outcome(explanation.outcome)),
            "captures": .object(
                explanation.captures.map { capture in
                    .init(capture.name, capture.range.map { JSONValue(repairing: line[$0]) } ?? .null)
                }),
            "updates": .array(
                explanation.updates.map { update in
                    [
                        "metric": .string(update.metric), "operation": .string("\(update.operation)"),
                        "value": .number(update.value), "warned": .bool(update.isWarned),
                        "labels": .object(update.labels.map { .init($0.name, JSONValue(repairing: $0.value)) }),
                    ]
                }),
            "rejections": .array(
                explanation.rejections.map { rejection in
                    [
                        "metric": .string(rejection.metric), "reason": .string(rejection.reason.label),
                        "number": rejection.number.map(JSONValue.number) ?? .null,
                    ]
                }),
        ]
    }

    private static func outcome(_ outcome: PatternExplanation.Outcome) -> String {
        switch outcome {
        case .matched: "matched"
        case .noMatch: "no_match"
        case .otherSource: "other_source"
        case .otherFields: "other_fields"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

import Agent
import Extraction
import JSONText
import PatternMatching
import SeriesModel

/// What the patterns make of one record.
struct LineScreen {
    let text: [UInt8]
    let fields: FieldsExplanation
    let explanations: [PatternExplanation]
    var style = TerminalStyle.plain
    /// The most patterns whose conditions or near misses are shown; the others are named.
    private static let shownMisses = 5

    init(_ record: TriedRecord, style: TerminalStyle = .plain) {
        self.init(
            text: record.text, fields: record.fields, explanations: record.explanations, style: style)
    }

    init(
        text: [UInt8], fields: FieldsExplanation = FieldsExplanation(), explanations: [PatternExplanation],
        style: TerminalStyle = .plain
    ) {
        self.text = text
        self.fields = fields
        self.explanations = explanations
        self.style = style
    }

    var lines: [String] {
        var lines = recordLines + fieldLines
        for explanation in explanations { lines += self.lines(of: explanation) }
        let near = nearMisses.prefix(Self.shownMisses)
        for explanation in near { lines += missLines(explanation) }
        if explanations.isEmpty { lines.append("  there are no patterns") }
        let told = Set(near.map(\.pattern))
        lines +=
            names("no match", .noMatch, without: told) + names("the fields are others", .otherFields, without: told)
        return lines + names("not for this source", .otherSource, without: told)
    }

    /// A record of several lines stands as such.
    private var recordLines: [String] {
        text.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            style.strong(String(decoding: $0, as: UTF8.self).printable)
        }
    }

    private var fieldLines: [String] {
        if fields.isMalformed {
            return ["  \(style.doubtful("the line is not in the format of its source, and has no fields"))"]
        }
        let width = fields.fields.map(\.path.count).max() ?? 0
        return fields.fields.map { field in
            let space = String(repeating: " ", count: width - field.path.count)
            return "  .\(style.faint(field.path))\(space)  \(Self.text(field.text))"
        }
    }

    private func names(_ title: String, _ outcome: PatternExplanation.Outcome, without told: Set<String>) -> [String] {
        let names = explanations.filter { $0.outcome == outcome && !told.contains($0.pattern) }.map(\.pattern)
        return names.isEmpty ? [] : [style.faint("  \(title): \(names.joined(separator: ", ").printable)")]
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).printable
    }

    // MARK: - Matches

    private func lines(of explanation: PatternExplanation) -> [String] {
        let name = style.strong(explanation.pattern.printable)
        switch explanation.outcome {
        case .noMatch, .otherSource, .otherFields: return []
        case .failed(let reason):
            return ["  \(style.bad("✗")) \(name): given up (\(reason)); counted in outrider_pattern_errors_total"]
        case .matched: break
        }
        let field = explanation.field.map { " in \($0)" } ?? ""
        let place = explanation.matchedRange.map { " at bytes \($0.lowerBound)–\($0.upperBound)" } ?? ""
        var lines = ["  \(style.good("✓")) \(name): matches\(field)\(style.faint(place))"]
        let width = explanation.captures.map(\.name.count).max() ?? 0
        for capture in explanation.captures {
            let space = String(repeating: " ", count: width - capture.name.count)
            lines.append(
                "      $\(capture.name)\(space)  \(capture.text.map(Self.text) ?? style.faint("(took no part)"))")
        }
        lines += explanation.updates.map { "      \(Self.series($0)) \(effect($0))" }
        lines += explanation.rejections.map { "      \($0.metric) stays: \(style.doubtful(Self.reason($0)))" }
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

    private func effect(_ update: PatternExplanation.Update) -> String {
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
        return update.isWarned ? "\(effect)  \(style.doubtful("(warned: outside of the expected range)"))" : effect
    }

    private static func reason(_ rejection: PatternExplanation.RejectedValue) -> String {
        let value = rejection.number.map { ", \(Quantities.value($0))" } ?? ""
        return "the value is rejected (\(rejection.reason.label)\(value))"
    }

    // MARK: - Near misses

    /// Those of which most is there first.
    private var nearMisses: [PatternExplanation] {
        let near = explanations.filter { explanation in
            switch explanation.outcome {
            case .noMatch: explanation.miss != nil
            // Where not one of the fields is there, the line is of another kind.
            case .otherFields: explanation.conditions.contains { $0.text != nil }
            case .matched, .otherSource, .failed: false
            }
        }
        return near.enumerated().sorted { left, right in
            let (first, second) = (nearness(left.element), nearness(right.element))
            return first == second ? left.offset < right.offset : first > second
        }.map(\.element)
    }

    private func nearness(_ explanation: PatternExplanation) -> Double {
        if let miss = explanation.miss { return 2 + Double(miss.miss.met.count) }
        let met = explanation.conditions.count(where: \.isMet)
        return Double(met) / Double(max(explanation.conditions.count, 1))
    }

    private func missLines(_ explanation: PatternExplanation) -> [String] {
        let head = "  \(style.doubtful("≈")) \(style.strong(explanation.pattern.printable)): "
        guard let miss = explanation.miss else {
            let conditions = explanation.conditions.filter { !$0.isMet }
            return [head + "the fields are others"] + conditions.map { "      \(sentence($0))" }
        }
        return [head + NearMissText(miss).sentence(in: explanation.field)]
            + NearMissText(miss).picture(style).map { "      \($0)" }
    }

    private func sentence(_ condition: PatternExplanation.Condition) -> String {
        let field = ".\(condition.field.printable)"
        guard let text = condition.text else { return "\(field) \(style.doubtful("is missing"))" }
        let found = "\(field) is \(style.doubtful(Self.text(text)))"
        return switch condition.request {
        case .isOne(let texts): "\(found), not \(texts.map(\.printable).joined(separator: " or "))"
        case .isNone: "\(found), which is excluded"
        case .isPresent: found
        }
    }
}

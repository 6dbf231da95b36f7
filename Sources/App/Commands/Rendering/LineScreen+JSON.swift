import Extraction
import JSONText
import PatternMatching

extension LineScreen {
    /// The same for programs.
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("line", JSONValue(repairing: text))]
        if fields.isMalformed { members.append(.init("malformed", true)) }
        if !fields.fields.isEmpty {
            members.append(
                .init("fields", .object(fields.fields.map { .init($0.path, JSONValue(repairing: $0.text)) })))
        }
        members.append(.init("patterns", .array(explanations.map(json))))
        return .object(members)
    }

    private func json(_ explanation: PatternExplanation) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("pattern", .string(explanation.pattern)),
            .init("outcome", .string(Self.outcome(explanation.outcome))),
            .init("captures", captures(explanation)), .init("updates", .array(explanation.updates.map(json))),
            .init("rejections", .array(explanation.rejections.map(json))),
        ]
        if !explanation.conditions.isEmpty {
            members.append(.init("conditions", .array(explanation.conditions.map(json))))
        }
        if let miss = explanation.miss { members.append(.init("near_miss", json(miss))) }
        return .object(members)
    }

    private func captures(_ explanation: PatternExplanation) -> JSONValue {
        .object(explanation.captures.map { .init($0.name, $0.text.map { JSONValue(repairing: $0) } ?? .null) })
    }

    private func json(_ update: PatternExplanation.Update) -> JSONValue {
        [
            "metric": .string(update.metric), "operation": .string("\(update.operation)"),
            "value": .number(update.value), "warned": .bool(update.isWarned),
            "labels": .object(update.labels.map { .init($0.name, JSONValue(repairing: $0.value)) }),
        ]
    }

    private func json(_ rejection: PatternExplanation.RejectedValue) -> JSONValue {
        [
            "metric": .string(rejection.metric), "reason": .string(rejection.reason.label),
            "number": rejection.number.map(JSONValue.number) ?? .null,
        ]
    }

    private func json(_ condition: PatternExplanation.Condition) -> JSONValue {
        let (request, texts): (String, [String]) =
            switch condition.request {
            case .isOne(let texts): ("is_one_of", texts)
            case .isNone(let texts): ("is_none_of", texts)
            case .isPresent: ("is_present", [])
            }
        return [
            "field": .string(condition.field), "request": .string(request),
            "texts": .array(texts.map(JSONValue.string)),
            "found": condition.text.map { JSONValue(repairing: $0) } ?? .null, "met": .bool(condition.isMet),
        ]
    }

    private func json(_ miss: PatternExplanation.Miss) -> JSONValue {
        let (met, unmet) = (miss.miss.met, miss.miss.unmet)
        let expression = Array(miss.expression.utf8)
        let obstacle =
            switch miss.miss.obstacle {
            case .text: "text"
            case .exclusion: "exclusion"
            case .letterCase: "letter_case"
            case .lineBegin: "line_begin"
            }
        return [
            "obstacle": .string(obstacle), "expression": .string(miss.expression),
            "met": JSONValue(repairing: expression[..<unmet.lowerBound]),
            "unmet": JSONValue(repairing: expression[unmet]),
            "fits": JSONValue(repairing: miss.text[met]), "begin": JSONValue(UInt64(met.lowerBound)),
            "stop": JSONValue(UInt64(met.upperBound)),
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

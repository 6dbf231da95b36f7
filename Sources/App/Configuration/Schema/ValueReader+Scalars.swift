import CivilTime
import Extraction
import FileAccess
import FileTail

extension ValueReader where Value == String {
    static let text = form(.text) { text throws(FormProblem) in try nonEmpty(text) }
    /// Text that may be empty.
    static let line = form(.text) { text throws(FormProblem) in text }
    static let name = form(.name, NameText.parseName)
    static let metricName = form(.metricName, NameText.parseMetricName)
    static let fieldPath = form(.fieldPath, FieldPathText.parse)
    static let expression = form(.expression) { text throws(FormProblem) in try nonEmpty(text) }
    static let includeGlob = form(.includeGlob) { text throws(FormProblem) in try nonEmpty(text) }

    /// An absolute path.
    static let path = scalar(.form(.path)) { scalar, context throws(FormProblem) in
        context.absolutePath(try nonEmpty(scalar.text), at: scalar.location)
    }

}

extension ValueReader where Value == FilePattern {
    /// An absolute glob.
    static let glob = scalar(.form(.glob)) { scalar, context throws(FormProblem) in
        let text = try nonEmpty(scalar.text)
        guard !text.split(separator: "/").contains("..") else {
            throw FormProblem("globs cannot climb with `..`", hint: "write the absolute path")
        }
        guard !text.hasSuffix("/") else {
            throw FormProblem("it names a folder", hint: "name the files in it, as in `\(text)*.log`")
        }
        return try GlobText.parse(context.absoluteGlob(text, at: scalar.location))
    }
}

private func nonEmpty(_ text: String) throws(FormProblem) -> String {
    guard !text.isEmpty else { throw FormProblem(hint: "write at least one character") }
    return text
}

extension ValueReader where Value == Duration {
    static let duration = form(.duration, DurationText.parse)

    static func duration(_ limits: ClosedRange<Duration>) -> ValueReader {
        duration.within(limits) { DurationText.render($0) }
    }
}

extension ValueReader where Value == Int {
    static func size(_ limits: ClosedRange<Int>) -> ValueReader {
        form(.size, SizeText.parse).within(limits) { SizeText.render($0) }
    }

    static func integer(_ limits: ClosedRange<Int>) -> ValueReader {
        form(.integer) { text throws(FormProblem) in
            guard let number = Int(text) else { throw FormProblem(hint: "write a whole number, such as `128`") }
            return number
        }.within(limits) { "\($0)" }
    }
}

extension ValueReader where Value == Bool {
    static let bool = form(.boolean) { text throws(FormProblem) in
        guard let value = Bool(text) else { throw FormProblem(hint: "write `true` or `false`") }
        return value
    }
}

extension ValueReader where Value == Double {
    static let number = form(.number, NumberText.parse)
}

extension ValueReader where Value == ListenAddress {
    static let listenAddress = form(.listenAddress, ListenAddress.parse)
}

extension ValueReader where Value == ValueSource {
    static let value = scalar(.form(.value)) { scalar, _ throws(FormProblem) in try CaptureText.parseValue(scalar) }
    static let label = scalar(.form(.label)) { scalar, _ throws(FormProblem) in try CaptureText.parseLabel(scalar) }
}

extension ValueReader where Value == ZoneChoice {
    static let timeZone = form(.timeZone, ZoneText.parse)
}

extension ValueReader where Value == TimestampLayout? {
    static let timestampLayout = form(.timestampLayout, TimestampLayoutText.parse)
}

extension ValueReader where Value == StartPosition {
    static let startPosition = scalar(.choice(["end", "beginning"], orElse: .duration)) {
        scalar, _ throws(FormProblem) in
        switch scalar.text {
        case "end": return .end
        case "beginning": return .beginning
        default: return .within(try parseDuration(scalar.text))
        }
    }

    private static func parseDuration(_ text: String) throws(FormProblem) -> Duration {
        do {
            return try DurationText.parse(text)
        } catch {
            if text.first?.isNumber == true { throw error }
            let word = NearestName.of(text, among: ["end", "beginning"])
            throw FormProblem(
                hint: word.map { "write `\($0)`" } ?? "write `end`, `beginning`, or a duration such as `24h`")
        }
    }
}

extension ValueReader where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration.
    static func choice(_: Value.Type) -> ValueReader {
        let words = Value.allCases.map(\.rawValue)
        return scalar(.choice(words)) { scalar, _ throws(FormProblem) in
            if let value = Value(rawValue: scalar.text) { return value }
            let meant = NearestName.choices(for: scalar.text, among: words)
            throw FormProblem(
                hint: meant.isEmpty
                    ? "write one of \(words.quotedList)" : "write \(meant.map { "`\($0)`" }.joinedAsAlternatives)")
        }
    }
}

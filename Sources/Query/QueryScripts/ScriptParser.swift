import PromQL
import QueryModel

/// Reads scripts of Prometheus's language for PromQL tests: commands at the beginning of blocks, one line for each series
/// or expectation behind them; an empty line or a comment ends a block (promql/promqltest).
struct ScriptParser {
    private let lines: [String]
    private var index = 0

    private init(lines: [String]) { self.lines = lines }

    /// The commands of a script.
    static func parse(_ text: some Collection<UInt8>) throws(ScriptError) -> [ScriptCommand] {
        // A script may hold bytes that are no UTF-8; none of them is at a line's end.
        let lines = text.split(separator: 10, omittingEmptySubsequences: false).map { line in
            let trimmed = ScriptParser.trimmed(String(decoding: line, as: UTF8.self))
            return trimmed.hasPrefix("#") ? "" : trimmed
        }
        var parser = ScriptParser(lines: lines)
        var commands: [ScriptCommand] = []
        while let command = try parser.next() { commands.append(command) }
        return commands
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private func fail(_ reason: String) -> ScriptError { ScriptError(line: index, reason: reason) }

    private mutating func next() throws(ScriptError) -> ScriptCommand? {
        while index < lines.count, lines[index].isEmpty { index += 1 }
        guard index < lines.count else { return nil }
        let line = lines[index]
        index += 1
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        switch words[0].lowercased() {
        case "clear": return .clear
        case "load", "load_with_nhcb": return .load(try load(words))
        case let word where word == "eval" || word.hasPrefix("eval_"): return .evaluate(try evaluation(line, words))
        default: throw fail("unknown command \"\(words[0])\"")
        }
    }

    /// The lines of the block that has begun.
    private mutating func body() -> [(number: Int, text: String)] {
        var body: [(number: Int, text: String)] = []
        while index < lines.count, !lines[index].isEmpty {
            body.append((index + 1, lines[index]))
            index += 1
        }
        return body
    }

    // MARK: - load

    private mutating func load(_ words: [String]) throws(ScriptError) -> LoadBlock {
        guard words.count >= 2, let interval = Self.time(words[1]) else { throw fail("load wants an interval") }
        let isWithNative = words[0].lowercased() == "load_with_nhcb" || words.last == "_with_nhcb"
        var block = LoadBlock(interval: interval, makesNativeHistograms: isWithNative)
        for (number, text) in body() { block.series.append(try SeriesLineParser.parse(text, line: number)) }
        return block
    }

    // MARK: - eval

    private mutating func evaluation(_ line: String, _ words: [String]) throws(ScriptError) -> EvaluationBlock {
        var block = try head(line, words)
        let legacy = words[0].dropFirst("eval".count).dropFirst()
        if !legacy.isEmpty {
            guard let subject = Expectation.Subject(rawValue: String(legacy)) else {
                throw fail("unknown command \"\(words[0])\"")
            }
            block.expectations.append(Expectation(subject: subject))
        }
        var series: [SeriesLine] = []
        for (number, text) in body() {
            if try expectation(text, line: number, into: &block) { continue }
            if let value = ScriptNumber.value(text.utf8.map { $0 }) {
                block.expected = .scalar(value)
                continue
            }
            series.append(try SeriesLineParser.parse(text, line: number))
        }
        block.expectsHistograms = series.contains(where: \.hasHistograms)
        switch block.expected {
        case .series: block.expected = .series(series)
        case .rangeVector(_, let start, let step):
            block.expected = .rangeVector(series, start: start, step: step)
        default: break
        }
        return block
    }

    private func head(_ line: String, _ words: [String]) throws(ScriptError) -> EvaluationBlock {
        let isInstant = words.count > 3 && words[1] == "instant" && words[2] == "at"
        let isRange =
            words.count > 7 && words[1] == "range" && words[2] == "from" && words[4] == "to" && words[6] == "step"
        if isInstant, let time = Self.time(words[3]) {
            return EvaluationBlock(line: index, times: .instant(time), expression: Self.rest(of: line, after: 4))
        }
        if isRange, let start = Self.time(words[3]), let end = Self.time(words[5]), let step = Self.time(words[7]) {
            return EvaluationBlock(
                line: index, times: .range(start: start, end: end, step: step),
                expression: Self.rest(of: line, after: 8))
        }
        throw fail("expected `eval instant at TIME EXPRESSION` or `eval range from TIME to TIME step TIME EXPRESSION`")
    }

    /// Whether the line is an expectation and no series.
    private func expectation(
        _ text: String, line: Int, into block: inout EvaluationBlock
    ) throws(ScriptError) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        switch words[0] {
        case "expected_fail_message":
            block.expectations.append(Expectation(subject: .fail, text: .message(Self.rest(of: text, after: 1))))
            return true
        case "expected_fail_regexp":
            block.expectations.append(
                Expectation(subject: .fail, text: try Self.pattern(Self.rest(of: text, after: 1), line: line)))
            return true
        case "expect" where words.count > 1: break
        default: return false
        }
        if words[1] == "string" {
            guard let expression = try? Expression.parse(Self.rest(of: text, after: 2)),
                case .string(let value) = expression.form
            else { throw ScriptError(line: line, reason: "expected a quoted string") }
            block.expected = .string(value)
            return true
        }
        if words.count == 9, words[1] == "range", words[2] == "vector", let start = Self.time(words[4]),
            let step = Self.time(words[8])
        {
            block.expected = .rangeVector([], start: start, step: step)
            return true
        }
        guard let subject = Expectation.Subject(rawValue: words[1]) else {
            throw ScriptError(line: line, reason: "unknown expectation \"\(words[1])\"")
        }
        let rest = Self.rest(of: text, after: 2)
        var expectation = Expectation(subject: subject)
        if rest.hasPrefix("msg:") {
            expectation.text = .message(Self.trimmed(String(rest.dropFirst(4))))
        } else if rest.hasPrefix("regex:") {
            expectation.text = try Self.pattern(Self.trimmed(String(rest.dropFirst(6))), line: line)
        } else if !rest.isEmpty {
            throw ScriptError(line: line, reason: "expected `msg:` or `regex:`")
        }
        block.expectations.append(expectation)
        return true
    }

    // MARK: - Small things

    private static func pattern(_ text: String, line: Int) throws(ScriptError) -> Expectation.Text {
        guard let pattern = MessagePattern(text) else {
            throw ScriptError(line: line, reason: "\"\(text)\" is no regular expression")
        }
        return .pattern(pattern)
    }

    private static func time(_ text: String) -> Int64? {
        if text.hasPrefix("-") { return DurationText.milliseconds(text.utf8.dropFirst()).map { -$0 } }
        return DurationText.milliseconds(text.utf8)
    }

    /// What follows the first words.
    private static func rest(of line: String, after count: Int) -> String {
        var rest = line[...]
        for _ in 0..<count { rest = rest.drop { $0.isWhitespace }.drop { !$0.isWhitespace } }
        return String(rest.drop { $0.isWhitespace })
    }
}

public import QueryModel

/// Reads pages of metrics, line by line: strictly in what they mean, and with the place of a mistake.
///
/// A series is read the first time that it is seen; from then on its bytes are enough to know it, so that a dump of many samples
/// costs no more than finding their numbers.
public struct ExpositionReader: Sendable {
    /// The labels of the series that were read so far, by their numbers.
    public private(set) var series: [LabelSet] = []

    let text: [UInt8]
    let dialect: ExpositionDialect
    /// Where the page begins: behind the mark that some editors put before UTF-8.
    private let start: Int
    var position = 0
    private(set) var lineNumber = 0
    private(set) var lineStart = 0
    /// Where the line ends that is read, its line feed not included.
    var lineEnd = 0
    private var hasEnded = false
    private var table = SeriesTextTable()
    private var numbers: [LabelSet: Int] = [:]

    /// Reads a page in the dialect that it seems to have.
    public init(_ text: [UInt8], dialect: ExpositionDialect? = nil) {
        self.text = text
        start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        self.dialect = dialect ?? ExpositionDialect(detectedIn: text[start...])
    }

    /// The next line that says something; nil at the end.
    public mutating func next() throws(ExpositionError) -> ExpositionEntry? {
        while try beginLine() {
            if let entry = try line() { return entry }
        }
        return nil
    }

    /// Goes to the next line; false at the end.
    private mutating func beginLine() throws(ExpositionError) -> Bool {
        position = lineNumber == 0 ? start : lineEnd + 1
        guard position < text.count else {
            if dialect == .openMetrics, !hasEnded {
                lineNumber += 1
                lineStart = position
                throw fail("the page ends without `# EOF`")
            }
            return false
        }
        lineNumber += 1
        lineStart = position
        guard let end = text[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            position = text.count
            throw fail("the last line does not end; the page may be cut off")
        }
        lineEnd = end
        if hasEnded { throw fail("there is text behind `# EOF`") }
        return true
    }

    private mutating func line() throws(ExpositionError) -> ExpositionEntry? {
        if dialect == .prometheus { skipBlanks() }
        guard position < lineEnd else {
            if dialect == .openMetrics { throw fail("OpenMetrics has no empty lines") }
            return nil
        }
        return text[position] == UInt8(ascii: "#") ? try comment() : .sample(try sample())
    }

    /// A mistake in the line that was read last, as its reader sees it.
    public func failure(_ reason: String) -> ExpositionError {
        ExpositionError(line: lineNumber, column: position - lineStart + 1, reason: reason)
    }

    // MARK: - Pieces

    func fail(_ reason: String) -> ExpositionError { failure(reason) }

    func fail(_ reason: String, at offset: Int) -> ExpositionError {
        ExpositionError(line: lineNumber, column: offset - lineStart + 1, reason: reason)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    mutating func skipBlanks() {
        while position < lineEnd, Self.isBlank(text[position]) { position += 1 }
    }

    /// What parts two fields: one space in OpenMetrics, any blanks otherwise. At the end of the line there need be none.
    mutating func skipSeparator() throws(ExpositionError) {
        guard position < lineEnd else { return }
        if dialect == .prometheus { return skipBlanks() }
        guard text[position] == UInt8(ascii: " ") else { throw fail("expected a space") }
        position += 1
        if position < lineEnd, Self.isBlank(text[position]) { throw fail("expected one space only") }
    }

    /// The text of a HELP may end in a carriage return; nothing else may.
    private func checkLineEnd() throws(ExpositionError) {
        guard lineEnd > lineStart, text[lineEnd - 1] == UInt8(ascii: "\r") else { return }
        throw fail(
            "the line ends with CR LF, as on Windows, and must end with LF alone: convert the file, such as with dos2unix",
            at: lineEnd - 1)
    }

    /// The bytes up to a blank or the end of the line.
    mutating func word() -> Range<Int> {
        let start = position
        while position < lineEnd, !Self.isBlank(text[position]) { position += 1 }
        return start..<position
    }

    func shown(_ range: Range<Int>) -> String {
        let piece = text[range]
        let shown = String(decoding: piece.prefix(40), as: UTF8.self)
        return "`\(shown)\(piece.count > 40 ? "…" : "")`"
    }

    // MARK: - Samples

    private mutating func sample() throws(ExpositionError) -> ExpositionSample {
        try checkLineEnd()
        let number = try seriesNumber()
        try skipSeparator()
        let value = try self.value()
        var sample = ExpositionSample(series: number, value: value)
        try skipSeparator()
        if position < lineEnd, text[position] != UInt8(ascii: "#") || dialect == .prometheus {
            sample.timestamp = try timestamp()
            try skipSeparator()
        }
        if position < lineEnd, dialect == .openMetrics { sample.exemplar = try exemplar(sample.timestamp) }
        guard position == lineEnd else { throw fail("expected the end of the line") }
        return sample
    }

    private mutating func seriesNumber() throws(ExpositionError) -> Int {
        let start = position
        let end = try SeriesTextReader.end(of: self)
        if let known = table.number(of: start..<end, in: text) {
            position = end
            return known
        }
        var reader = SeriesTextReader(self)
        let labels = try reader.series()
        position = reader.position
        let number = numbers[labels] ?? series.count
        if number == series.count {
            series.append(labels)
            numbers[labels] = number
        }
        table.insert(number, start..<position, in: text)
        return number
    }

    private mutating func value() throws(ExpositionError) -> Double {
        let range = word()
        guard !range.isEmpty else { throw fail("expected a value") }
        guard let value = DecimalText.value(text[range]) else {
            throw fail("expected a value, got \(shown(range))", at: range.lowerBound)
        }
        return value
    }

    private mutating func timestamp() throws(ExpositionError) -> Int64 {
        let range = word()
        switch dialect {
        case .prometheus:
            guard let time = Int64(String(decoding: text[range], as: UTF8.self)) else {
                throw fail("expected a time in milliseconds, got \(shown(range))", at: range.lowerBound)
            }
            return time
        case .openMetrics:
            guard let seconds = DecimalText.value(text[range]), seconds.magnitude < 9e15 else {
                throw fail("expected a time in seconds, got \(shown(range))", at: range.lowerBound)
            }
            return Int64((seconds * 1000).rounded())
        }
    }

    private mutating func exemplar(_ time: Int64?) throws(ExpositionError) -> Exemplar {
        let start = position
        guard text[position..<lineEnd].starts(with: "# {".utf8) else { throw fail("expected a time or an exemplar") }
        position += 2
        var reader = SeriesTextReader(self)
        let labels = LabelSet(try reader.labels())
        position = reader.position
        try skipSeparator()
        let value = try self.value()
        try skipSeparator()
        let timestamp = position < lineEnd ? try self.timestamp() : time
        let length = labels.labels.reduce(0) {
            $0 + $1.name.string.unicodeScalars.count + $1.value.string.unicodeScalars.count
        }
        guard length <= 128 else { throw fail("the labels of an exemplar have more than 128 characters", at: start) }
        return Exemplar(labels: labels, value: value, timestamp: timestamp ?? 0)
    }

    // MARK: - Comments

    private mutating func comment() throws(ExpositionError) -> ExpositionEntry? {
        let start = position
        position += 1
        if dialect == .openMetrics, text[start..<lineEnd].elementsEqual("# EOF".utf8) {
            hasEnded = true
            position = lineEnd
            return nil
        }
        if dialect == .prometheus { skipBlanks() } else { try skipSeparator() }
        let keyword = String(decoding: text[word()], as: UTF8.self)
        if keyword != "HELP" { try checkLineEnd() }
        switch keyword {
        case "HELP", "TYPE": break
        case "UNIT" where dialect == .openMetrics: break
        default:
            guard dialect == .prometheus else {
                throw fail("expected HELP, TYPE, UNIT or EOF", at: start + 2)
            }
            return nil
        }
        try skipSeparator()
        var reader = SeriesTextReader(self)
        let name = try reader.metricName()
        position = reader.position
        if position < lineEnd, !Self.isBlank(text[position]) { throw fail("expected a blank behind the name") }
        if position < lineEnd { position += 1 }
        if dialect == .prometheus, keyword == "TYPE" { skipBlanks() }
        let rest = position..<lineEnd
        position = lineEnd
        switch keyword {
        case "HELP": return .help(name: name, text: ByteString(help(rest)))
        case "TYPE": return .type(name: name, type: try type(rest))
        default:
            let unit = ByteString(text[rest])
            guard unit.isEmpty || name.bytes.reversed().starts(with: ([UInt8(ascii: "_")] + unit.bytes).reversed())
            else { throw fail("the name does not end in the unit `_\(unit)`", at: rest.lowerBound) }
            return .unit(name: name, unit: unit)
        }
    }

    private func type(_ range: Range<Int>) throws(ExpositionError) -> String {
        let type = String(decoding: text[range], as: UTF8.self)
        switch (dialect, type) {
        case (_, "counter"), (_, "gauge"), (_, "histogram"), (_, "summary"): return type
        case (.prometheus, "untyped"), (_, "unknown"): return "unknown"
        case (.openMetrics, "gaugehistogram"), (.openMetrics, "stateset"), (.openMetrics, "info"): return type
        default: throw fail("\(shown(range)) is no type of metrics", at: range.lowerBound)
        }
    }

    private func help(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text[range]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.first else {
                result.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\\"): result.append(next)
            case UInt8(ascii: "\"") where dialect == .openMetrics: result.append(next)
            default: result += [byte, next]
            }
            rest.removeFirst()
        }
        return result
    }
}

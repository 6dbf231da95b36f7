public import QueryModel

/// How metrics are written.
public enum ExpositionDialect: Sendable {
    /// Prometheus's text format 0.0.4: timestamps in milliseconds, free with spaces and comments. Names in quotes are taken, as
    /// version 1.0.0 has them, and so is a name that stands as the label `__name__`, as in dumps of `promtool`.
    case prometheus
    /// OpenMetrics 1.0: timestamps in seconds, exemplars, `# EOF` at the end.
    case openMetrics

    /// What a page is written in: only OpenMetrics says where it ends.
    public init(detectedIn text: [UInt8]) { self.init(detectedIn: text[...]) }

    init(detectedIn text: ArraySlice<UInt8>) {
        let end = text.lastIndex { $0 != UInt8(ascii: "\n") }.map { $0 + 1 } ?? text.startIndex
        let start = text[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.startIndex
        let isComplete = text[start..<end].elementsEqual("# EOF".utf8)
        self = isComplete || Self.speaksOpenMetrics(text.prefix(65_536)) ? .openMetrics : .prometheus
    }

    /// Whether a page says what only OpenMetrics can say: it may have lost its end, and its times are not milliseconds.
    private static func speaksOpenMetrics(_ text: ArraySlice<UInt8>) -> Bool {
        var total: [UInt8] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard line.starts(with: "# ".utf8) else {
                // A sample of the family `x` that is called `x_total`.
                if !total.isEmpty, line.starts(with: total) { return true }
                continue
            }
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
            guard words.count == 4 else { continue }
            if words[1].elementsEqual("UNIT".utf8) { return true }
            guard words[1].elementsEqual("TYPE".utf8) else { continue }
            if ["info", "stateset", "gaugehistogram", "unknown"].contains(where: { words[3].elementsEqual($0.utf8) }) {
                return true
            }
            total = words[3].elementsEqual("counter".utf8) ? words[2] + Array("_total".utf8) : []
        }
        return false
    }
}

/// A line of a page of metrics.
public enum ExpositionEntry: Sendable {
    case type(name: ByteString, type: String)
    case help(name: ByteString, text: ByteString)
    case unit(name: ByteString, unit: ByteString)
    case sample(ExpositionSample)
}

/// A sample of a page.
public struct ExpositionSample: Sendable {
    /// The number of its series among those of the reader.
    public var series: Int
    /// The value; every NaN is the same, unless it is Prometheus's staleness marker, which no page can say.
    public var value: Double
    /// Milliseconds since 1970, if the page says.
    public var timestamp: Int64?
    /// What it counted, if the page says; without a time of its own it has that of the sample, or 0.
    public var exemplar: Exemplar?
}

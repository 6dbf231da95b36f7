import Extraction
import LogModel
import SeriesModel

/// An update as text: `name{label="value"} + 1 @line`.
func extract(
    _ extractor: Extractor, _ text: String, source: Int = 0, offset: UInt64 = 0, now: WallTime = .unixEpoch
) -> [String] {
    var buffer = extractor.makeBuffer()
    extract(extractor, Array(text.utf8), into: &buffer, source: source, offset: offset, now: now)
    return describe(buffer, of: extractor, bytes: Array(text.utf8))
}

func extract(
    _ extractor: Extractor, _ text: [UInt8], into buffer: inout MatchBuffer, source: Int = 0, offset: UInt64 = 0,
    now: WallTime = .unixEpoch
) {
    var ends: [UInt32] = []
    for (offset, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { ends.append(UInt32(offset + 1)) }
    if let last = text.last, last != UInt8(ascii: "\n") { ends.append(UInt32(text.count)) }
    text.withUnsafeBytes { bytes in
        ends.withUnsafeBufferPointer { ends in
            let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(4), source: source, offset: offset)
            extractor.extract(batch, into: &buffer, now: now)
        }
    }
}

func describe(_ buffer: MatchBuffer, of extractor: Extractor, bytes: [UInt8]) -> [String] {
    (0..<buffer.count).map { index in
        let update = buffer.updates[index]
        let schema = extractor.instruments[Int(update.instrument)].schema
        let labels = schema.labelNames.enumerated().map { number, name in
            let range = buffer.labels[Int(update.labelStart) + number]
            let (lower, upper) = (Int(range.start), Int(range.start + range.length))
            let value = range.isConstant ? Array(buffer.constants[lower..<upper]) : Array(bytes[lower..<upper])
            return "\(name)=\"\(String(decoding: value, as: UTF8.self))\""
        }
        let name = labels.isEmpty ? schema.name : "\(schema.name){\(labels.joined(separator: ","))}"
        return "\(name) \(update.operation) \(update.value) @\(update.line)"
    }
}

/// Updates of the user's metrics only.
func extractMetrics(_ extractor: Extractor, _ text: String, source: Int = 0) -> [String] {
    extract(extractor, text, source: source).filter { !$0.hasPrefix("outrider_") }
}

func metric(
    _ kind: MetricKind, _ name: String, _ operation: MatchBuffer.Operation, _ value: ValueSource? = nil,
    labels: [(String, ValueSource)] = [], known: [[String]] = [], validation: ValidationSettings? = nil,
    reading: NumberReading = NumberReading(), buckets: [Double] = []
) -> PatternMetricSettings {
    PatternMetricSettings(
        kind: kind, name: name, help: "", operation: operation, value: value, labelNames: labels.map(\.0),
        labelValues: labels.map(\.1), knownLabelValues: known, validation: validation, reading: reading,
        buckets: buckets)
}

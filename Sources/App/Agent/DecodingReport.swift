import Extraction
import JSONText
import MetricRegistry

/// What could not be read of sources as they are configured, for a status: all that was counted since the ledger was begun.
struct DecodingReport {
    /// An array with an object for each source of which there is something to say, sorted by its name.
    let json: JSONValue

    init(_ metrics: MetricSnapshot) {
        let names = [ExtractionMetrics.undecodedLines] + DecodingCounters.kinds.map(\.name)
        var found: [String: [JSONValue.Member]] = [:]
        for name in names {
            for series in metrics.series(of: name) {
                guard let source = series.labelValues.first, let value = series.value, value > 0 else { continue }
                found[source, default: [.init("source", .string(source))]].append(
                    .init(Self.key(name), .number(value)))
            }
        }
        json = .array(found.sorted { $0.key < $1.key }.map { .object($0.value) })
    }

    /// `outrider_lines_malformed_total` is `lines_malformed`.
    private static func key(_ name: String) -> String {
        String(name.trimmingPrefix("outrider_").dropLast("_total".count))
    }
}

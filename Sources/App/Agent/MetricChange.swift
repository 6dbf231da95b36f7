import Extraction

/// A metric that is defined differently by another configuration, so that it is another metric: it begins anew, or goes on where
/// it was when it was last defined so.
struct MetricChange: Hashable, CustomStringConvertible {
    let metric: String
    /// Which parts of what identifies a metric are not what they were.
    let parts: [String]

    var description: String {
        let isOne = parts == ["kind"] || parts == ["unit"]
        return
            "\(metric) is another metric now, without the values it had: its \(parts.joined(separator: " and ")) \(isOne ? "has" : "have") changed"
    }

    /// All metrics that both configurations have, and mean differently; by name.
    static func all(from before: [PatternSettings], to next: [PatternSettings]) -> [MetricChange] {
        let former = Dictionary(before.flatMap(\.metrics).map { ($0.name, $0) }) { first, _ in first }
        var changes: [String: MetricChange] = [:]
        for metric in next.flatMap(\.metrics) {
            guard let old = former[metric.name], changes[metric.name] == nil else { continue }
            var parts: [String] = []
            if old.kind != metric.kind { parts.append("kind") }
            if old.reading.unit != metric.reading.unit { parts.append("unit") }
            if Set(old.labelNames) != Set(metric.labelNames) { parts.append("labels") }
            if old.kind == metric.kind, old.buckets != metric.buckets { parts.append("buckets") }
            if !parts.isEmpty { changes[metric.name] = MetricChange(metric: metric.name, parts: parts) }
        }
        return changes.values.sorted { $0.metric < $1.metric }
    }
}

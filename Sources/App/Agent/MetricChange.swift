import Extraction
import SeriesModel

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
        let former = Dictionary(before.flatMap(\.metrics).map { ($0.name, $0.schema) }) { first, _ in first }
        var changes: [String: MetricChange] = [:]
        for schema in next.flatMap(\.metrics).map(\.schema) {
            guard let old = former[schema.name], changes[schema.name] == nil else { continue }
            var parts: [String] = []
            if old.kind != schema.kind { parts.append("kind") }
            if old.unit != schema.unit { parts.append("unit") }
            if Set(old.labelNames) != Set(schema.labelNames) { parts.append("labels") }
            if old.kind == schema.kind, old.buckets != schema.buckets { parts.append("buckets") }
            if !parts.isEmpty { changes[schema.name] = MetricChange(metric: schema.name, parts: parts) }
        }
        return changes.values.sorted { $0.metric < $1.metric }
    }
}

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
        let former = before.flatMap(\.metrics).map { ($0.name, $0.schema) }
        return all(from: Dictionary(former) { first, _ in first }, to: next.flatMap(\.metrics).map(\.schema))
    }

    /// All metrics of a configuration that have values in a ledger only as it was meant by another one; by name.
    ///
    /// One that a ledger knows in several shapes, among them the one that is configured, goes on where it was in that shape:
    /// which of them was the last is not stored.
    static func all(from stored: MetricChanges, to next: [PatternSettings]) -> [MetricChange] {
        let counted = Set(stored.series.map(\.schema))
        let former = stored.schemas.sorted { $0.id < $1.id }.filter { counted.contains($0.id) }
            .map { ($0.schema.name, $0.schema) }
        let known = Set(stored.schemas.map(\.schema))
        return all(
            from: Dictionary(former) { _, last in last },
            to: next.flatMap(\.metrics).map(\.schema).filter { !known.contains($0) })
    }

    private static func all(from former: [String: MetricSchema], to next: [MetricSchema]) -> [MetricChange] {
        var changes: [String: MetricChange] = [:]
        for metric in next {
            guard let old = former[metric.name], changes[metric.name] == nil else { continue }
            var parts: [String] = []
            if old.kind != metric.kind { parts.append("kind") }
            if old.unit != metric.unit { parts.append("unit") }
            if Set(old.labelNames) != Set(metric.labelNames) { parts.append("labels") }
            if old.kind == metric.kind, old.buckets != metric.buckets { parts.append("buckets") }
            if !parts.isEmpty { changes[metric.name] = MetricChange(metric: metric.name, parts: parts) }
        }
        return changes.values.sorted { $0.metric < $1.metric }
    }
}

import Extraction
import LogModel
import SeriesModel
import Testing

@testable import Agent

@Suite struct MetricChangeTests {
    private func pattern(_ metrics: PatternMetricSettings...) -> PatternSettings {
        PatternSettings(name: "p", match: "x", metrics: metrics)
    }

    private func metric(
        _ name: String, _ kind: MetricKind = .counter, labels: [String] = [], buckets: [Double] = [],
        unit: ValueUnit? = nil
    ) -> PatternMetricSettings {
        PatternMetricSettings(
            kind: kind, name: name, help: "", operation: .add, value: nil, labelNames: labels,
            labelValues: labels.map { .capture($0) }, reading: NumberReading(unit: unit), buckets: buckets)
    }

    @Test func whatMakesAMetricAnotherOneIsNamed() {
        let before = pattern(
            metric("same", labels: ["a", "b"]), metric("h", .histogram, labels: ["a"], buckets: [1]),
            metric("kind", .counter), metric("unit", .gauge), metric("gone"))
        let next = pattern(
            metric("same", labels: ["b", "a"]), metric("h", .histogram, buckets: [1, 2]), metric("kind", .gauge),
            metric("unit", .gauge, unit: .seconds), metric("fresh"))
        #expect(
            MetricChange.all(from: [before], to: [next]).map(\.description) == [
                "h is another metric now, without the values it had: its labels and buckets have changed",
                "kind is another metric now, without the values it had: its kind has changed",
                "unit is another metric now, without the values it had: its unit has changed",
            ])
        #expect(MetricChange.all(from: [before], to: [before]).isEmpty)
    }

    @Test func aLedgerIsComparedByTheNewestShapeThatHasValues() {
        var stored = MetricChanges()
        let schemas = [
            metric("x").schema, metric("x", .gauge).schema, metric("x", .histogram, buckets: [1]).schema,
            metric("empty").schema,
        ]
        for (number, schema) in schemas.enumerated() {
            stored.schemas.append(MetricSchemaRecord(id: MetricSchemaID(UInt32(number + 1)), schema: schema))
        }
        for number in 0..<2 {
            stored.series.append(
                SeriesRecord(
                    slot: SeriesSlot(UInt32(number * 8)), schema: MetricSchemaID(UInt32(number + 1)), labelValues: [],
                    created: WallTime(nanoseconds: 0)))
        }
        func changes(_ next: PatternMetricSettings) -> [String] {
            MetricChange.all(from: stored, to: [pattern(next)]).map { "\($0.metric): \($0.parts)" }
        }
        #expect(changes(metric("x", .gauge, labels: ["a"])) == [#"x: ["labels"]"#])
        #expect(changes(metric("x")) == [])
        #expect(changes(metric("x", .gauge)) == [])
        #expect(changes(metric("empty", .gauge)) == [])
        #expect(changes(metric("y")) == [])
    }
}

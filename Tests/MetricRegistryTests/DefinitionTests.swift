import LogModel
import MetricRegistry
import SeriesModel
import Testing

@Suite struct DefinitionTests {
    @Test func anUnchangedMetricKeepsItsValuesWhateverFeedsIt() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x"), .gauge("g")])
        fixture.update(0, .add, 3, "v")
        fixture.update(1, .set, 7)
        try fixture.registry.define([.gauge("g"), .counter("new_total"), .counter("a_total", "x")], now: fixture.now)
        fixture.update(2, .add, 1, "v")
        #expect(fixture.snapshot.value("a_total", ["x": "v"]) == 4)
        #expect(fixture.snapshot.value("g") == 7)
        #expect(fixture.snapshot.value("new_total") == 0)
    }

    @Test(arguments: [
        MetricSchema(name: "a", kind: .gauge, labelNames: ["x"]), MetricSchema(name: "a", kind: .counter),
        MetricSchema(name: "a", kind: .counter, labelNames: ["y"]),
        MetricSchema(name: "a", kind: .counter, labelNames: ["x"], unit: "seconds"),
        MetricSchema(name: "a", kind: .histogram, labelNames: ["x"], buckets: [1]),
    ])
    func aChangedMetricStartsAnewWithANewCreatedTime(schema: MetricSchema) throws {
        let fixture = try RegistryFixture([.counter("a", "x")])
        fixture.update(0, .add, 3, "v")
        fixture.now = WallTime(nanoseconds: 5_000_000_000_000)
        try fixture.registry.define([MetricDefinition(schema: schema, help: "")], now: fixture.now)
        let empty = try #require(fixture.snapshot.families.first { $0.schema.name == "a" })
        #expect(empty.schema == schema)
        #expect(empty.slots.count == (schema.labelNames.isEmpty ? 1 : 0))
        #expect(empty.created.allSatisfy { $0 == fixture.now })
    }

    @Test func aRemovedMetricIsHiddenAndComesBackWithItsValues() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .counter("b_total")])
        fixture.update(0, .add, 3)
        try fixture.registry.define([.counter("b_total")], now: fixture.now)
        #expect(fixture.snapshot.value("a_total") == nil)
        #expect(!fixture.page.contains("a_total"))
        try fixture.registry.define([.counter("a_total")], now: fixture.now)
        #expect(fixture.snapshot.value("a_total") == 3)
    }

    @Test func helpIsNotPartOfTheIdentity() throws {
        let fixture = try RegistryFixture([.counter("a_total")])
        fixture.update(0, .add, 3)
        var changed = MetricDefinition.counter("a_total")
        changed.help = "Other words."
        try fixture.registry.define([changed], now: fixture.now)
        #expect(fixture.page.hasPrefix("# HELP a_total Other words.\n# TYPE a_total counter\na_total 3\n"))
    }

    @Test func twoDefinitionsOfOneSchemaFeedTheSameSeries() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .counter("a_total")])
        fixture.update(0, .add, 1)
        fixture.update(1, .add, 1)
        #expect(fixture.snapshot.value("a_total") == 2)
        #expect(fixture.snapshot.families.count { $0.schema.name == "a_total" } == 1)
    }

    @Test func declaredSeriesStartAtZero() throws {
        var definition = MetricDefinition.counter("a_total", "x")
        definition.declaredSeries = [[Array("ok".utf8)], [Array("bad".utf8)]]
        let fixture = try RegistryFixture([definition])
        fixture.update(0, .add, 1, "ok")
        try fixture.registry.define([definition], now: fixture.now)
        #expect(fixture.snapshot.value("a_total", ["x": "ok"]) == 1)
        #expect(fixture.snapshot.value("a_total", ["x": "bad"]) == 0)
    }

    @Test(
        arguments: [
            ("one name, two kinds", [.counter("a"), .gauge("a")], "metric_conflict"),
            (
                "a gauge named like a last update",
                [.gauge("a", lastUpdate: true), .gauge("a_last_update_timestamp_seconds")], "metric_conflict"
            ),
            ("a counter named like a histogram's", [.histogram("h", [1]), .counter("h_count")], "metric_conflict"),
            ("the registry's own name", [.gauge("outrider_series_overflow_total")], "metric_conflict"),
            ("a space in the name", [.counter("a b")], "metric_invalid"), ("no name", [.counter("")], "metric_invalid"),
            ("a digit first", [.counter("1a")], "metric_invalid"),
            ("a colon in a label", [.counter("a", "x:y")], "metric_invalid"),
            ("a reserved label", [.counter("a", "__x")], "metric_invalid"),
            ("a label twice", [.counter("a", "x", "x")], "metric_invalid"),
            ("le on a histogram", [.histogram("h", [1], labels: ["le"])], "metric_invalid"),
            ("no buckets", [.histogram("h", [])], "metric_invalid"),
            ("buckets that fall", [.histogram("h", [2, 1])], "metric_invalid"),
            ("an infinite bucket", [.histogram("h", [1, .infinity])], "metric_invalid"),
        ] as [(String, [MetricDefinition], String)])
    func wrongDefinitionsAreRefusedAndChangeNothing(
        name: String, definitions: [MetricDefinition], code: String
    ) throws {
        let fixture = try RegistryFixture([.counter("old_total")])
        fixture.update(0, .add, 1)
        let error = #expect(throws: RegistryError.self) { try fixture.registry.define(definitions, now: fixture.now) }
        #expect(error?.code == code)
        fixture.update(0, .add, 1)
        #expect(fixture.snapshot.value("old_total") == 2)
    }

    @Test func aLogMayNotChooseNames() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x")])
        fixture.update(0, .add, 1, "\"} 1\nb_total{x=\"\\")
        #expect(fixture.page.contains(#"a_total{x="\"} 1\nb_total{x=\"\\"} 1"# + "\n"))
    }

    @Test func purgedMetricsStartAnew() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x"), .counter("b_total", "x"), .gauge("g")])
        for number in 0..<300 {
            fixture.update(0, .add, 1, "\(number)")
            fixture.update(1, .add, 2, "\(number)")
        }
        fixture.update(2, .set, 9)
        let rest = [MetricDefinition.gauge("g"), .counter("b_total", "x")]
        try fixture.registry.define(rest, now: fixture.now)
        var ledger = LedgerModel()
        ledger.commit(fixture.commit().changes)
        fixture.registry.purge(olderThan: fixture.now)
        #expect(fixture.registry.seal().changes.removedSchemas.isEmpty, "not older yet")
        fixture.registry.purge(olderThan: WallTime(nanoseconds: fixture.now.nanoseconds + 1))
        fixture.update(0, .add, 1)
        fixture.update(1, .add, 2, "7")
        let sealed = fixture.commit()
        #expect(sealed.changes.removedSeries.count == 300)
        #expect(sealed.snapshot.value("b_total", ["x": "7"]) == 4)
        #expect(sealed.snapshot.value("g") == 10)
        ledger.commit(sealed.changes)
        fixture.registry = try SeriesRegistry(restoring: ledger.contents)
        try fixture.registry.define(rest + [.counter("a_total", "x")], now: fixture.now)
        #expect(fixture.snapshot.value("b_total", ["x": "7"]) == 4)
        #expect(fixture.snapshot.value("a_total", ["x": "7"]) == nil)
    }
}

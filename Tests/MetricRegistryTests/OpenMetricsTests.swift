import MetricRegistry
import SeriesModel
import Testing

@Suite struct OpenMetricsTests {
    @Test func countersAreAnnouncedWithoutTheirSuffix() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .counter("b")])
        #expect(
            text(fixture.snapshot, as: .openMetrics) == """
                # HELP a Counts a_total.
                # TYPE a counter
                a_total 0
                # HELP b Counts b.
                # TYPE b unknown
                b 0
                # EOF

                """)
    }

    @Test func aCounterWhoseShorterNameIsTakenIsUnknown() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .gauge("a")])
        fixture.update(1, .set, 5)
        let page = text(fixture.snapshot, as: .openMetrics)
        #expect(page.contains("# TYPE a gauge\na 5\n"))
        #expect(page.contains("# TYPE a_total unknown\na_total 0\n"))
    }

    @Test func aHistogramHasItsUnitAndBoundsThatAreFloats() throws {
        let schema = MetricSchema(name: "took_seconds", kind: .histogram, buckets: [0.5, 1, 1e21], unit: "seconds")
        let fixture = try RegistryFixture([MetricDefinition(schema: schema, help: "A \"quoted\" one.")])
        fixture.update(0, .observe, 0.25)
        fixture.update(0, .observe, 3)
        #expect(
            text(fixture.snapshot, as: .openMetrics) == #"""
                # HELP took_seconds A \"quoted\" one.
                # TYPE took_seconds histogram
                # UNIT took_seconds seconds
                took_seconds_bucket{le="0.5"} 1
                took_seconds_bucket{le="1.0"} 1
                took_seconds_bucket{le="1e+21"} 2
                took_seconds_bucket{le="+Inf"} 2
                took_seconds_sum 3.25
                took_seconds_count 2
                # EOF

                """#)
        #expect(text(fixture.snapshot).contains("took_seconds_bucket{le=\"1\"} 1\n"))
    }

    @Test func aHistogramOfNegativeValuesHasNoSum() throws {
        let schema = MetricSchema(name: "change", kind: .histogram, buckets: [-1, 0])
        let fixture = try RegistryFixture([MetricDefinition(schema: schema, help: "")])
        fixture.update(0, .observe, -3)
        #expect(!text(fixture.snapshot, as: .openMetrics).contains("change_sum"))
        #expect(text(fixture.snapshot).contains("change_sum -3\n"))
    }

    @Test func aUnitThatTheNameDoesNotShowIsLeftOut() throws {
        let schema = MetricSchema(name: "took", kind: .gauge, unit: "seconds")
        let fixture = try RegistryFixture([MetricDefinition(schema: schema, help: "")])
        fixture.update(0, .set, 1)
        #expect(text(fixture.snapshot, as: .openMetrics) == "# TYPE took gauge\ntook 1\n# EOF\n")
    }

    @Test(
        arguments: [
            ("", .text), ("*/*", .text), ("text/html,application/xml;q=0.9,*/*;q=0.8", .text),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", .openMetrics),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                .openMetrics
            ),
            ("text/plain;q=0.9, application/openmetrics-text;q=0.1", .text),
            ("application/openmetrics-text;q=0", .text), ("application/openmetrics-text; version=2.0.0", .text),
            ("APPLICATION/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=1", .openMetrics),
            ("application/openmetrics-text;q=nonsense", .text), (",;=,;;q", .text),
        ] as [(String, ExpositionFormat)])
    func theClientChoosesTheFormat(accept: String, expected: ExpositionFormat) {
        #expect(ExpositionFormat.negotiated(accept: accept) == expected)
    }
}

import LogModel
import MetricRegistry
import SeriesModel
import Testing

@Suite struct TextExpositionTests {
    @Test func familiesAreSortedWithTheirHeaderOnce() throws {
        let fixture = try RegistryFixture([
            .gauge("z", lastUpdate: true), .counter("b_total", "x"), .gauge("never", "x"),
        ])
        fixture.update(1, .add, 1, "two")
        fixture.update(0, .set, 12.5)
        fixture.update(1, .add, 3, "one")
        let own = [
            SampleFamily.gauge("outrider_up", "Runs.", 1),
            SampleFamily(
                name: "b_total", kind: .counter, help: "Another.",
                samples: [SampleFamily.Sample(labels: [("x", "own")], value: 7)]),
            SampleFamily(name: "empty", kind: .gauge, help: "Nothing.", samples: []),
        ]
        #expect(
            text(fixture.snapshot, own) == """
                # HELP b_total Counts b_total.
                # TYPE b_total counter
                b_total{x="two"} 1
                b_total{x="one"} 3
                b_total{x="own"} 7
                # HELP outrider_up Runs.
                # TYPE outrider_up gauge
                outrider_up 1
                # HELP z Shows z.
                # TYPE z gauge
                z 12.5
                # HELP z_last_update_timestamp_seconds When z was last set, in Unix time.
                # TYPE z_last_update_timestamp_seconds gauge
                z_last_update_timestamp_seconds 1000

                """)
    }

    @Test func nothingIsAnEmptyPage() throws {
        #expect(text(SeriesRegistry().seal().snapshot).isEmpty)
    }

    @Test func helpIsEscaped() throws {
        var definition = MetricDefinition.counter("a_total")
        definition.help = "a\\b\nc\"d"
        #expect(try RegistryFixture([definition]).page.hasPrefix("# HELP a_total a\\\\b\\nc\"d\n# TYPE"))
    }

    @Test func aMetricWithoutHelpHasNoHelpLine() throws {
        var definition = MetricDefinition.counter("a_total")
        definition.help = ""
        #expect(try RegistryFixture([definition]).page.hasPrefix("# TYPE a_total counter\na_total 0\n"))
    }

    @Test func targetLabelsAreAddedUnlessTheSampleHasThem() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .counter("b_total", "job")])
        fixture.update(1, .add, 1, "mine")
        let own = [SampleFamily.gauge("c", "", 1)]
        let page = text(fixture.snapshot, own, target: [("job", "b\"ot"), ("instance", "i")])
        #expect(page.contains("a_total{job=\"b\\\"ot\",instance=\"i\"} 0\n"))
        #expect(page.contains("b_total{instance=\"i\",job=\"mine\"} 1\n"))
        #expect(page.contains("c{job=\"b\\\"ot\",instance=\"i\"} 1\n"))
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "-0"), (1, "1"), (-17, "-17"), (0.1, "0.1"), (1e15, "1000000000000000"),
            (9_007_199_254_740_991, "9007199254740991"), (1e21, "1e+21"), (1.5e-9, "1.5e-09"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (0.30000000000000004, "0.30000000000000004"), (-2.5, "-2.5"),
        ] as [(Double, String)])
    func valuesReadBackAsTheSameNumber(value: Double, expected: String) throws {
        let page = text(SeriesRegistry().seal().snapshot, [SampleFamily.gauge("a", "", value)])
        #expect(page == "# TYPE a gauge\na \(expected)\n")
        let back = try #require(Double(expected))
        #expect(back.bitPattern == value.bitPattern || value.isNaN)
    }

    @Test func bytesThatAreNotUTF8BecomeReplacementCharacters() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x")])
        fixture.add(0, .add, 1, [[0x61, 0xC3, 0x28, 0xFF]])
        fixture.apply()
        #expect(fixture.page.contains("a_total{x=\"a\u{FFFD}(\u{FFFD}\"} 1\n"))
    }

    @Test func lastUpdatesCarryTheTimeOfEachSeries() throws {
        let fixture = try RegistryFixture([.gauge("a", "x", lastUpdate: true)])
        fixture.update(0, .set, 1, "one")
        fixture.now = WallTime(nanoseconds: 1_763_892_000_123_000_000)
        fixture.update(0, .maximum, 0, "two")
        let page = fixture.page
        #expect(page.contains("a_last_update_timestamp_seconds{x=\"one\"} 1000\n"))
        #expect(page.contains("a_last_update_timestamp_seconds{x=\"two\"} 1763892000.123\n"))
    }
}

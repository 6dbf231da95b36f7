import LogModel
import SeriesModel
import Testing

@testable import MetricRegistry

@Suite struct ApplyTests {
    @Test func countersAddAndExistFromZero() throws {
        let fixture = try RegistryFixture([.counter("a_total"), .counter("b_total", "level")])
        #expect(fixture.snapshot.value("a_total") == 0)
        #expect(fixture.snapshot.value("b_total", ["level": "info"]) == nil)
        fixture.update(0, .add, 2)
        fixture.update(1, .add, 1, "info")
        fixture.update(1, .add, 1, "error")
        fixture.update(1, .add, 1, "info")
        #expect(fixture.snapshot.value("a_total") == 2)
        #expect(fixture.snapshot.value("b_total", ["level": "info"]) == 2)
        #expect(fixture.snapshot.value("b_total", ["level": "error"]) == 1)
    }

    @Test(
        arguments: [
            (.set, 3), (.add, 13), (.subtract, 7), (.minimum, 3), (.maximum, 10),
        ] as [(MatchBuffer.Operation, Double)])
    func gaugesTakeEveryOperation(operation: MatchBuffer.Operation, expected: Double) throws {
        let fixture = try RegistryFixture([.gauge("a")])
        #expect(fixture.snapshot.value("a") == nil)
        fixture.update(0, .set, 10)
        fixture.update(0, operation, 3)
        #expect(fixture.snapshot.value("a") == expected)
    }

    @Test(arguments: [(.add, -4), (.subtract, 4), (.minimum, -4), (.maximum, -4)] as [(MatchBuffer.Operation, Double)])
    func theFirstUpdateOfAGaugeStartsFromNothing(operation: MatchBuffer.Operation, expected: Double) throws {
        let fixture = try RegistryFixture([.gauge("a")])
        fixture.update(0, operation, -4)
        #expect(fixture.snapshot.value("a") == expected)
    }

    @Test func histogramsCountEachValueInItsBucket() throws {
        let fixture = try RegistryFixture([.histogram("h", [0.1, 1, 10])])
        for value in [0.1, 0.5, 1, 11, -3] { fixture.update(0, .observe, value) }
        #expect(
            fixture.page == """
                # HELP h Observes h.
                # TYPE h histogram
                h_bucket{le="0.1"} 2
                h_bucket{le="1"} 4
                h_bucket{le="10"} 4
                h_bucket{le="+Inf"} 5
                h_sum 9.6
                h_count 5

                """)
    }

    @Test func aHistogramMaySpanShards() throws {
        let bounds = (1...600).map(Double.init)
        let fixture = try RegistryFixture([.histogram("h", bounds, labels: ["x"])])
        for value in bounds { fixture.update(0, .observe, value, "a") }
        let page = fixture.page
        #expect(page.contains(#"h_bucket{x="a",le="600"} 600"#))
        #expect(page.contains(#"h_sum{x="a"} 180300"#))
    }

    @Test(
        arguments: [
            (0, .add, -1, "a_total", "negative"), (0, .add, .nan, "a_total", "not_finite"),
            (0, .add, .infinity, "a_total", "not_finite"), (0, .set, 1, "a_total", "operation"),
            (1, .set, -.infinity, "g", "not_finite"), (1, .observe, 1, "g", "operation"),
            (2, .add, 1, "h", "operation"),
            (2, .observe, .nan, "h", "not_finite"),
        ] as [(UInt32, MatchBuffer.Operation, Double, String, String)])
    func updatesThatTheKindForbidsAreCounted(
        instrument: UInt32, operation: MatchBuffer.Operation, value: Double, metric: String, reason: String
    ) throws {
        let fixture = try RegistryFixture([.counter("a_total"), .gauge("g"), .histogram("h", [1])])
        fixture.update(instrument, operation, value)
        let refused = ["metric": metric, "reason": reason]
        #expect(fixture.snapshot.value("outrider_series_updates_refused_total", refused) == 1)
        #expect(fixture.snapshot.value("a_total") == 0)
        #expect(fixture.snapshot.value("g") == nil)
        #expect(fixture.snapshot.value("h") == 0)
    }

    @Test func constantsAndCapturesNameTheSameSeries() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x", "y")])
        var buffer = MatchBuffer()
        let constant = buffer.addConstant("one".utf8)
        buffer.append(instrument: 0, operation: .add, value: 1, line: 0)
        buffer.appendLabel(constant)
        buffer.appendLabel(MatchBuffer.LabelRange(start: 3, length: 3))
        let registry = fixture.registry
        Array("onetwo".utf8).withUnsafeBytes { registry.apply(buffer, bytes: $0, now: fixture.now) }
        fixture.update(0, .add, 1, "one", "two")
        #expect(fixture.snapshot.value("a_total", ["x": "one", "y": "two"]) == 2)
        #expect(fixture.snapshot.families[0].slots.count == 1)
    }

    @Test func valuesThatTouchAreNotTakenForEachOther() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x", "y"), .counter("b_total", "x", "y")])
        fixture.update(0, .add, 1, "ab", "c")
        fixture.update(0, .add, 2, "a", "bc")
        fixture.update(0, .add, 4, "", "abc")
        fixture.update(1, .add, 8, "ab", "c")
        #expect(fixture.snapshot.value("a_total", ["x": "ab", "y": "c"]) == 1)
        #expect(fixture.snapshot.value("a_total", ["x": "a", "y": "bc"]) == 2)
        #expect(fixture.snapshot.value("a_total", ["x": "", "y": "abc"]) == 4)
        #expect(fixture.snapshot.value("b_total", ["x": "ab", "y": "c"]) == 8)
    }

    @Test func manySeriesKeepTheirOwnValues() throws {
        let fixture = try RegistryFixture([.counter("a_total", "n")])
        for round in 1...3 {
            for number in 0..<5000 { fixture.add(0, .add, Double(number * round), [Array("series-\(number)".utf8)]) }
            fixture.apply()
        }
        let snapshot = fixture.snapshot
        #expect(snapshot.seriesCount == 5000)
        for number in stride(from: 0, to: 5000, by: 501) {
            #expect(snapshot.value("a_total", ["n": "series-\(number)"]) == Double(number * 6))
        }
    }

    /// Two series whose labels read the same would make Prometheus drop one of them.
    @Test func bytesThatAreNotUTF8AreOneSeriesWithTheirReplacement() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x")])
        for byte: UInt8 in [0xFF, 0xFE, 0xFF] {
            fixture.add(0, .add, 1, [[0x61, byte]])
            fixture.apply()
        }
        fixture.update(0, .add, 1, "a\u{FFFD}")
        #expect(fixture.page.contains("a_total{x=\"a\u{FFFD}\"} 4\n"))
        #expect(fixture.snapshot.families[0].slots.count == 1)
    }

    @Test func seriesBeyondTheLimitGoToOneOverflowSeries() throws {
        let fixture = try RegistryFixture([.counter("a_total", "x", "y"), .gauge("g", "x")], seriesLimit: 3)
        for number in 0..<10 { fixture.update(0, .add, 1, "\(number)", "y") }
        for number in 0..<10 { fixture.update(0, .add, 1, "\(number)", "y") }
        fixture.update(1, .set, 5, "0")
        let snapshot = fixture.snapshot
        #expect(snapshot.value("a_total", ["x": "2", "y": "y"]) == 2)
        #expect(snapshot.value("a_total", ["x": "3", "y": "y"]) == nil)
        #expect(snapshot.value("a_total", ["x": "__overflow__", "y": "__overflow__"]) == 14)
        #expect(snapshot.value("outrider_series_overflow_total", ["metric": "a_total"]) == 14)
        #expect(snapshot.value("outrider_series_overflow_total", ["metric": "g"]) == nil)
    }

    @Test func theLimitMeansTheSameAfterARestart() throws {
        func lines(_ fixture: RegistryFixture, _ range: Range<Int>) {
            for number in range { fixture.update(0, .add, 1, "\(number % 7)") }
        }
        let definitions = [MetricDefinition.counter("a_total", "x")]
        let straight = try RegistryFixture(definitions, seriesLimit: 4)
        lines(straight, 0..<40)

        var ledger = LedgerModel()
        let first = try RegistryFixture(definitions, seriesLimit: 4)
        lines(first, 0..<15)
        ledger.commit(first.commit().changes)
        lines(first, 15..<33)  // lost with the crash, and read again
        let second = try RegistryFixture(definitions, seriesLimit: 4)
        second.registry = try SeriesRegistry(restoring: ledger.contents, seriesLimit: 4)
        try second.registry.define(definitions, now: second.now)
        lines(second, 15..<40)
        #expect(second.page == straight.page)
    }

    @Test func aDefinitionMayHaveItsOwnLimit() throws {
        var definition = MetricDefinition.counter("a_total", "x")
        definition.seriesLimit = 1
        let fixture = try RegistryFixture([definition])
        fixture.update(0, .add, 1, "a")
        fixture.update(0, .add, 1, "b")
        #expect(fixture.snapshot.value("a_total", ["x": "b"]) == nil)
    }
}

@Suite struct CompensatedSumTests {
    @Test func fractionsAddUpExactly() {
        var sum = CompensatedSum(sum: 0, compensation: 0)
        for _ in 0..<10 { sum.add(0.1) }
        #expect(sum.value == 1)
        for _ in 0..<9_999_990 { sum.add(0.1) }
        #expect(sum.value == 1_000_000)
    }

    @Test func smallAddendsAreNotLostBesideALargeSum() {
        var sum = CompensatedSum(sum: 0x1p53, compensation: 0)
        for _ in 0..<1000 { sum.add(1) }
        #expect(sum.value == 0x1p53 + 1000)
    }

    @Test func theValueNeverFalls() {
        var generator = SystemRandomNumberGenerator()
        var sum = CompensatedSum(sum: 0, compensation: 0)
        var last = 0.0
        for _ in 0..<200_000 {
            sum.add(Double.random(in: 0...1, using: &generator) * [1e-9, 1, 1e6, 1e-17][Int.random(in: 0..<4)])
            #expect(sum.value >= last)
            last = sum.value
        }
    }

    @Test func anOverflowIsInfinite() {
        var sum = CompensatedSum(sum: .greatestFiniteMagnitude, compensation: 0)
        for _ in 0..<3 { sum.add(.greatestFiniteMagnitude) }
        #expect(sum.value == .infinity)
    }
}

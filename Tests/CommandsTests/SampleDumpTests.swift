import QueryModel
import SeriesStore
import Testing

@testable import Commands

@Suite
struct SampleDumpTests {
    private func dump(_ pages: String...) throws -> SampleDump {
        var builder = SampleDumpBuilder()
        for page in pages { try builder.add(Array(page.utf8), name: "page") }
        return builder.dump()
    }

    private func samples(_ dump: SampleDump, _ name: ByteString) -> [String] {
        dump.view.select([LabelMatcher(.metricName, equals: name)], from: .min / 2, through: .max / 2).flatMap {
            series in
            zip(series.timestamps, series.values).map { "\($0):\($1)" }
        }
    }

    @Test
    func samplesAreSortedAndTheFirstOfEqualTimesCounts() throws {
        let dump = try dump("x 3 3000\nx 1 1000\nx 2 2000\nx 9 1000\nx 1 1000\n")
        #expect(samples(dump, "x") == ["1000:1.0", "2000:2.0", "3000:3.0"])
        #expect(dump.duplicateCount == 1)
        #expect(dump.times == 1000...3000)
        #expect(dump.sampleCount == 3)
    }

    @Test
    func pagesArePutTogether() throws {
        let dump = try dump(
            "# TYPE x counter\nx{a=\"b\",c=\"d\"} 1 1000\n", "x_total{c=\"d\",a=\"b\"} 2 2\n# EOF\n",
            "x{c=\"d\",a=\"b\"} 2 2000\n")
        #expect(dump.seriesCount == 2)
        #expect(samples(dump, "x") == ["1000:1.0", "2000:2.0"])
        #expect(samples(dump, "x_total") == ["2000:2.0"])
        #expect(dump.metadata == [MetricMetadata(name: "x", type: "counter")])
    }

    @Test
    func manySamplesOfASeriesAreAllThere() throws {
        let lines = (0..<1000).map { "x \($0) \($0 * 15_000)\n" }.joined()
        #expect(samples(try dump(lines), "x").count == 1000)
    }

    @Test
    func aSampleNeedsATime() throws {
        let error = #expect(throws: UsageError.self) { try dump("x 1 1\ny 2\n") }
        #expect(error?.message == "page:2:4: the sample has no time")
    }

    @Test
    func anEmptyDumpHasNoTimes() throws {
        let dump = try dump("# EOF\n")
        #expect(dump.times == nil)
        #expect(dump.newest == nil)
    }
}

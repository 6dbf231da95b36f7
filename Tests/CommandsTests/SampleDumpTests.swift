import ArgumentParser
import Compression
import FileAccess
import QueryModel
import SeriesStore
import TestSupport
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
    func aByteOrderMarkIsNoPartOfThePage() throws {
        let mark = "\u{FEFF}"
        let dump = try dump("\(mark)# TYPE x gauge\nx 1 2\n# EOF\n", "\(mark)y 1 2\n", "\(mark)# EOF\n")
        #expect(samples(dump, "x") == ["2000:1.0"])
        #expect(samples(dump, "y") == ["2:1.0"])
        let error = #expect(throws: UsageError.self) { try self.dump("\(mark)y 1 x\n") }
        #expect(error?.message == "page:1:5: expected a time in milliseconds, got `x`")
    }

    @Test(arguments: [
        ("x 1 2\r\n# EOF\r\n", "1:6"), ("# HELP x y\r\n# TYPE x gauge\r\n# EOF\r\n", "2:15"), ("# EOF\r\n", "1:6"),
        ("x 1 2\n\r\n", "2:1"),
    ])
    func theLineEndsOfWindowsAreNamed(page: String, place: String) throws {
        let error = #expect(throws: UsageError.self) { try self.dump(page) }
        #expect(
            error?.message
                == "page:\(place): the line ends with CR LF, as on Windows, and must end with LF alone: convert the file, such as with dos2unix"
        )
    }

    @Test
    func theTextOfAHelpMayEndInACarriageReturn() throws {
        #expect(try dump("# HELP x y\r\n").metadata == [MetricMetadata(name: "x", help: "y\r")])
    }

    @Test
    func whatLiesBehindCompressedDataIsNotLeftOut() throws {
        let directory = try TemporaryDirectory()
        let text = Array("x 1 2\n".utf8)
        let compressed = try GzipWriter.gzip(text)
        func read(_ bytes: [UInt8]) throws -> [UInt8] {
            try FileWriter().replace(directory("dump.gz"), with: bytes)
            return try DumpFile.read(directory("dump.gz"))
        }
        #expect(try read(compressed + compressed) == text + text)
        #expect(try read(compressed + [0, 0, 0]) == text)
        let error = #expect(throws: UsageError.self) { try read(compressed + Array("y 3 4\n".utf8)) }
        #expect(
            error?.message
                == "\(directory("dump.gz")): 6 bytes behind the end of the compressed data, at offset \(compressed.count), cannot be read"
        )
    }

    @Test(arguments: [("-100", -100.0), ("-0.5", -0.5), ("1969-12-31T23:59:00Z", -60)])
    func aTimeBefore1970IsOne(text: String, seconds: Double) throws {
        let command = try QueryCommand.parse(["--time", text, "time()"])
        #expect(command.time == text)
        #expect(try QueryCommand.instant(text) == seconds)
    }

    @Test
    func anEmptyDumpHasNoTimes() throws {
        let dump = try dump("# EOF\n")
        #expect(dump.times == nil)
        #expect(dump.newest == nil)
    }
}

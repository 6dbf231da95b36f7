import Agent
import Extraction
import FileAccess
import FileTail
import LineFormats
import LogModel
import LogPipeline
import TestSupport
import Testing

@testable import Commands
@testable import Configuration

/// The libraries with the real expressions, through all that runs in earnest.
@Suite
struct ShippedPatternTests {
    private func load(_ text: String) throws -> LoadedConfiguration {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("library.yml"), with: Array(text.utf8))
        return try ConfigurationChoice(file: directory("library.yml")).loadTests()
    }

    @Test(arguments: PatternLibrary.all.map(\.name))
    func theTestsOfALibraryPass(name: String) throws {
        let library = try #require(PatternLibrary.all.first { $0.name == name })
        let loaded = try load(library.text)
        #expect(TestScreen(file: name, results: try TestCommand.results(of: loaded)).failures == [])
    }

    /// What a library finds in a line it also finds in what a container runtime makes of the line.
    @Test(arguments: PatternLibrary.all.map(\.name).filter { $0 != "default" }, [ContainerFormat.docker, .cri])
    func theTestsOfALibraryPassOnLinesOfContainers(name: String, container: ContainerFormat) throws {
        let library = try #require(PatternLibrary.all.first { $0.name == name })
        let loaded = try load(library.text)
        var configuration = loaded.configuration
        let source = SourceName("box")
        configuration.sources = [FileSourceSettings(name: source, include: ["/box.log"])]
        configuration.decoding = [source: DecodingSettings(container: container, fields: .auto)]
        let runner = try PatternTestRunner(configuration)
        #expect(loaded.tests.count > 1)
        for test in loaded.tests {
            let lines = test.lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            let wrapped = PatternTest(
                pattern: test.pattern, lines: lines.map { Self.wrapped(String($0), container) }, source: source,
                isMatchExpected: test.isMatchExpected, expectations: test.expectations, location: test.location)
            #expect(try runner.run(wrapped).failures == [], "\(test.lines)")
        }
    }

    private static func wrapped(_ line: String, _ container: ContainerFormat) -> String {
        let time = "2024-05-01T10:00:00.123456789Z"
        guard container == .docker else { return "\(time) stdout F \(line)" }
        let escaped = line.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\t": "\\t"
            default: String(scalar)
            }
        }
        return #"{"log":"\#(escaped.joined())\n","stream":"stdout","time":"\#(time)"}"#
    }

    @Test(arguments: PatternLibrary.all.map(\.name).filter { $0 != "default" })
    func everyPatternShowsWhatItTakesAndWhatItDoesNot(name: String) throws {
        let loaded = try load(try #require(PatternLibrary.all.first { $0.name == name }).text)
        for pattern in loaded.configuration.patterns {
            let tests = loaded.tests.filter { $0.pattern == pattern.name }
            #expect(tests.contains { $0.isMatchExpected }, "\(pattern.name)")
            #expect(tests.contains { !$0.isMatchExpected }, "\(pattern.name)")
        }
    }

    @Test(arguments: PatternLibrary.all.map(\.name))
    func everyMetricSaysWhatItMeasures(name: String) throws {
        let loaded = try load(try #require(PatternLibrary.all.first { $0.name == name }).text)
        #expect(loaded.warnings.map(\.description) == [])
        for metric in loaded.configuration.patterns.flatMap(\.metrics) {
            #expect(!metric.help.hasPrefix("From lines that match"), "\(metric.name)")
        }
    }
}

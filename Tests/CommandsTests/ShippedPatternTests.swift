import Agent
import Configuration
import Extraction
import FileAccess
import TestSupport
import Testing

@testable import Commands

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

    @Test(arguments: PatternLibrary.all.map(\.name).filter { $0 != "default" })
    func everyPatternShowsWhatItTakesAndWhatItDoesNot(name: String) throws {
        let loaded = try load(try #require(PatternLibrary.all.first { $0.name == name }).text)
        for pattern in loaded.configuration.patterns {
            let tests = loaded.tests.filter { $0.pattern == pattern.name }
            #expect(tests.contains { $0.isMatchExpected }, "\(pattern.name)")
            #expect(tests.contains { !$0.isMatchExpected } || pattern.name == "submission-value", "\(pattern.name)")
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

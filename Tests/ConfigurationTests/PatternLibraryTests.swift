import Configuration
import Extraction
import LogModel
import Testing

@Suite struct PatternLibraryTests {
    private static let names = PatternLibrary.all.map(\.name)

    @Test func theBinaryCarriesEveryFileOfTheFolder() {
        let folder = "\(ProjectFiles.root)/rules/patterns"
        #expect(Self.names.map { "\($0).yml" } == ProjectFiles.names(in: folder))
        for library in PatternLibrary.all {
            #expect(ProjectFiles.read("\(folder)/\(library.name).yml") == library.text)
        }
    }

    @Test(arguments: names)
    func aLibrarySaysWhatItIsFor(name: String) throws {
        let library = try #require(PatternLibrary.all.first { $0.name == name })
        #expect(library.summary.hasSuffix("."))
    }

    @Test(arguments: names)
    func aLibraryCanBeUsedOrIncluded(name: String) throws {
        let sources = "sources: [{name: a, files: [/a], format: auto}]\n"
        let used = try load(["outrider.yml": "\(sources)patterns: [{use: \(name)}]"])
        #expect(used.warnings.isEmpty)
        #expect(!used.configuration.patterns.isEmpty)
        #expect(used.tests.isEmpty)
        let text = try #require(PatternLibrary.all.first { $0.name == name }).text
        let included = try load(["outrider.yml": "include: lib.yml\n\(sources)", "lib.yml": text])
        #expect(included.configuration == used.configuration)
    }

    @Test func allLibrariesCanBeUsedTogether() throws {
        let names = Self.names.filter { $0 != "default" }.joined(separator: ", ")
        let loaded = try load([
            "outrider.yml": "sources: [{name: a, files: [/a], format: auto}]\npatterns: [{use: [\(names)]}]"
        ])
        #expect(loaded.warnings.isEmpty)
        let mistakes = Extractor.mistakes(in: loaded.configuration.patterns, sources: [SourceName("a")])
        #expect(mistakes == [])
        #expect(loaded.configuration.patterns.count == Set(loaded.configuration.patterns.map(\.name)).count)
    }

    @Test func aLibraryThatLooksAtFieldsNeedsASourceThatHasSome() {
        let plain = "{name: a, files: [/a]}"
        func result(_ sources: String, _ use: String) -> String {
            outcome(["outrider.yml": "sources: [\(sources)]\npatterns:\n  - \(use)\n"])
        }
        #expect(
            result(plain, "use: [heartbeat, json-levels]") == """
                outrider.yml:3:22: the library `json-levels` looks at fields, and lines of the source `a` have none: its format is `plain`
                    add `format: json`, `logfmt` or `auto` to the source, or name others with `sources`
                """)
        let json = "{name: b, files: [/b], format: json}"
        #expect(result("\(plain), \(json)", "use: json-levels") == "")
        #expect(result("\(plain), \(json)", "{use: json-levels, sources: [a]}").contains("the source `a` have none"))
        #expect(result(plain, "use: default") == "", "it has patterns for text too")
    }

    @Test func theSourcesOfUseAreThoseOfItsPatterns() throws {
        let text = """
            sources: [{name: a, files: [/a]}, {name: b, files: [/b]}]
            patterns:
              - {name: mine, match: x, event: {name: x, outcome: x}}
              - {use: [heartbeat], sources: [b]}
              - {use: [python-logging]}
            """
        let patterns = try load(["outrider.yml": text]).configuration.patterns
        #expect(
            patterns.map(\.name) == ["mine", "heartbeat", "heartbeat-missed", "log-level", "traceback", "exception"])
        #expect(patterns.map(\.sources) == [[], [SourceName("b")], [SourceName("b")], [], [], []])
    }
}

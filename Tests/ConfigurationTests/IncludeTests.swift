import FileTail
import HTTPInterface
import LogModel
import Testing

@testable import Configuration

@Suite struct IncludeTests {
    @Test func includedFilesAddToListsInTheOrderOfTheirNames() throws {
        let loaded = try load(
            [
                "/c/main.yml": "include: [conf.d/*.yml, extra.yml]\nsources: [{name: a, files: [/a]}]\ntarget: {x: 1}",
                "/c/conf.d/20.yml": "sources: [{name: c, files: [c.log]}]\ntarget: {y: 2}",
                "/c/conf.d/10.yml": "http: {metrics: {listen: ':1'}}\nsources: [{name: b, files: [/b]}]",
                "/c/conf.d/.hidden.yml": "nonsense: 1",
                "/c/conf.d/note.txt": "nonsense: 1",
                "/c/extra.yml": "# nothing yet\n",
            ], path: "/c/main.yml")
        #expect(loaded.files == ["/c/main.yml", "/c/conf.d/10.yml", "/c/conf.d/20.yml", "/c/extra.yml"])
        #expect(loaded.configuration.sources.map(\.name.rawValue) == ["a", "b", "c"])
        #expect(loaded.configuration.sources[2].include == ["/c/conf.d/c.log"])
        #expect(loaded.configuration.metricsServer.port == 1)
        #expect(loaded.configuration.target.map(\.name) == ["x", "y"])
    }

    @Test func aGlobThatMatchesTheMainFileLeavesItOut() throws {
        let loaded = try load(["main.yml": "include: '*.yml'\nsources: [{name: a, files: [a]}]"], path: "main.yml")
        #expect(loaded.files == ["main.yml"])
        #expect(loaded.configuration.sources[0].include == ["/etc/outrider/a"])
    }

    @Test func sourcesMayAllStandInIncludedFiles() throws {
        let loaded = try load(["outrider.yml": "include: b.yml", "b.yml": "sources: [{name: b, files: [/b]}]"])
        #expect(loaded.configuration.sources.count == 1)
    }

    @Test func filesThatCannotBeReadAreNamed() {
        #expect(
            outcome(["outrider.yml": "include: gone.yml\nsources: [{name: b, files: [/b]}]"])
                == "outrider.yml:1:10: there is no file `gone.yml` to include\n    create it, or correct the path")
        #expect(outcome([:]) == "outrider.yml: there is no such file\n    create it, or correct the path")
        #expect {
            try load(["outrider.yml": ""], unreadable: ["outrider.yml"])
        } throws: { error in
            "\(error)" == "outrider.yml: outrider.yml cannot be read: permission denied\n    run the agent as its owner"
        }
    }

    @Test(arguments: [
        ("*.yml", "a.yml", true), ("*.yml", ".a.yml", false), (".*", ".a", true), ("*.yml", "a.yaml", false),
        ("?-*", "1-x", true), ("a*b*c", "abbc", true), ("a*b*c", "abb", false), ("*", "", true), ("a", "b", false),
        ("**a", "bca", true), ("a?", "a", false), ("", "", true), ("a*", "a", true),
    ])
    func globsMatchNames(glob: String, name: String, matches: Bool) {
        #expect(FileNameGlob(glob).matches(name) == matches)
    }
}

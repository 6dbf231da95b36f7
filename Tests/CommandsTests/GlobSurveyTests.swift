import Configuration
import FileAccess
import LogModel
import TestSupport
import Testing

@testable import Commands

@Suite
struct GlobSurveyTests {
    /// The findings of `text` in a directory with a file and a directory, with the directory written as `$`.
    private static func findings(_ text: String) throws -> [String] {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("app.log"), with: [])
        try FileWriter().makeDirectories(directory("dir"))
        let access = LinuxFileAccess()
        let root = directory.path
        let glob = ConfiguredGlob(
            source: SourceName("app"), pattern: try FilePattern(text.replacing("$", with: root)), location: nil)
        return GlobSurvey(access).findings([glob]).map { $0.complaint.replacing(root, with: "$") }
    }

    @Test(arguments: ["$/app.log", "$/*.log", "$/{app,web}.log", "$/**/*.log"])
    func aGlobWithAFileIsGood(text: String) throws {
        #expect(try Self.findings(text).isEmpty)
    }

    @Test(arguments: [
        ("$/web.log", "outrider: `$/web.log` matches no file now\n"),
        ("$/w*", "outrider: `$/w*` matches no file now\n"),
        ("$/none/*.log", "outrider: `$/none/*.log` matches no file now\n"),
        ("$/dir", "outrider: `$/dir` is a directory\n    name the files in it, as in `$/dir/*.log`\n"),
    ])
    func aGlobWithoutAFileIsNamed(text: String, expected: String) throws {
        let findings = try Self.findings(text)
        #expect(findings.count == 1)
        #expect(findings.first?.hasPrefix(expected) == true, "\(findings)")
    }

    @Test
    func aFileThatThisUserMayNotReadIsNamed() throws {
        let disk = SimulatedDisk()
        try disk.makeDirectory("/log")
        for name in ["a", "b", "c"] { try disk.create("/log/\(name).log") }
        let globs = try ["/log/a.log", "/log/*.log"].map {
            ConfiguredGlob(source: SourceName("app"), pattern: try FilePattern($0), location: nil)
        }
        let survey = GlobSurvey(disk)
        #expect(survey.unreadable(globs).isEmpty)
        try disk.setReadable("/log/b.log", false)
        #expect(survey.unreadable(globs).map(\.glob.pattern.text) == ["/log/*.log"])
        try disk.setReadable("/log/c.log", false)
        let finding = try #require(survey.unreadable(globs).first)
        #expect(
            finding.message.hasPrefix(
                "`/log/*.log` matches 2 files that cannot be read by the user of this check: "))
        #expect(finding.message.contains("/log/b.log"))
        #expect(survey.findings(globs).isEmpty)
    }
}

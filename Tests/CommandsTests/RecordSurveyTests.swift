import Configuration
import FileAccess
import LogModel
import TestSupport
import Testing
import YAMLNodes

@testable import Commands

/// A record's file is made when the agent starts, which it does not do without.
@Suite
struct RecordSurveyTests {
    @Test(arguments: [
        ("/var/lines.txt", nil), ("/var/file", nil), ("/none/lines.txt", "there is no folder `/none`"),
        ("/var/file/lines.txt", "`/var/file` is no folder"), ("/var", "`/var` is a folder"),
    ])
    func aFileThatCannotBeMadeIsNamed(path: String, obstacle: String?) throws {
        let disk = SimulatedDisk()
        try disk.makeDirectory("/var")
        try disk.create("/var/file")
        let record = ConfiguredRecord(
            name: ConsumerName("copy"), path: path, location: TextLocation(file: "main.yml", line: 2, column: 5))
        let warnings = try RecordSurvey(disk).warnings([record]).map { String($0.prefix { $0 != "\n" }) }
        #expect(
            warnings == (obstacle.map { ["main.yml:2:5: warning: the record `copy` cannot be written: \($0)"] } ?? []))
    }
}

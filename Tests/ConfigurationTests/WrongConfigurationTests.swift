import Configuration
import Testing

/// Each `name.bad.yml` beside exactly what is printed about it, in `name.expected`.
@Suite struct WrongConfigurationTests {
    static let names = ProjectFiles.names(in: ProjectFiles.fixtures).filter { $0.hasSuffix(".bad.yml") }

    /// All fixtures in memory, named from the folder of fixtures.
    static let files: [String: String] = {
        var files = [
            "/usr/share/zoneinfo/Europe/Berlin": zoneFile(offset: 3600, abbreviation: "CET"),
            "/usr/share/zoneinfo/Europe/Rome": "no zone",
        ]
        for folder in ["", "conf.d/", "broken.d/", "cycle.d/"] {
            for name in ProjectFiles.names(in: "\(ProjectFiles.fixtures)/\(folder)") where name.hasSuffix(".yml") {
                files[folder + name] = ProjectFiles.read("\(ProjectFiles.fixtures)/\(folder)\(name)")
            }
        }
        return files
    }()

    @Test func thereAreEnough() { #expect(Self.names.count >= 30) }

    @Test(arguments: names)
    func printsEveryMistakeWithItsPlaceAndWhatToWrite(name: String) {
        let printed = outcome(Self.files, path: name) + "\n"
        expectSnapshot(printed, at: "\(ProjectFiles.fixtures)/\(name.dropLast(".bad.yml".count)).expected")
    }
}

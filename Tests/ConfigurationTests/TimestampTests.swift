import CivilTime
import Configuration
import Extraction
import LineFormats
import LogModel
import Testing

/// How sources say when their lines were written.
@Suite struct TimestampTests {
    private static let berlin = zoneFile(offset: 3600, abbreviation: "CET")
    private static let zones = [
        "/usr/share/zoneinfo/Europe/Berlin": berlin,
        "/zones/Asia/Bangkok": zoneFile(offset: 25_200, abbreviation: "ICT"),
    ]

    private func loaded(
        _ source: String, files: [String: String] = zones, environment: [String: String] = [:]
    ) throws -> LoadedConfiguration {
        let text = "sources: [{name: app, files: [/a]\(source)}]"
        let loader = ConfigurationLoader(
            files: MemoryConfigurationFiles(files: files.merging(["o.yml": text]) { $1 }),
            environment: { environment[$0] }, defaultStateDirectory: "/state", patternChecker: sketchedPatternChecker)
        return try loader.load(path: "o.yml")
    }

    private func settings(
        _ source: String, files: [String: String] = zones, environment: [String: String] = [:]
    ) throws -> TimestampSettings? {
        let loaded = try loaded(source, files: files, environment: environment)
        #expect(loaded.warnings.isEmpty)
        return loaded.configuration.timestamps[SourceName("app")]
    }

    @Test func everyKeyReachesItsSetting() throws {
        let found = try settings(
            ", format: json, timestamp: {layout: '%d.%m.%Y %H:%M:%S', zone: Europe/Berlin, field: meta.ts}")
        #expect(found?.layout?.text == "%d.%m.%Y %H:%M:%S")
        #expect(found?.zone.name == "Europe/Berlin")
        #expect(found?.field == "meta.ts")
        #expect(found?.container == ContainerFormat.none)
        #expect(try settings(", timestamp: {zone: \"+05:30\"}")?.zone == TimeZoneRules(fixedOffset: 19_800))
        #expect(try settings(", format: cri, timestamp: {zone: UTC}") == TimestampSettings(container: .cri))
        #expect(try settings(", timestamp: {layout: auto, zone: UTC}") == nil)
    }

    @Test(
        arguments: [
            ([:], "Europe/Berlin", 3600), (["TZ": ""], nil, 0), (["TZ": "UTC"], nil, 0),
            (["TZ": "Europe/Berlin"], nil, 3600), (["TZ": ":Europe/Berlin"], nil, 3600),
            (["TZ": "/zones/Asia/Bangkok"], nil, 25_200), (["TZ": "Asia/Bangkok", "TZDIR": "/zones"], nil, 25_200),
            (["TZ": "CET-1CEST,M3.5.0,M10.5.0/3"], nil, 3600), (["TZ": "<-03>3"], nil, -10_800), ([:], nil, 0),
        ] as [([String: String], String?, Int)])
    func theLocalZoneIsThatOfTheCLibrary(environment: [String: String], localtime: String?, offset: Int) throws {
        var files = Self.zones
        if localtime != nil { files["/etc/localtime"] = Self.berlin }
        let rules = try settings("", files: files, environment: environment)?.zone ?? .utc
        var clock = CivilClock(rules)
        // In winter, and for POSIX's rule also in summer.
        let winter = clock.period(at: WallTime(nanoseconds: 1_763_892_000_000_000_000))
        #expect(winter.offset == offset)
        guard environment["TZ"]?.contains("CEST") == true else { return }
        #expect(clock.period(at: WallTime(nanoseconds: 1_751_328_000_000_000_000)).offset == 7200)
    }

    @Test func aLocalZoneThatIsNoneIsSaidOnce() throws {
        let two = "}, {name: other, files: [/b]"
        for (files, variables) in [(["/etc/localtime": "no zone"], [:]), ([:], ["TZ": "nonsense zone"])] {
            let warnings = try loaded(two, files: files, environment: variables).warnings
            #expect(warnings.count == 1)
            #expect(warnings.first?.message.hasPrefix("times without a zone are taken for UTC: ") == true)
        }
        #expect(try loaded(", timestamp: {zone: UTC}", files: ["/etc/localtime": "no zone"]).warnings.isEmpty)
    }

    @Test func theZonesOfAMachineWithoutAnyCannotBeNamed() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try loaded(", timestamp: {zone: Europe/Berlin}", files: [:])
        }
        #expect(error?.description.contains("there are no time zones in /usr/share/zoneinfo") == true)
    }
}

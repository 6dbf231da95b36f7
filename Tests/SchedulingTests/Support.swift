import CivilTime
import Foundation
import LogModel
import Testing

/// The zone files of this machine.
enum SystemZones {
    static let folder = "/usr/share/zoneinfo"
    static let isInstalled = FileManager.default.fileExists(atPath: "\(folder)/Europe/Berlin")
    static let advice: Comment = "there is no \(folder): apt-get install tzdata"

    static func rules(_ name: String) throws -> TimeZoneRules {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        return try TimeZoneRules(tzif: Array(data), name: name)
    }
}

/// `2025-11-23T10:00` or `2025-11-23T10:00:30` in UTC.
func utc(_ text: String) throws -> WallTime {
    let numbers = text.split { "-T:".contains($0) }.compactMap { Int($0) } + [0]
    let civil = try #require(
        CivilDateTime(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers[5]))
    var clock = CivilClock(.utc)
    let instant = clock.instant(of: civil)
    return try #require(instant)
}

/// As `utc` takes it, without seconds where there are none.
func text(_ instant: WallTime) -> String {
    var clock = CivilClock(.utc)
    let hasSeconds = instant.nanoseconds % 60_000_000_000 != 0
    return (try? TimeFormat(hasSeconds ? "%FT%T" : "%FT%R").text(at: instant, clock: &clock)) ?? ""
}

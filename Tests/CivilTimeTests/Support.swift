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

    /// With summer time on both hemispheres and half an hour of it, without letters, with changes in the last years, west and
    /// east of the date line, with negative summer time, and with none.
    static let various = [
        "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
        "America/Caracas", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Asia/Tokyo",
        "Africa/Casablanca",
        "Africa/Cairo", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham",
        "Pacific/Kiritimati",
        "America/Nuuk", "Europe/Moscow", "Antarctica/Troll", "Etc/GMT+5", "UTC",
    ]
}

/// A clock that expectations can ask: they take no calls that change a value.
final class TestClock {
    var clock: CivilClock

    init(_ rules: TimeZoneRules) { clock = CivilClock(rules) }

    func period(at instant: WallTime) -> ZonePeriod { clock.period(at: instant) }
    func civil(at instant: WallTime) -> CivilDateTime { clock.civil(at: instant) }
    func instant(of civil: CivilDateTime, repeated: CivilClock.Repeated = .first) -> WallTime? {
        clock.instant(of: civil, repeated: repeated)
    }
}

extension TimestampLayout {
    /// The time at the beginning of a line, or further on.
    func timestamp(
        _ line: String, at offset: Int = 0, zone: TimeZoneRules = .utc, reference: WallTime = .unixEpoch
    ) -> Timestamp? {
        var clock = CivilClock(zone)
        return timestamp(in: Array(line.utf8).span, at: offset, clock: &clock, reference: reference)
    }
}

/// The instant of a text such as `2025-11-23T10:00:00.123`, in UTC.
func instant(_ text: String) throws -> WallTime {
    let parts = text.split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let digits = fraction + String(repeating: "0", count: 9 - fraction.count)
    let nanoseconds = try #require(Int64(digits))
    return WallTime(nanoseconds: try utc(String(parts[0])).nanoseconds + nanoseconds)
}

/// `2025-11-23T10:00:00`, in the clock's zone.
func civil(_ text: String) throws -> CivilDateTime {
    let numbers = text.split { "-T:".contains($0) }.compactMap { Int($0) }
    return try #require(
        CivilDateTime(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers[5]))
}

/// `2025-11-23T10:00:00` in UTC.
func utc(_ text: String) throws -> WallTime {
    try #require(TestClock(.utc).instant(of: civil(text)))
}

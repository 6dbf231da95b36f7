import CivilTime
import Foundation
import LogModel
import TestSupport
import Testing

@Suite(.enabled(if: SystemZones.isInstalled, SystemZones.advice))
struct CivilClockTests {
    @Test(arguments: [
        // Berlin skips 02:00 to 03:00, and shows 02:00 to 03:00 twice.
        ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00", "2026-03-29T01:30:00"),
        ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59", "2026-10-24T23:59:59"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00", "2026-10-25T01:00:00"),
        ("Europe/Berlin", "2026-10-25T02:59:59", "2026-10-25T00:59:59", "2026-10-25T01:59:59"),
        ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00", "2026-10-25T02:00:00"),
        // Half an hour.
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00", "2026-04-04T15:15:00"),
        // Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00", "2011-12-30T22:00:00"),
        ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00", "2011-12-30T10:00:00"),
    ])
    func gapsAndRepeats(_ zone: String, _ local: String, _ first: String, _ second: String) throws {
        let clock = TestClock(try SystemZones.rules(zone))
        #expect(try clock.instant(of: civil(local)) == utc(first))
        #expect(try clock.instant(of: civil(local), repeated: .second) == utc(second))
    }

    /// Whatever a clock shows at an instant names that instant, the first time or the second.
    @Test(arguments: SystemZones.various)
    func whatAClockShowsNamesTheInstant(_ zone: String) throws {
        var random = SeededRandom(seed: 1)
        let clock = TestClock(try SystemZones.rules(zone))
        let bounds = try utc("1900-01-01T00:00:00").nanoseconds...utc("2200-12-31T00:00:00").nanoseconds
        var repeats = 0
        for _ in 0..<20_000 {
            let instant = WallTime(nanoseconds: Int64.random(in: bounds, using: &random))
            let civil = clock.civil(at: instant)
            if clock.instant(of: civil) == instant { continue }
            repeats += 1
            try #require(clock.instant(of: civil, repeated: .second) == instant, "\(civil)")
        }
        #expect(repeats < 20)
    }

    /// What was asked before does not change an answer.
    @Test(arguments: SystemZones.various)
    func theMemoryOfAClockDoesNotMatter(_ zone: String) throws {
        var random = SeededRandom(seed: 2)
        let rules = try SystemZones.rules(zone)
        let used = TestClock(rules)
        let middle = try utc("2026-01-01T00:00:00").nanoseconds
        for _ in 0..<2000 {
            // Near changes, of which there are a few in ten years.
            let hours = Int64.random(in: -43_800...43_800, using: &random)
            let instant = WallTime(nanoseconds: middle + hours * 1_800_000_000_000)
            var fresh = TestClock(rules)
            let civil = used.civil(at: instant)
            #expect(fresh.civil(at: instant) == civil)
            fresh = TestClock(rules)
            #expect(fresh.instant(of: civil) == used.instant(of: civil))
        }
    }

    @Test
    func theEndsOfAllTime() throws {
        for rules in [TimeZoneRules.utc, try SystemZones.rules("Pacific/Kiritimati")] {
            let clock = TestClock(rules)
            #expect(clock.civil(at: WallTime(nanoseconds: .min)).year == 1677)
            #expect(clock.civil(at: WallTime(nanoseconds: .max)).year == 2262)
            #expect(try clock.instant(of: civil("1600-01-01T00:00:00")) == nil)
            #expect(try clock.instant(of: civil("2263-01-01T00:00:00")) == nil)
            #expect(try clock.instant(of: civil("9999-12-31T23:59:59")) == nil)
        }
    }

    @Test
    func everyZoneOfTheSystemIsRead() throws {
        let folder = URL(fileURLWithPath: SystemZones.folder)
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files {
            let name = file.path.dropFirst(folder.path.count + 1)
            guard let data = try? Data(contentsOf: file), data.starts(with: Data("TZif".utf8)) else { continue }
            if name.hasPrefix("right/") {
                let error = #expect(throws: TimeZoneError.self, "\(name)") {
                    try TimeZoneRules(tzif: Array(data), name: String(name))
                }
                #expect(error?.kind == .leapSeconds)
            } else {
                #expect(throws: Never.self, "\(name)") { try TimeZoneRules(tzif: Array(data), name: String(name)) }
                count += 1
            }
        }
        #expect(count > 300)
    }
}

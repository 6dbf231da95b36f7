import CivilTime
import LogModel
import Testing

struct TimeZoneRulesTests {
    @Test(arguments: [
        ("UTC", 0), ("GMT", 0), ("Z", 0), ("+01:00", 3600), ("+0530", 19_800), ("-03", -10_800), ("-00:44:30", -2670),
    ])
    func zonesWithoutAFile(_ text: String, _ offset: Int) throws {
        let rules = try #require(TimeZoneRules(fixed: text))
        let clock = TestClock(rules)
        #expect(clock.period(at: .unixEpoch).offset == offset)
        #expect(clock.period(at: .unixEpoch).start == Int.min)
        #expect(clock.period(at: .unixEpoch).end == Int.max)
        #expect(try clock.instant(of: civil("1970-01-02T00:00:00"))?.seconds == Double(86_400 - offset))
    }

    @Test(arguments: ["", "Europe/Berlin", "CET", "+", "+1", "+01:00 ", "+27", "+01:60", "+01:", "01:00", "+01:00:0"])
    func namesThatNeedAFile(_ text: String) {
        #expect(TimeZoneRules(fixed: text) == nil)
    }

    @Test
    func aFixedZoneIsCalledByItsOffset() throws {
        #expect(TimeZoneRules(fixedOffset: -19_800)?.name == "-05:30")
        #expect(TimeZoneRules(fixedOffset: 3_601)?.name == "+01:00:01")
        #expect(TimeZoneRules(fixedOffset: 26 * 3600 + 1) == nil)
    }

    /// The rule behind the last change holds for all years, and here from the beginning.
    @Test
    func aRuleAloneMakesAZone() throws {
        let rules = try TimeZoneRules(tzif: ZoneFileBuilder().bytes, name: "Test/Zone")
        let clock = TestClock(rules)
        #expect(try clock.period(at: utc("2026-03-29T00:59:59")).abbreviation == "CET")
        let summer = try clock.period(at: utc("2026-03-29T01:00:00"))
        #expect(summer.abbreviation == "CEST" && summer.offset == 7200 && summer.isDaylightSaving)
        #expect(try summer.end == Int(utc("2026-10-25T01:00:00").seconds))
        #expect(try clock.period(at: utc("2261-07-01T00:00:00")).offset == 7200)
        #expect(try clock.period(at: utc("1700-07-01T00:00:00")).offset == 7200)
    }

    @Test(arguments: [
        // Days without and with 29 February, in a leap year and in another.
        ("\nAAA0BBB,J60/0,J300/0\n", "2024-03-01T00:00:00", "2024-10-26T23:00:00"),
        ("\nAAA0BBB,J60/0,J300/0\n", "2025-03-01T00:00:00", "2025-10-26T23:00:00"),
        ("\nAAA0BBB,59/0,300/0\n", "2024-02-29T00:00:00", "2024-10-26T23:00:00"),
        ("\nAAA0BBB,59/0,300/0\n", "2025-03-01T00:00:00", "2025-10-27T23:00:00"),
        // A change on the day before, and names in brackets.
        ("\n<+00>0<+02>-2,M3.4.4/50,M10.4.4/-1:30:15\n", "2026-03-28T02:00:00", "2026-10-21T20:29:45"),
        // The last Sunday where it is the fourth and where it is the fifth.
        ("\nAAA0BBB,M2.5.0/0,M8.5.0/0\n", "2026-02-22T00:00:00", "2026-08-29T23:00:00"),
    ])
    func rules(_ footer: String, _ start: String, _ end: String) throws {
        let rules = try TimeZoneRules(tzif: ZoneFileBuilder(footer: footer).bytes, name: "Test/Zone")
        let clock = TestClock(rules)
        let period = try clock.period(at: utc(start))
        #expect(period.isDaylightSaving)
        #expect(try period.start == Int(utc(start).seconds))
        #expect(try period.end == Int(utc(end).seconds))
    }

    @Test
    func summerTimeOnTheOtherHemisphereAndAllTheYear() throws {
        let south = try TimeZoneRules(
            tzif: ZoneFileBuilder(footer: "\nAEST-10AEDT,M10.1.0,M4.1.0/3\n").bytes, name: "South")
        var clock = TestClock(south)
        #expect(try clock.period(at: utc("2026-01-01T00:00:00")).offset == 39_600)
        #expect(try clock.period(at: utc("2026-07-01T00:00:00")).offset == 36_000)
        let always = try TimeZoneRules(tzif: ZoneFileBuilder(footer: "\nXXX3EDT4,0/0,J365/23\n").bytes, name: "Always")
        clock = TestClock(always)
        let period = try clock.period(at: utc("2026-01-01T04:00:00"))
        #expect(period.offset == -14_400 && period.end == Int.max)
    }

    @Test
    func theFirstVersionHasNoRule() throws {
        let file = ZoneFileBuilder(
            version: 0, changes: [0, 1000], typesAfterChanges: [1, 0], types: [(3600, 0, 0), (7200, 1, 4)])
        let clock = TestClock(try TimeZoneRules(tzif: file.bytes, name: "Old"))
        #expect(clock.period(at: WallTime(nanoseconds: -1)).offset == 3600)
        #expect(clock.period(at: WallTime(nanoseconds: 0)).offset == 7200)
        #expect(try clock.period(at: utc("2026-07-01T00:00:00")).offset == 3600)
    }

    /// zic once wrote a change at the beginning of the universe.
    @Test
    func changesBeforeAllTimesSayWhatAppliesFirst() throws {
        let file = ZoneFileBuilder(
            changes: [Int.min, -1 << 59, 0], typesAfterChanges: [0, 1, 0], types: [(3600, 0, 0), (7200, 1, 4)],
            footer: "\nCET-1\n")
        let clock = TestClock(try TimeZoneRules(tzif: file.bytes, name: "Old"))
        #expect(try clock.period(at: utc("1700-01-01T00:00:00")).offset == 7200)
        #expect(clock.period(at: .unixEpoch).offset == 3600)
    }

    struct Mistake: CustomTestStringConvertible {
        var bytes: [UInt8]
        var message: String
        var testDescription: String { message }

        init(_ file: ZoneFileBuilder, _ message: String) { self.init(file.bytes, message) }
        init(_ bytes: [UInt8], _ message: String) { (self.bytes, self.message) = (bytes, message) }
    }

    static let mistakes = [
        Mistake([], "The file of time zone Test/Zone does not begin with `TZif`."),
        Mistake(Array("<html>".utf8), "The file of time zone Test/Zone does not begin with `TZif`."),
        Mistake(Array("TZif2".utf8), "damaged at byte 0: the header should have 44 bytes, and 5 are left."),
        Mistake(
            Array(ZoneFileBuilder().bytes.prefix(50)),
            "at byte 44: the 32-bit data should have 15 bytes, and 6 are left."),
        Mistake(Array(ZoneFileBuilder().bytes.prefix(59)), "at byte 59: the 64-bit header does not begin with `TZif`."),
        Mistake(
            Array(ZoneFileBuilder().bytes.prefix(110)), "at byte 103: the data should have 15 bytes, and 7 are left."),
        Mistake(ZoneFileBuilder(version: 1), "at byte 4: there is no version 1."),
        Mistake(ZoneFileBuilder(types: []), "at byte 103: it has 0 types, not 1 to 256."),
        Mistake(ZoneFileBuilder(types: [(3600, 0, 9)]), "at byte 108: a type has no abbreviation."),
        Mistake(ZoneFileBuilder(abbreviations: "CET"), "at byte 108: a type has no abbreviation."),
        Mistake(ZoneFileBuilder(types: [(100_000, 0, 0)]), "at byte 103: a type is 100000 seconds from UTC."),
        Mistake(ZoneFileBuilder(types: [(3600, 2, 0)]), "at byte 107: a type is neither standard nor daylight time."),
        Mistake(
            ZoneFileBuilder(changes: [5, 5], typesAfterChanges: [0, 0]),
            "at byte 111: change 2 does not come after the one before."),
        Mistake(ZoneFileBuilder(changes: [5], typesAfterChanges: [1]), "at byte 111: there is no type 1."),
        Mistake(ZoneFileBuilder(indicators: 3), "at byte 79: 3 indicators belong to 1 types."),
        Mistake(ZoneFileBuilder(leapSeconds: 1), "The file of time zone Test/Zone counts leap seconds."),
        Mistake(
            ZoneFileBuilder(footer: ""), "at byte 118: the rule for the time after the last change is missing."),
        Mistake(
            ZoneFileBuilder(footer: "\nCET"), "at byte 118: the rule for the time after the last change is missing."),
    ]

    @Test(arguments: mistakes)
    func damagedFiles(_ mistake: Mistake) throws {
        let error = #expect(throws: TimeZoneError.self) {
            try TimeZoneRules(tzif: mistake.bytes, name: "Test/Zone")
        }
        #expect(try #require(error).message.hasSuffix(mistake.message), "\(error?.message ?? "")")
        #expect(error?.hint != nil && error?.healing == .byOperator)
    }

    @Test(arguments: [
        "C", "CET", "CET-1CEST", "CET-25", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-1CEST,M3.5.0/168,M10.5.0", "<CET-1",
        "CET-1CEST,M3.5.0,M10.5.0/3,", "CET-1:60",
    ])
    func rulesThatAreNone(_ rule: String) throws {
        let error = #expect(throws: TimeZoneError.self) {
            try TimeZoneRules(tzif: ZoneFileBuilder(footer: "\n\(rule)\n").bytes, name: "Test/Zone")
        }
        #expect(
            error?.message.hasSuffix("at byte 119: `\(rule)` is no rule for the time after the last change.") == true)
    }

    /// No change of one byte, and no shorter file, makes more of it than an error.
    @Test
    func damageNeverCrashes() throws {
        let whole = ZoneFileBuilder(
            changes: [-1000, 1000], typesAfterChanges: [1, 0], types: [(3600, 0, 0), (7200, 1, 4)]
        ).bytes
        var refused = 0
        func read(_ bytes: [UInt8]) throws {
            do {
                let clock = TestClock(try TimeZoneRules(tzif: bytes, name: "Test/Zone"))
                _ = clock.civil(at: WallTime(nanoseconds: .min))
                _ = clock.civil(at: WallTime(nanoseconds: .max))
                _ = try clock.instant(of: civil("2026-07-01T00:00:00"))
            } catch is TimeZoneError { refused += 1 }
        }
        for index in whole.indices {
            try read(Array(whole[..<index]))
            for byte in [0, 1, 0x7F, 0x80, 0xFF, whole[index] ^ 4] as [UInt8] {
                var changed = whole
                changed[index] = byte
                try read(changed)
            }
        }
        #expect(refused > whole.count)
    }
}

import QueryModel
import Testing

@testable import PromQL

@Suite struct TextFormTests {
    @Test(arguments: [
        (1.0, "1", "1"), (-0.5, "-0.5", "-0.5"), (1e6, "1000000", "1e+06"), (123_456, "123456", "123456"),
        (1e21, "1000000000000000000000", "1e+21"), (1.5e-7, "0.00000015", "1.5e-07"), (.infinity, "+Inf", "+Inf"),
        (-.infinity, "-Inf", "-Inf"), (.nan, "NaN", "NaN"), (0, "0", "0"), (-0.0, "-0", "-0"),
        (0.0001, "0.0001", "0.0001"), (0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"),
        (12_340_000, "12340000", "1.234e+07"),
    ])
    func numbersAreWrittenAsByGo(_ value: Double, _ plain: String, _ general: String) {
        #expect(NumberText.plain(value) == plain)
        #expect(NumberText.general(value) == general)
    }

    @Test(arguments: [
        ("1", 1.0), ("-1.5e3", -1500), ("+inf", .infinity), ("-Infinity", -.infinity), (".5", 0.5), ("5.", 5),
        ("010", 10), ("00", 0), ("0", 0), ("0.25", 0.25),
    ])
    func boundsOfBucketsAreReadAsByGo(_ text: String, _ value: Double) {
        #expect(NumberText.signedValue(Array(text.utf8)) == value)
    }

    @Test(arguments: ["", "x", "1x", "--1", "1 ", "+", "0x"])
    func otherBoundsAreNone(_ text: String) { #expect(NumberText.signedValue(Array(text.utf8)) == nil) }

    @Test(arguments: [
        ("5m", Int64(300_000)), ("1h30m", 5_400_000), ("10s53ms", 10_053), ("1y2w3d", 33_004_800_000), ("0", 0),
        ("0s", 0),
    ])
    func durationsAreRead(_ text: String, _ milliseconds: Int64) {
        #expect(DurationText.milliseconds(text.utf8) == milliseconds)
    }

    @Test(arguments: ["", "5", "m", "5m1h", "5m5m", "-5m", "1.5h", "5 m", "99999999999y"])
    func otherTextsAreNoDurations(_ text: String) { #expect(DurationText.milliseconds(text.utf8) == nil) }

    @Test(arguments: [
        (Int64(0), "0s"), (1, "1ms"), (90_000, "1m30s"), (1_209_600_000, "2w"), (7_776_000_000, "90d"),
        (31_536_000_000, "1y"), (-60_000, "-1m"),
    ])
    func durationsAreWrittenShort(_ milliseconds: Int64, _ text: String) {
        #expect(DurationText.text(milliseconds: milliseconds) == text)
    }

    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func hashesAreThoseOfXXHash(_ text: String, _ hash: UInt64) { #expect(XXHash64.hash(Array(text.utf8)) == hash) }

    @Test(arguments: [
        ("4m5", "4m600", true), ("4m600", "4m1000", true), ("1.2.3", "1.11.3", true), ("a", "a1", true),
        ("a1", "a", false), ("a01", "a1", false), ("10", "9", false), ("x", "x", false),
    ])
    func labelsAreSortedAsPeopleCount(_ left: String, _ right: String, _ isBefore: Bool) {
        #expect(isNaturallyBefore(ByteString(left), ByteString(right)) == isBefore)
    }

    @Test(arguments: [
        (0.0, 1970, 1, 1, 1, 4), (1_136_239_445, 2006, 1, 2, 2, 1), (1_456_790_399, 2016, 2, 29, 60, 1),
        (1_483_191_420, 2016, 12, 31, 366, 6), (-1, 1969, 12, 31, 365, 3), (-62_135_596_800, 1, 1, 1, 1, 1),
    ])
    func secondsAreTakenApart(_ seconds: Double, _ year: Int, _ month: Int, _ day: Int, _ ofYear: Int, _ weekday: Int) {
        let date = CalendarDate(seconds: seconds)
        #expect(
            [date.year, date.month, date.day, date.dayOfYear, date.weekday] == [year, month, day, ofYear, weekday])
    }

    /// As Prometheus 2.42 answers `day_of_year(vector(NaN))` and `hour(vector(NaN))`.
    @Test func whatIsNoTimeIsTakenApartAsByGo() {
        for seconds in [Double.nan, .infinity, -1e300] {
            #expect(CalendarDate(seconds: seconds).dayOfYear == 339)
            #expect(CalendarDate(seconds: seconds).hour == 15)
        }
    }

    @Test func everyDayOfAYearHasItsNumber() {
        for year in [2023.0, 2024] {
            let start = year == 2023 ? 1_672_531_200.0 : 1_704_067_200
            for day in 0..<365 {
                #expect(CalendarDate(seconds: start + Double(day) * 86_400).dayOfYear == day + 1)
            }
        }
    }

    @Test(arguments: [
        ("$1-$2", "b-c"), ("${1}x", "bx"), ("$1x", ""), ("$$1", "$1"), ("$", "$"), ("${1", "${1"), ("$name", "c"),
        ("$0", "abc"), ("$9", ""),
    ])
    func replacementsReferToGroups(_ template: String, _ result: String) throws {
        let expression = try RegularExpression("a(b)(?P<name>c)")
        let captures = try #require(expression.captures(in: "abc"))
        #expect(try ReplacementTemplate(ByteString(template)).filled(captures, expression).string == result)
    }
}

import Agent
import Testing

@Suite struct LabelGrowthTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var values: [String]
        var matchCount = 1000
        var growth: LabelGrowth?
        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(
            name: "identifiers",
            values: ["1b4e28ba-2fa1-11d2-883f-0016d3cca427", "req-6FA459EA-EE8A-3CA4-894E-DB77E160355E/x"],
            growth: .identifiers),
        Case(name: "one identifier", values: ["1b4e28ba-2fa1-11d2-883f-0016d3cca427"]),
        Case(name: "hashes", values: ["8f14e45f", "c9f0f895fb98ab91", "none"], growth: .hexadecimal),
        Case(name: "addresses", values: ["0x7ffe12", "0x7ffe13"], growth: .hexadecimal),
        Case(name: "words of hexadecimal letters", values: ["defaced", "facade", "deadbeef", "acceded"]),
        Case(name: "times", values: ["2024-05-01T10:00:00Z", "2024-05-01 10:00:01"], growth: .times),
        Case(name: "times of the day", values: ["10:00:00", "10:00:01,123"], growth: .times),
        Case(name: "Unix times", values: ["1714557600", "1714557601.25"], growth: .times),
        Case(name: "milliseconds", values: ["1714557600000", "1714557601000"], growth: .times),
        Case(name: "levels", values: ["INFO", "ERROR", "WARNING"]),
        Case(name: "codes", values: ["200", "404", "500", "503"]),
        Case(name: "codes in any order", values: ["200", "404", "301", "500", "201", "204", "302", "503", "401"]),
        Case(name: "a counter", values: (17..<40).map(String.init), growth: .ascendingNumbers),
        Case(
            name: "names of users", values: (0..<30).map { "user\($0 * 7919 % 30)" }, matchCount: 60, growth: .variety),
        Case(name: "a few names in many lines", values: (0..<30).map { "user\($0 * 7919 % 30)" }, matchCount: 6000),
        Case(name: "few of all", values: ["a", "b", "c"], matchCount: 3), Case(name: "none", values: [], matchCount: 0),
    ])
    func valuesWithoutEndAreKnown(_ example: Case) {
        #expect(LabelGrowth(of: example.values, matchCount: example.matchCount) == example.growth)
    }
}

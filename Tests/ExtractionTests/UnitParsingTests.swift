import Testing

@testable import Extraction

@Suite struct UnitParsingTests {
    private func parse(_ text: String, _ reading: NumberReading) -> ParsedNumber {
        Array(text.utf8).withUnsafeBytes { NumberReader(reading).parse($0) }
    }

    @Test(
        arguments: [
            ("12ms", 0.012), ("2.5 ms", 0.0025), ("3us", 3e-6), ("3µs", 3e-6), ("3μs", 3e-6), ("5ns", 5e-9),
            ("1.5s", 1.5), ("2", 2), ("2 seconds", 2), ("1h30m", 5400), ("1h 30m 2.5s", 5402.5), ("-1h30m", -5400),
            ("2d", 172_800), ("1w", 604_800), ("2 weeks 1d", 1_296_000), ("1e3ms", 1), (" 4min ", 240), ("10m", 600),
        ] as [(String, Double)])
    func durations(text: String, expected: Double) {
        #expect(parse(text, NumberReading(unit: .seconds)) == .finite(expected))
    }

    @Test(
        arguments: [
            ("1.5GiB", 1_610_612_736), ("1.5 GB", 1.5e9), ("512", 512), ("12B", 12), ("3kB", 3000), ("3KB", 3000),
            ("3KiB", 3072), ("7mb", 7e6), ("2Mi", 2_097_152), ("1PiB", 1_125_899_906_842_624), ("0 bytes", 0),
        ] as [(String, Double)])
    func sizes(text: String, expected: Double) {
        #expect(parse(text, NumberReading(unit: .bytes)) == .finite(expected))
    }

    @Test(arguments: [("85%", 0.85), ("85 %", 0.85), ("0.85", 0.85), ("-7.5%", -0.075)] as [(String, Double)])
    func ratios(text: String, expected: Double) {
        #expect(parse(text, NumberReading(unit: .ratio)) == .finite(expected))
    }

    @Test(
        arguments: [
            ("1,234.5", 1234.5), ("1,234,567", 1_234_567), ("-12,345", -12345), ("999", 999), ("1234.5", 1234.5),
            ("1,234e2", 123_400),
        ] as [(String, Double)])
    func groups(text: String, expected: Double) {
        #expect(parse(text, NumberReading(allowsGroups: true)) == .finite(expected))
    }

    @Test(arguments: ["1,23", "1,2345", ",123", "1,,234", "1234,567", "1.5,000", "1,234,", "-,123", "1,234.5,6"])
    func wrongGroupsAreNoNumbers(text: String) {
        #expect(parse(text, NumberReading(allowsGroups: true)) == .notANumber)
    }

    @Test(arguments: [
        ("12", NumberReading(scale: 0.000001), 0.000012), ("12345678", NumberReading(scale: 0.000001), 12.345678),
        ("250ms", NumberReading(unit: .seconds, scale: 2), 0.5), ("3", NumberReading(scale: -1), -3),
        ("1,500 ms", NumberReading(unit: .seconds, allowsGroups: true), 1.5),
    ])
    func scales(text: String, reading: NumberReading, expected: Double) {
        #expect(parse(text, reading) == .finite(expected))
    }

    @Test(arguments: [
        ("", ValueUnit.seconds), ("ms", .seconds), ("5 parsecs", .seconds), ("5mx", .seconds), ("5m6", .seconds),
        ("5MS", .seconds), ("5s-3ms", .seconds), ("12ms", .bytes), ("1.5G", .bytes), ("1GiB5", .bytes), ("5%%", .ratio),
        ("5% of all", .ratio), ("1,5s", .seconds), ("--5s", .seconds),
    ])
    func whatIsNoValueOfTheUnit(text: String, unit: ValueUnit) {
        #expect(parse(text, NumberReading(unit: unit)) == .notANumber)
    }

    @Test func wordsThatAreNoNumbersKeepTheirReason() {
        #expect(parse("NaN", NumberReading(unit: .seconds)) == .nan)
        #expect(parse("-inf", NumberReading(scale: 3)) == .infinite)
        #expect(parse("1e308", NumberReading(scale: 100)) == .infinite)
    }
}

import TestSupport
import Testing

@testable import Extraction

@Suite struct NumberParsingTests {
    private func parse(_ text: String) -> ParsedNumber { Array(text.utf8).withUnsafeBytes { parseNumber($0) } }

    @Test(
        arguments: [
            ("0", 0), ("-0.5", -0.5), ("+7", 7), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001),
            ("12.50", 12.5),
            (" 3\t", 3), ("9007199254740993", 9007199254740992),
            ("9007199254740993.0000000000000000000001", 9007199254740994),
            ("123456789012345678901.", 123456789012345683968), ("0.1", 0.1), ("1e23", 1e23),
            ("5e-324", Double.leastNonzeroMagnitude),
            ("1e-999999999999999999999999", 0), ("0e999999999999999999999", 0),
            ("1.7976931348623157e308", 1.7976931348623157e308),
            ("00000000000000000000000000001.5", 1.5), ("0.00000000000000000000000000000", 0),
            ("1.500000000000000000000000000000", 1.5), ("8.98846567431158e307", 8.98846567431158e307),
        ] as [(String, Double)])
    func numbers(text: String, expected: Double) {
        guard case .finite(let value) = parse(text) else {
            Issue.record("\(text) is a number")
            return
        }
        #expect(value.bitPattern == expected.bitPattern, "\(value)")
    }

    @Test(arguments: [
        "", " ", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.2.3", "0x10", "1_000", "1,5", "12ms", "--1", "1 2", "1e5.5",
        "nano", "in", "infinit", ".nan", "nan(1)", "1\u{0}", "\u{0}", "１",
    ])
    func textsThatAreNoNumbers(text: String) { #expect(parse(text) == .notANumber) }

    @Test(arguments: ["nan", "NaN", "-nan", "+NAN"])
    func notANumberIsRecognised(text: String) { #expect(parse(text) == .nan) }

    @Test(arguments: ["inf", "-Inf", "+INFINITY", "Infinity", "1e309", "-1e999999999999999999999999"])
    func infinityIsRecognised(text: String) { #expect(parse(text) == .infinite) }

    @Test func negativeZeroKeepsItsSign() { #expect(parse("-0.0") == .finite(-0.0)) }

    /// The standard library's conversion is correctly rounded, so every bit must agree.
    @Test func agreesWithTheStandardLibraryOnRandomNumbers() throws {
        var random = SeededRandom(seed: 20_251_123)
        for round in 0..<60_000 {
            let text = randomNumber(round, &random)
            let expected = try #require(Double(text), "\(text)")
            guard case .finite(let value) = parse(text) else {
                #expect(!expected.isFinite && parse(text) == .infinite, "\(text)")
                continue
            }
            #expect(value.bitPattern == expected.bitPattern, "\(text)")
        }
    }

    private func randomNumber(_ round: Int, _ random: inout SeededRandom) -> String {
        func digits(_ range: ClosedRange<Int>) -> String {
            String(
                (0..<Int.random(in: range, using: &random)).map { _ in "0123456789".randomElement(using: &random) ?? "0"
                })
        }
        switch round % 4 {
        case 0: return "\(Double(bitPattern: random.next() & 0x7FEF_FFFF_FFFF_FFFF))"
        case 1: return "-\(digits(1...9)).\(digits(1...8))"
        case 2: return "\(digits(1...24)).\(digits(1...24))e\(Int.random(in: -330...320, using: &random))"
        default: return "\(digits(15...20))e\(Int.random(in: -25...25, using: &random))"
        }
    }
}

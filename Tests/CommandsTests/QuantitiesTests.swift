import Testing

@testable import Commands

@Suite
struct QuantitiesTests {
    @Test(arguments: [
        (UInt64(0), "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (10 * 1024, "10 KiB"),
        (103_893, "101 KiB"), (1_048_575, "1.0 MiB"), (1 << 30, "1.0 GiB"), (.max, "16 EiB"),
    ])
    func bytesHaveUnits(count: UInt64, expected: String) {
        #expect(Quantities.bytes(count) == expected)
    }

    @Test(arguments: [(UInt64(0), "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
    func countsAreGrouped(count: UInt64, expected: String) {
        #expect(Quantities.count(count) == expected)
    }

    @Test(arguments: [
        (0.0, "0 s"), (0.42, "0.4 s"), (2.0, "2 s"), (59.9, "59 s"), (60, "1 min"), (185, "3 min 5 s"),
        (7440, "2 h 4 min"), (86_400, "1 d"), (1_047_600, "12 d 3 h"), (-5, "0 s"), (.nan, "?"),
    ])
    func timesHaveTwoUnits(seconds: Double, expected: String) {
        #expect(Quantities.time(seconds: seconds) == expected)
    }

    @Test(arguments: [(1.0, "1"), (-0.5, "-0.5"), (1e300, "1e+300"), (.infinity, "+Inf"), (.nan, "NaN")])
    func valuesAreShort(value: Double, expected: String) {
        #expect(Quantities.value(value) == expected)
    }

    @Test
    func textCannotCommandTheTerminal() {
        #expect("a\u{1B}[2J\n\u{9B}é".printable == "a\\x1b[2J\\n\\x9bé")
    }

    @Test(arguments: [
        ("one line ", "one line "),
        ("*** in database main ***\nOn tree page 5: x", "*** in database main ***; On tree page 5: x"),
        ("a.yml:1:1: bad\n    write `x`\n\nb\r\n", "a.yml:1:1: bad; write `x`; b"), ("\n", ""),
    ])
    func severalLinesBecomeOne(text: String, expected: String) {
        #expect(text.onOneLine == expected)
    }

    @Test
    func columnsAreAligned() {
        var table = TextTable([.left("NAME"), .right("SIZE"), .left("")])
        table.add(["é", "1 B", ""])
        table.add(["longer", "1,000 B", "x"])
        #expect(table.lines(indentation: 1) == [" NAME       SIZE", " é           1 B", " longer  1,000 B  x"])
    }
}

import TestSupport
import Testing

@testable import LineFormats

@Suite struct LogfmtFieldReaderTests {
    @Test func findsPairsFlagsAndQuotedValues() throws {
        let line = #"level=info msg="took \"long\", 12\u00b5s" cached empty= quoted="" http.status=200 err=a:b"#
        #expect(
            try readLogfmt(line, ["level", "msg", "cached", "empty", "quoted", "http.status", "err", "http", "none"])
                .fields == [
                    Field(.string, "info"),
                    Field(
                        .string, raw: Array(#"took \"long\", 12\u00b5s"#.utf8), text: Array("took \"long\", 12µs".utf8)),
                    Field(.flag), Field(.string), Field(.string), Field(.string, "200"), Field(.string, "a:b"), .absent,
                    .absent,
                ])
    }

    @Test(
        arguments: [
            ("a=1\tb=2\u{1}c=3\u{1F} d", ["1", "2", "3", ""]), ("   a=1   b=  c=\"x y\"  d  ", ["1", "", "x y", ""]),
            ("a=\"1\"b=\"2\"c=3 d=4", ["1", "2", "3", "4"]), ("c=x a=1 a=2 b=1 b d=\\", [#"2"#, "", "x", #"\"#]),
            ("a=http://h/?q=1&r=2 b== c==x d='s", ["http://h/?q=1&r=2", "=", "=x", "'s"]),
            (#"a="\d\\" b="tab\there" c="\/" d="\ud83d\ude00\ud83d""#, [#"\d\"#, "tab\there", "/", "😀\u{FFFD}"]),
            ("a=é b=\u{7F} c=\"\t\u{1}\" d=\u{FFFD}", ["é", "\u{7F}", "\t\u{1}", "\u{FFFD}"]),
            ("", [nil, nil, nil, nil]), (" \t ", [nil, nil, nil, nil]), ("ab bc cd", [nil, nil, nil, nil]),
            ("A=1 a.b=2 aa=3 d", [nil, nil, nil, ""]),
        ] as [(String, [String?])])
    func valuesAreWhatTheReferenceReads(line: String, expected: [String?]) throws {
        let reading = try readLogfmt(line, ["a", "b", "c", "d"])
        #expect(reading.malformation == nil)
        let texts = reading.fields.map { $0.kind == .absent ? nil : String(decoding: $0.text, as: UTF8.self) }
        #expect(texts == expected)
    }

    @Test(
        arguments: [
            ("=1", .emptyKey, 0), ("a=1 =2", .emptyKey, 4), ("a=\"x\"=2", .emptyKey, 5),
            ("\"a\"=1", .unexpectedQuote, 0),
            ("a\"b=1", .unexpectedQuote, 1), ("a b\"", .unexpectedQuote, 3), ("a=b\"c\"", .unexpectedQuote, 3),
            ("a=\"x\"\"", .unexpectedQuote, 5), ("a=\"x", .unterminatedString, 2), (#"a="x\""#, .unterminatedString, 2),
            (#"a="\"#, .unterminatedString, 2), ("a=1 b=\"", .unterminatedString, 6),
        ] as [(String, Malformation.Problem, Int)])
    func whatIsNoLogfmtHasADefiniteVerdict(line: String, problem: Malformation.Problem, offset: Int) throws {
        let reading = try readLogfmt(line, ["a"])
        #expect(reading.malformation == Malformation(problem, at: offset))
        #expect(reading.fields == [.absent])
    }

    @Test func delimitersAreFoundAtEveryPlaceInAWord() throws {
        for length in 1..<24 {
            let key = String(repeating: "k", count: length)
            for (value, text) in [("", ""), ("v", "v"), (#""\"""#, "\""), (#""long enough""#, "long enough")] {
                let reading = try readLogfmt("\(key)=\(value) last=\(key)", [key, "last"])
                #expect(reading.fields[0].text == Array(text.utf8))
                #expect(reading.fields[1] == Field(.string, key))
            }
        }
    }

    @Test func aKeyMustNotBeEmpty() {
        #expect(throws: FieldPathError.empty) { try LogfmtFieldReader(keys: [""]) }
    }
}

func readLogfmt(_ line: String, _ keys: [String]) throws -> Reading {
    let reader = try LogfmtFieldReader(keys: keys)
    let table = reader.makeTable()
    return Reading(Array(line.utf8), keys.count, table) { line throws(Malformation) in
        try reader.read(line, into: table)
    }
}

/// Random lines, most of them with a mistake or two, beside a reading by regular expressions.
@Suite struct LogfmtPythonTests {
    private static let keys = ["a", "b", "level", "a.b", "é", "longer_than_eight"]

    @Test(.enabled(if: PythonReference.isInstalled, "python3 is not installed"))
    func agreesWithTheReferenceOnRandomLines() throws {
        var random = SeededRandom(seed: 77)
        let lines = (0..<12_000).map { _ in line(&random) }
        let reader = try LogfmtFieldReader(keys: Self.keys)
        let table = reader.makeTable()
        let (accepted, found) = try PythonReference.agreement("logfmt_fields", lines, Self.keys, table) {
            line throws(Malformation) in
            try reader.read(line, into: table)
        }
        #expect(accepted > 4_000 && accepted < 11_000, "\(accepted) of \(lines.count) are accepted")
        #expect(found > accepted / 2, "\(found) values")
    }

    private func line(_ random: inout SeededRandom) -> [UInt8] {
        var line: [UInt8] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            line += Array(random.pick(Self.keys + ["other", "B", "_", "", "a\\", "'"]).utf8)
            if !random.isTrue(oneIn: 8) { line.append(UInt8(ascii: "=")) }
            line += Array(random.pick(Self.values).utf8)
            line += Array(random.pick([" ", " ", " ", "  ", "\t", "\u{1}", ""]).utf8)
        }
        if random.isTrue(oneIn: 4), !line.isEmpty {
            line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return line
    }

    private static let values = [
        "", "1", "info", "x=y", "a:b/c?d=e", #""""#, #""quoted text""#, #""with \"quotes\" and \\""#,
        #""\n\t\u00e9\ud83d""#,
        #""\q""#, #""open"#, #"mid"dle"#, "é€", "\u{7F}", "\"tab\tinside\"", "a-rather-long-value-without-blanks",
    ]
}

import Testing

@testable import LineFormats

@Suite struct JSONFieldReaderTests {
    @Test func findsValuesOfAllKinds() throws {
        let line = """
            {"ts":"2026-11-21T17:45:24+00:00", "level" : "warn","ok":true,"failed":false,"who":null,"took":-1.5e+3,\
            "http":{"status":200},"tags":["a","b"]}
            """
        let reading = try readJSON(
            line, ["level", "ok", "failed", "who", "took", "http", "http.status", "tags", "tags.1", "none"])
        #expect(reading.malformation == nil)
        #expect(
            reading.fields == [
                Field(.string, "warn"), Field(.true, "true"), Field(.false, "false"), Field(.null, "null"),
                Field(.number, "-1.5e+3"), Field(.object, #"{"status":200}"#), Field(.number, "200"),
                Field(.array, #"["a","b"]"#), Field(.string, "b"), .absent,
            ])
    }

    @Test(
        arguments: [
            (#"{"http":{"status":1},"http.status":2}"#, "1"), (#"{"http.status":2,"http":{"status":1}}"#, "1"),
            (#"{"http.status":2}"#, "2"), (#"{"http":{},"http.status":2}"#, "2"), (#"{"http":7,"http.status":2}"#, "2"),
            (#"{"http":{"statuses":1},"http.status.x":2}"#, nil),
        ] as [(String, String?)])
    func aKeyWithDotsIsFoundWhenNoNestedOneIs(line: String, expected: String?) throws {
        #expect(try readJSON(line, ["http.status"]).fields == [expected.map { Field(.number, $0) } ?? .absent])
    }

    @Test(arguments: [
        #"{"a":{"b":{"c":1}},"a":{"b.c":2}}"#, #"{"a":{"b.c":2},"a.b":{"c":3},"a.b.c":4}"#,
        #"{"a.b.c":4,"a.b":{"c":3},"a":{"b.c":2}}"#,
    ])
    func theShortestFirstKeyIsPreferred(line: String) throws {
        #expect(try readJSON(line, ["a.b.c"]).fields == [Field(.number, "2")])
    }

    @Test func everyWayToJoinPartsIsTried() throws {
        for line in [
            #"{"a":{"b":{"c":1}}}"#, #"{"a":{"b.c":1}}"#, #"{"a.b":{"c":1}}"#, #"{"a.b.c":1}"#,
            #"{"a.b":{"d":1},"a":{"b":2},"a.b.c":1}"#,
        ] {
            #expect(try readJSON(line, ["x", "a.b.c", "y"]).fields[1] == Field(.number, "1"), "\(line)")
        }
    }

    @Test func ofKeysThatOccurTwiceTheLastCountsWithAllThatIsInIt() throws {
        let line = #"{"a":{"b":1,"c":2},"level":"x","a":{"c":3},"level":null}"#
        #expect(
            try readJSON(line, ["a.b", "a.c", "level", "a"]).fields == [
                .absent, Field(.number, "3"), Field(.null, "null"), Field(.object, #"{"c":3}"#),
            ])
    }

    @Test func itemsOfArraysHaveTheirIndexAsKey() throws {
        let line = #"{"items":[{"id":7,"sub":[1,[2,3]]},{"id":8},"x"],"map":{"0":"zero"}}"#
        #expect(
            try readJSON(
                line, ["items.0.id", "items.1.id", "items.2", "items.3", "items.0.sub.1.0", "map.0", "items.00.id"]
            ).fields == [
                Field(.number, "7"), Field(.number, "8"), Field(.string, "x"), .absent, Field(.number, "2"),
                Field(.string, "zero"), .absent,
            ])
    }

    @Test func thePathOfAnObjectAndOfWhatIsInItAreBothFound() throws {
        let reading = try readJSON(#"{"a":{"b":{"c":true}},"d":1}"#, ["a", "a.b", "a.b.c", "a.b.c"])
        #expect(
            reading.fields == [
                Field(.object, #"{"b":{"c":true}}"#), Field(.object, #"{"c":true}"#), Field(.true, "true"),
                Field(.true, "true"),
            ])
    }

    @Test func keysAreComparedUnescaped() throws {
        let line = #"{"le\u0076el":"info","a\"b":1,"\u00e9t\u00E9":2,"longer\tthan eight":3,"longer\tthan eighty":4}"#
        #expect(
            try readJSON(line, ["level", "a\"b", "été", "longer\tthan eight"]).fields == [
                Field(.string, "info"), Field(.number, "1"), Field(.number, "2"), Field(.number, "3"),
            ])
    }

    @Test func longKeysAreToldApartByTheirEnds() throws {
        let paths = (0..<40).map { "a_common_beginning_\($0)" }
        let members = (0..<40).map { #""a_common_beginning_\#($0)":\#($0)"# }
        let reading = try readJSON("{\(members.joined(separator: ","))}", paths)
        #expect(reading.fields == (0..<40).map { Field(.number, "\($0)") })
    }

    @Test func keysOfAllLengthsAreFoundWhereverTheLineEnds() throws {
        for length in 0...20 {
            let key = String("abcdefghijklmnopqrstuvw".prefix(length))
            let line = #"{"\#(key)":1}"#
            let reading = try readJSON(line, [key + "x", length == 0 ? "." : key])
            #expect(reading.malformation == nil)
            #expect(reading.fields[1] == (length == 0 ? .absent : Field(.number, "1")))
        }
    }

    @Test func emptyPartsAreKeysToo() throws {
        #expect(
            try readJSON(#"{"":{"":1},"a":{"":2},".b":3}"#, [".", "a.", ".b"]).fields == [
                Field(.number, "1"), Field(.number, "2"), Field(.number, "3"),
            ])
    }

    @Test func escapesAreMarkedAndDecoded() throws {
        let line = #"{"m":"a\n\t\"\\\/\b\f\r\u0041\u00e9\u20ac\ud83d\ude00z"}"#
        let field = try readJSON(line, ["m"]).fields[0]
        #expect(String(decoding: field.text, as: UTF8.self) == "a\n\t\"\\/\u{8}\u{C}\rAé€😀z")
    }

    @Test(arguments: [
        (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"), (#"\ud83d\n"#, "\u{FFFD}\n"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"),
        (#"\ud7ff\ue000\uffff\u0000"#, "\u{D7FF}\u{E000}\u{FFFF}\0"), (#"\udbff\udfff"#, "\u{10FFFF}"),
    ])
    func halvesOfPairsBecomeReplacementCharacters(string: String, expected: String) throws {
        let field = try readJSON("{\"m\":\"\(string)\"}", ["m"]).fields[0]
        #expect(field.text == Array(expected.utf8))
    }

    @Test func bytesThatAreNoTextPassUnchanged() throws {
        let bytes: [UInt8] = [0xFF, 0x80, 0xC3, 0xFE, 0xA2, 0xDC, 0xED, 0xA0, 0x80, 0x7F, 0xE2, 0x20]
        let reading = try readJSON(Array(#"{"m":""#.utf8) + bytes + Array(#"","n":1}"#.utf8), ["m", "n"])
        #expect(reading.malformation == nil)
        #expect(reading.fields == [Field(.string, raw: bytes, text: bytes), Field(.number, "1")])
    }

    @Test(
        arguments: [
            ("", .notAnObject, 0), ("  ", .notAnObject, 2), ("[1]", .notAnObject, 0), ("\"a\"", .notAnObject, 0),
            ("Nov 21 host app: {\"a\":1}", .notAnObject, 0), ("\u{FEFF}{}", .notAnObject, 0),
            ("{} x", .textBehindObject, 3), ("{}{}", .textBehindObject, 2), ("{", .missingKey, 1),
            ("{a:1}", .missingKey, 1), ("{\"a\":1,}", .missingKey, 7), ("{,}", .missingKey, 1),
            ("{'a':1}", .missingKey, 1),
            ("{\"a\"}", .missingColon, 4), ("{\"a\" 1}", .missingColon, 5), ("{\"a\"", .missingColon, 4),
            ("{\"a\":1", .missingComma, 6), ("{\"a\":1 \"b\":2}", .missingComma, 7),
            ("{\"a\":[1 2]}", .missingComma, 8),
            ("{\"a\":[1", .missingComma, 7), ("{\"a\":[1}", .missingComma, 7), ("{\"a\":1]", .missingComma, 6),
            ("{\"a\":}", .missingValue, 5), ("{\"a\":", .missingValue, 5), ("{\"a\":[,]}", .missingValue, 6),
            ("{\"a\":[1,]}", .missingValue, 8), ("{\"a\":nan}", .badWord, 5),
            ("{\"a\":Inf}", .badWord, 5), ("{\"a\":NaNs}", .missingComma, 8), ("{\"a\":-NaN}", .badNumber, 5),
            ("{\"a\":+1}", .missingValue, 5), ("{\"a\":.5}", .missingValue, 5), ("{\"a\":/**/1}", .missingValue, 5),
            ("{\"a\":01}", .badNumber, 5), ("{\"a\":-}", .badNumber, 5), ("{\"a\":1.}", .badNumber, 5),
            ("{\"a\":1.e5}", .badNumber, 5), ("{\"a\":1e}", .badNumber, 5), ("{\"a\":1e+}", .badNumber, 5),
            ("{\"a\":-01}", .badNumber, 5), ("{\"a\":-Inf}", .badWord, 6), ("{\"a\":0x10}", .missingComma, 6),
            ("{\"a\":nul}", .badWord, 5), ("{\"a\":tru", .badWord, 5), ("{\"a\":fals\u{0}}", .badWord, 5),
            ("{\"a\":True}", .missingValue, 5), ("{\"a\":truex}", .missingComma, 9),
            (#"{"a":"\x41"}"#, .badEscape, 6), (#"{"a":"\u12g4"}"#, .badEscape, 6), (#"{"a":"\u12"}"#, .badEscape, 6),
            (#"{"a":"\"#, .badEscape, 6), (#"{"a":"\'"}"#, .badEscape, 6), (#"{"\q":1}"#, .badEscape, 2),
            ("{\"a\":\"b\tc\"}", .controlCharacter, 7), ("{\"a\u{1F}\":1}", .controlCharacter, 3),
            ("{\"a\":\"b\u{0}", .controlCharacter, 7), ("{\"a\":\"b", .unterminatedString, 5),
            ("{\"a", .unterminatedString, 1),
            (#"{"a":"b\"}"#, .unterminatedString, 5), ("{\u{A0}}", .missingKey, 1), ("{\u{0B}}", .missingKey, 1),
        ] as [(String, Malformation.Problem, Int)])
    func whatIsNoJSONObjectHasADefiniteVerdict(line: String, problem: Malformation.Problem, offset: Int) throws {
        let reading = try readJSON(line, ["a"])
        #expect(reading.malformation == Malformation(problem, at: offset))
        #expect(reading.fields == [.absent])
    }

    @Test(arguments: [
        "{}", " \t{ } \r", "{\"a\":NaN,\"b\":[-Infinity,Infinity]}", "{\"a\":0}", "{\"a\":-0.0e-0}",
        "{\"a\" :\t[ ] , \"b\": { } }",
        "{\"a\":[{},[],0,\"\",null]}",
        "{\"a\":1}\n", "{\"\":\"\"}", "{\"a\":\"\u{7F}\"}",
    ])
    func whatIsAnObjectIsAccepted(line: String) throws { #expect(try readJSON(line, ["a.b"]).malformation == nil) }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func depthIsLimited(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            let inner = open == "[" ? "" : "0"
            return "{\"a\":" + String(repeating: open, count: depth - 1) + inner
                + String(repeating: close, count: depth - 1) + "}"
        }
        let limit = JSONFieldReader.maximumDepth
        #expect(limit >= 64)
        // Also where no path leads.
        for paths in [["a"], []] {
            #expect(try readJSON(nested(limit), paths).malformation == nil)
            #expect(try readJSON(nested(limit + 1), paths).malformation?.problem == .tooDeep)
            #expect(try readJSON(nested(100_000), paths).malformation?.problem == .tooDeep)
        }
    }

    @Test func specialBytesAreFoundAtEveryPlaceInAWord() throws {
        for length in 0..<24 {
            let padding = String(repeating: "x", count: length)
            for (special, problem) in [
                ("\"", nil), ("\\\"\"", nil), ("\u{1F}\"", .controlCharacter), ("\\z\"", .badEscape),
                ("", .unterminatedString),
            ] as [(String, Malformation.Problem?)] {
                let line = "{\"a\":\"\(padding)\(special)" + (special.isEmpty ? "" : "}")
                #expect(try readJSON(line, ["a"]).malformation?.problem == problem, "\(line)")
            }
        }
    }

    @Test func aTableIsEmptyAfterALineThatIsNoObject() throws {
        let reader = try JSONFieldReader(paths: ["a", "a.b"])
        let table = reader.makeTable()
        func read(_ line: String) -> Malformation? {
            Reading(Array(line.utf8), 2, table) { line throws(Malformation) in try reader.read(line, into: table) }
                .malformation
        }
        #expect(read(#"{"a":{"b":1}}"#) == nil)
        #expect(table[0].kind == .object && table[1].kind == .number)
        #expect(read(#"{"a":{"b":1}"#) != nil)
        #expect(table[0] == .absent && table[1] == .absent)
        #expect(read("{}") == nil)
        #expect(table[0] == .absent && table[1] == .absent)
    }

    @Test func pathsThatMakeNoReaderAreRefused() {
        #expect(throws: FieldPathError.empty) { try JSONFieldReader(paths: ["a", ""]) }
        #expect(throws: FieldPathError.tooManyParts(path: "a.b.c.d.e.f.g.h.i", maximum: 8)) {
            try JSONFieldReader(paths: ["a.b.c.d.e.f.g.h.i"])
        }
        #expect(throws: Never.self) { try JSONFieldReader(paths: ["a.b.c.d.e.f.g.h"]) }
    }

    @Test func textOfUnescapedFragmentsIsKept() {
        #expect(unescaped(Array(#"a\x\u12\u\"#.utf8)) == Array(#"a\x\u12\u\"#.utf8))
        #expect(unescaped(Array(#"it\'s"#.utf8)) == Array("it's".utf8))
    }
}

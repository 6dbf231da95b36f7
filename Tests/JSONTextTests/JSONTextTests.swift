import JSONText
import Testing

@Suite
struct JSONTextTests {
    static let texts: [(String, JSONValue)] = [
        ("null", .null), (" true\n", true), ("[ ]", []), ("{}", [:]), ("-0", 0),
        ("9007199254740993", 9_007_199_254_740_993),
        ("1.5e3", .number(1500)), ("\"a\\u00e9\\ud83d\\ude00\\n\"", "aé😀\n"),
        ("{\"b\":[1,{\"a\":\"x\"}],\"a\":null}", ["b": [1, ["a": "x"]], "a": .null]),
    ]

    @Test(arguments: texts)
    func aValueIsRead(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(arguments: [
        ("", 0), ("[1,]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("01", 1), ("1.", 2), ("tru", 0), ("1 2", 2), ("\"a", 2),
        ("\"\n\"", 1), ("\"\\x\"", 2), ("\"\\ud800\"", 7), ("\"\\ud800\\u0041\"", 13), ("NaN", 0), ("1e999", 0),
        ("+1", 0),
        ("[1", 2), ("{\"a\":1,}", 7),
    ])
    func whatIsNoJSONIsRefusedWithItsPlace(text: String, offset: Int) {
        let error = #expect(throws: JSONTextError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test
    func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: JSONTextError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test
    func depthIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(JSONValue.maximumDepth))
        #expect(throws: JSONTextError.self) { try JSONValue(parsing: nested(JSONValue.maximumDepth + 2)) }
        #expect(throws: JSONTextError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    static let values: [(JSONValue, String)] = [
        (.string("\"\\\n\r\t\u{1}\u{1F}\u{7F}é"), #""\"\\\n\r\t\u0001\u001f\u007fé""#),
        (JSONValue(repairing: [0x61, 0xFF, 0x62]), "\"a\u{FFFD}b\""), (.number(.nan), "\"NaN\""),
        (.number(-.infinity), "\"-Inf\""), (.number(0.1), "0.1"), (JSONValue(UInt64(1) << 62), "4611686018427387904"),
        (["a": [1, 2], "b": [:]], #"{"a":[1,2],"b":{}}"#),
    ]

    @Test(arguments: values)
    func aValueIsWritten(value: JSONValue, expected: String) {
        #expect(value.compactText == expected)
    }

    @Test
    func forPeopleItIsIndented() {
        let value: JSONValue = ["a": [1], "b": []]
        #expect(value.indentedText == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
    }

    @Test
    func whatIsWrittenIsReadAgain() throws {
        let value: JSONValue = [
            "text": "\u{0}\u{1F}\"\\/é😀", "list": [.null, true, -1, .number(1e-300), .number(3)], "deep": [[["x"]]],
        ]
        #expect(try JSONValue(parsing: value.indentedText) == value)
        #expect(try JSONValue(parsing: value.compactText) == value)
    }
}

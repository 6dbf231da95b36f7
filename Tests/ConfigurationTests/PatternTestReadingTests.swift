import Configuration
import LogModel
import Testing
import YAMLNodes

@Suite struct PatternTestReadingTests {
    @Test(
        arguments: [
            ("up", "up"), (" up ", "up"), ("a:b{}", "a:b"), (#"x{b="2", a="1"}"#, #"x{a="1",b="2"}"#),
            (#"x{a="q\"\\\n"}"#, #"x{a="q\"\\\n"}"#), (#"h_bucket{le="1.0"}"#, #"h_bucket{le="1"}"#),
            (#"h_bucket{ le = "+Inf" , }"#, #"h_bucket{le="+Inf"}"#),
        ] as [(String, String)])
    func aSeriesIsReadAsThePageWritesIt(text: String, expected: String) {
        #expect(SeriesText(text)?.description == expected)
    }

    @Test(
        arguments: [
            "", "1x", "x{", "x}", "x{a}", "x{a=1}", #"x{a="1""#, #"x{a="1"}y"#, #"x{a="1" b="2"}"#, #"x{a="1",a="2"}"#,
            "x y", #"x{a-b="1"}"#, #"x{a="1\"#,
        ])
    func whatIsNoSeriesIsNotTakenForOne(text: String) { #expect(SeriesText(text) == nil) }

    @Test func testsKnowTheirPatternSourceAndPlace() throws {
        let text = """
            sources: [{name: app, files: [/a]}, {name: web, files: [/b]}]
            patterns:
              - name: first
                match: a
                metrics: [{counter: a_total}]
                tests:
                  - {line: a, expect: {a_total: 1, b: null}}
                  - {lines: [b, ''], expect: {}}
              - name: second
                sources: [web]
                match: b
                metrics: [{counter: b_total}]
                tests: [{line: b, expect: {b_total: 1}}, {line: a, source: app, no_match: true}]
            """
        let tests = try load(["outrider.yml": text]).tests
        #expect(tests.map(\.pattern) == ["first", "first", "second", "second"])
        #expect(tests.map(\.source?.rawValue) == ["app", "app", "web", "app"])
        #expect(tests.map(\.isMatchExpected) == [true, false, true, false])
        #expect(tests.map(\.lines) == [["a"], ["b", ""], ["b"], ["a"]])
        #expect(tests[0].expectations.map(\.series.description) == ["a_total", "b"])
        #expect(tests[0].expectations.map(\.value) == [1, nil])
        #expect(tests[0].expectations.map(\.location.description) == ["outrider.yml:7:37", "outrider.yml:7:43"])
    }
}

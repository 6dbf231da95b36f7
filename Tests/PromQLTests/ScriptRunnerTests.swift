import QueryScripts
import Testing

@Suite struct ScriptRunnerTests {
    private func outcomes(_ script: String) throws -> [ScriptReport.Outcome] {
        var runner = ScriptRunner()
        return try runner.run(Array(script.utf8)).evaluations.map(\.outcome)
    }

    @Test func whatIsNotAsExpectedIsToldWithBoth() throws {
        let outcomes = try outcomes(
            """
            load 1m
              up{job="a"} 1+1x3

            eval instant at 2m up
              up{job="a"} 4
            """)
        #expect(
            outcomes == [
                .failed(expected: #"{__name__="up", job="a"} 4.0@120.0"#, got: #"{__name__="up", job="a"} 3.0@120.0"#)
            ])
    }

    @Test(arguments: [
        ("up", "  up 1 2 _ 4", "eval range from 0 to 3m step 1m up\n  up 1 2 2 4"),
        ("up", "  up 1 _x2 4", "eval range from 0 to 3m step 1m up\n  up 1x2 4"),
        ("up", "  up 10-3x2", "eval range from 0 to 2m step 1m up\n  up 10 7 4"),
        ("up", "  up 1 stale", "eval range from 0 to 2m step 1m up\n  up 1"),
        ("up", "  up -1.5e3+5e2x1 +Inf", "eval range from 0 to 2m step 1m up\n  up -1500 -1000 Inf"),
    ])
    func valuesAreWrittenInManyWays(_ name: String, _ line: String, _ evaluation: String) throws {
        #expect(try outcomes("load 1m\n\(line)\n\n\(evaluation)") == [.passed])
    }

    @Test func nativeHistogramsAreCountedApart() throws {
        let outcomes = try outcomes(
            """
            load 1m
              h {{schema:0 count:1 sum:1}}x3
              f 1

            eval instant at 0 sum(h)
              {} 1

            eval instant at 0 f
              f 1

            clear
            load_with_nhcb 1m
              b_bucket{le="+Inf"} 1

            eval instant at 0 b

            eval instant at 0 b_bucket
              b_bucket{le="+Inf"} 1
            """)
        #expect(outcomes == [.needsNativeHistograms, .passed, .needsNativeHistograms, .passed])
    }

    @Test func expectedErrorsAndMessagesAreCompared() throws {
        let outcomes = try outcomes(
            """
            eval instant at 0 topk(NaN, up)
              expect fail msg: Parameter value is NaN

            eval instant at 0 topk(NaN, up)
              expect fail regex: ^Para.*NaN$

            eval instant at 0 topk(NaN, up)
              expect fail msg: another

            eval instant at 0 1
              expect fail

            eval_fail instant at 0 topk(NaN, up)
            """)
        #expect(
            outcomes == [
                .passed, .passed, .failed(expected: "another", got: "Parameter value is NaN"),
                .failed(expected: "an error", got: "the scalar 1.0"), .passed,
            ])
    }

    @Test(arguments: [
        ("fetch 5m", "line 1: unknown command \"fetch\""),
        ("load often", "line 1: load wants an interval"),
        ("\nload 5m\n  up 1 2z", "line 3: unexpected text at \"z\""),
        (
            "eval instant at now up",
            "line 1: expected `eval instant at TIME EXPRESSION` or `eval range from TIME to TIME step TIME EXPRESSION`"
        ),
        ("eval instant at 0 up\n  expect rain", "line 2: unknown expectation \"rain\""),
        ("eval instant at 0 up\n  expect warn regex: (", "line 2: \"(\" is no regular expression"),
    ])
    func mistakesAreToldWithTheirLine(_ script: String, _ message: String) {
        var runner = ScriptRunner()
        #expect { try runner.run(Array(script.utf8)) } throws: { "\($0)" == message }
    }
}

import JSONText
import PromQL
import Testing

@testable import Commands

@Suite
struct QueryScreenTests {
    private static func vector(_ series: [(labels: [(String, String)], value: String)]) throws -> QueryOutcome {
        try outcome(
            "vector",
            series.map { series in
                [
                    "metric": .object(series.labels.map { .init($0.0, .string($0.1)) }),
                    "value": [100, .string(series.value)],
                ]
            })
    }

    private static func outcome(_ type: String, _ result: [JSONValue]) throws -> QueryOutcome {
        try QueryOutcome(["status": "success", "data": ["resultType": .string(type), "result": .array(result)]])
    }

    @Test
    func labelsThatDifferAreColumnsAndNumbersStandByTheirPoints() throws {
        let outcome = try Self.vector([
            ([("__name__", "x"), ("code", "200"), ("job", "bot")], "12345.5"),
            ([("__name__", "x"), ("code", "404"), ("job", "bot"), ("path", "/a\nb")], "7"),
            ([("__name__", "x"), ("job", "bot")], "+Inf"),
        ])
        #expect(
            InstantScreen(outcome: outcome, time: 100, style: .plain).lines.joined(separator: "\n") == """
                x{job="bot"}  at 1970-01-01 00:01:40 UTC
                CODE  PATH     VALUE
                200          12345.5
                404   /a\\nb      7
                              +Inf
                """)
    }

    @Test
    func oneSeriesIsALine() throws {
        let outcome = try Self.vector([([("__name__", "x"), ("job", "a\"b")], "0.1")])
        #expect(InstantScreen(outcome: outcome, time: 100, style: .plain).lines == [#"x{job="a\"b"}  0.1"#])
        let nameless = try Self.vector([([], "3")])
        #expect(InstantScreen(outcome: nameless, time: 100, style: .plain).lines == ["3"])
    }

    @Test(arguments: [
        ("12345678", "12345678"), ("0.016666666666666666", "0.0166667"), ("1763892000.123456", "1763892000.123"),
        ("3.14159265", "3.14159"), ("-0.5", "-0.5"), ("1e+21", "1e+21"), ("NaN", "NaN"), ("99.99999999", "100"),
        ("0.00000012345678", "0.000000123457"),
    ])
    func numbersAreShortenedBehindThePointOnly(text: String, shown: String) {
        #expect(NumberColumn.shortened(text) == shown)
    }

    @Test(arguments: [
        (0.0, 1.0, ["0.00", "0.25", "0.50", "0.75", "1.00"]), (3.0, 7.4, ["2", "4", "6", "8"]),
        (0, 0, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (0.1, 12_345_678, ["0M", "5M", "10M", "15M"]),
        (-20, -10, ["-20.0", "-17.5", "-15.0", "-12.5", "-10.0"]),
        (1500, 1500, ["1300", "1400", "1500", "1600", "1700"]),
    ])
    func axesHaveNiceNumbers(low: Double, high: Double, texts: [String]) {
        #expect(ValueAxis(from: low, to: high, steps: 4).texts == texts)
    }

    @Test(arguments: [
        (0.0, 1e-300), (-1e308, 1e308), (1e15, 1e15 + 1), (.leastNonzeroMagnitude, .leastNonzeroMagnitude),
        (123_456_789.1, 123_456_789.2),
    ])
    func axesOfAnyValuesHaveFewTicksThatHoldThem(low: Double, high: Double) {
        let axis = ValueAxis(from: low, to: high, steps: 4)
        #expect((2...65).contains(axis.ticks.count))
        #expect(axis.texts.count == axis.ticks.count)
    }

    @Test
    func aChartHasAxesLinesGapsAndALegend() throws {
        let values: [(Int, Int)] = [
            (0, 0), (60, 1), (120, 2), (180, 3), (360, 1), (420, 1), (480, 4), (540, 4), (600, 4),
        ]
        let outcome = try Self.outcome(
            "matrix",
            [
                [
                    "metric": ["__name__": "x", "job": "a"],
                    "values": .array(values.map { [.integer(Int64($0.0)), .string("\($0.1)")] }),
                ]
            ])
        let frame = ChartFrame(start: 0, end: 600, step: 60, columns: 46, rows: 5)
        let screen = ChartScreen(expression: "x", outcome: outcome, frame: frame, style: .plain)
        #expect(
            screen.lines.joined(separator: "\n") == """
                x
                10m until 1970-01-01 00:10:00 UTC, every 1m

                 4 ┤                               ⢀⠎⠉⠉⠉⠉⠉⠉⠉⠉
                 3 ┤          ⢀⠤⠂                 ⢀⠎
                 2 ┤       ⣀⠔⠊⠁                  ⢠⠃
                 1 ┤   ⣀⠤⠒⠉                 ⠠⠤⠤⠤⠤⠃
                 0 ┤⡠⠔⠊
                   └┬───────────────────┬───────────────────┬
                  01-01               00:05              00:10

                     LAST  MIN     MEAN  MAX
                  ━━    4    0  2.22222    4  x{job="a"}
                """)
    }

    @Test
    func valuesThatCannotBeDrawnAreSaid() throws {
        let outcome = try Self.outcome(
            "matrix", [["metric": ["job": "a"], "values": [[0, "NaN"], [60, "+Inf"]]]])
        let frame = ChartFrame(start: 0, end: 60, step: 60, columns: 80)
        let lines = ChartScreen(expression: "x", outcome: outcome, frame: frame, style: .plain).lines
        #expect(lines.contains("no value is a finite number"))
    }

    @Test
    func rangesAreLinesForOtherPrograms() throws {
        let outcome = try Self.outcome(
            "matrix", [["metric": ["job": "a"], "values": [[.number(0.5), "1"], [60, "2.25"]]]])
        #expect(
            RangeLines(outcome: outcome).lines == [
                #"1970-01-01T00:00:00.500Z     1  {job="a"}"#, #"1970-01-01T00:01:00.000Z  2.25  {job="a"}"#,
            ])
    }

    @Test(arguments: [
        ("sum(x", "1:6: unclosed left parenthesis", "    sum(x\n         ^\n"),
        ("x +\ny z", "2:3: unexpected identifier \"z\"", "    y z\n      ^\n"),
        ("foo(ü)", "1:5: ", "    foo(ü)\n        ^\n"),
    ])
    func mistakesAreMarked(text: String, message: String, excerpt: String) throws {
        let error = #expect(throws: ParseError.self) { try Query(text) }
        let mistake = ExpressionMistake(try #require(error), in: text)
        #expect(mistake.message.hasPrefix(message))
        #expect(mistake.excerpt == excerpt)
    }

    @Test(arguments: [(3600.0, 160, 30.0), (60, 160, 1), (86_400, 160, 600), (1e9, 100, 10_281_600.0)])
    func stepsAreNice(range: Double, columns: Int, step: Double) {
        #expect(QueryTimes.step(range: range, columns: columns) == step)
    }

    /// Times in milliseconds where seconds are meant, and the ends of what there is.
    @Test(arguments: [
        (1_700_000_000_000, "55840-11-08 22:13:20 UTC"), (9_223_372_037, "2262-04-11 23:47:17 UTC"),
        (-11_676_096_000, "1600-01-01 00:00:00 UTC"),
    ])
    func timesFarAwayHaveATextToo(seconds: Double, expected: String) {
        #expect(QueryTimes.shown(seconds) == expected)
    }

    @Test(arguments: [9.3e18, -9.3e18, Double.infinity])
    func timesBeyondWhatThereIsAreItsEnds(seconds: Double) {
        #expect(QueryTimes.shown(seconds).hasSuffix("UTC"))
        #expect(!QueryTimes.text(seconds).isEmpty)
    }
}

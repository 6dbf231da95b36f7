import PromQL
import QueryModel
import Testing

@Suite struct ParserTests {
    @Test(arguments: [
        ("1 + 2 * 3 ^ 4", "1 + 2 * 3 ^ 4"),
        ("a+b", "a + b"),
        ("  up  # the end", "up"),
        ("foo{a='b',c!=`d`,e=~\"f.*\",g!~\"h\"}", #"foo{a="b",c!="d",e=~"f.*",g!~"h"}"#),
        (#"{"a.b", "c.d"="e"}"#, #"{"a.b","c.d"="e"}"#),
        (#"{"plain", x="y"}"#, #"plain{x="y"}"#),
        ("{__name__=~'a|b'}", #"{__name__=~"a|b"}"#),
        ("x[90s]", "x[1m30s]"),
        ("x[600]", "x[10m]"),
        ("x offset 5m @ 10", "x @ 10.000 offset 5m"),
        ("x[1h:] offset -1w", "x[1h:] offset -1w"),
        ("x[1h:5m] @ end()", "x[1h:5m] @ end()"),
        ("SUM BY (a,b) (x)", "sum by (a, b) (x)"),
        ("sum(x) without(a)", "sum without (a) (x)"),
        ("topk by (\"a.b\") (5, x)", #"topk by ("a.b") (5, x)"#),
        ("a / on(x) group_left(y) b", "a / on (x) group_left (y) b"),
        ("a > bool ignoring(x) b", "a > bool ignoring (x) b"),
        ("a AND b unless c", "a and b unless c"),
        ("-x ^ 2", "-x ^ 2"),
        ("1h30m", "1h30m"),
        ("0x1F", "31"),
        ("1_000.5", "1000.5"),
        ("012", "10"),
        (".5e2", "50"),
        ("Inf", "+Inf"),
        ("-NaN", "NaN"),
        (#""\x41\u00e9\n""#, #""Aé\n""#),
        (#"'\xff'"#, #""\xff""#),
        ("offset", "offset"),
        ("by + start", "by + start"),
        ("start()", "start()"),
        ("rate(x:y[5m])", "rate(x:y[5m])"),
    ])
    func expressionsHaveOneForm(_ text: String, _ form: String) throws {
        let expression = try Expression.parse(text)
        #expect(expression.text == form)
        #expect(try Expression.parse(form).text == form)
    }

    @Test(arguments: [
        ("", "1:1: parse error: no expression found in input"),
        ("1 +", "1:4: parse error: unexpected end of input"),
        ("(1", "1:3: parse error: unclosed left parenthesis"),
        ("1)", "1:2: parse error: unexpected right parenthesis ')'"),
        ("foo{", "1:5: parse error: unexpected end of input inside braces"),
        ("foo bar", "1:5: parse error: unexpected identifier \"bar\""),
        ("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher"),
        ("{x=~\".*\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher"),
        ("foo{__name__=\"bar\"}", "1:1: parse error: metric name must not be set twice: \"foo\" or \"bar\""),
        ("foo{a=~\"(\"}", "1:8: parse error: error parsing regexp: missing closing parenthesis: `(`"),
        ("foo{a=b}", "1:7: parse error: unexpected identifier \"b\" in label matching, expected string"),
        ("5yy", "1:1: parse error: bad number or duration syntax: \"5yy\""),
        ("'a", "1:1: parse error: unterminated quoted string"),
        ("1 == 2", "1:1: parse error: comparisons between scalars must use BOOL modifier"),
        ("1 + bool x", "1:1: parse error: bool modifier can only be used on comparison operators"),
        ("1 and x", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression"),
        ("1 + on(a) x", "1:1: parse error: vector matching only allowed between instant vectors"),
        ("a + on(x) group_left(x) b", "1:1: parse error: label \"x\" must not occur in ON and GROUP clause at once"),
        ("a and on(x) group_left() b", "1:1: parse error: no grouping allowed for \"and\" operation"),
        ("rate(x)", "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector"),
        ("floor()", "1:1: parse error: expected 1 argument(s) in call to \"floor\", got 0"),
        ("round(a, 1, 2)", "1:1: parse error: expected at most 2 argument(s) in call to \"round\", got 3"),
        ("label_join(a)", "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 1"),
        ("nope(1)", "1:1: parse error: unknown function with name \"nope\""),
        ("sum()", "1:1: parse error: no arguments for aggregate expression provided"),
        ("topk(x)", "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1"),
        ("(x + y)[5m]", "1:1: parse error: ranges only allowed for vector selectors"),
        (
            "1 offset 5m",
            "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        ),
        ("x offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times"),
        ("x[0s]", "1:3: parse error: duration must be greater than 0"),
        (
            "-\"a\"",
            "1:2: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\""
        ),
        ("x\n  + 'y'", "2:5: parse error: binary expression must contain only scalar and instant vector types"),
        ("1[5m:]", "1:1: parse error: subquery is only allowed on instant vector, got scalar instead"),
    ])
    func mistakesAreToldWithTheirPlace(_ text: String, _ message: String) {
        #expect { try Expression.parse(text) } throws: { "\($0)" == message }
    }

    @Test(arguments: ["\\1", "a(?=b)", "(?<!x)y", "a*+", "\\K", "(?#c)", "a**", "(*UTF)", "\\Z", "(?x)a", "a)(b"])
    func whatOnlyPerlKnowsIsNoExpression(_ text: String) {
        #expect(throws: ParseError.self) { try Expression.parse("x{a=~`\(text)`}") }
    }

    @Test(arguments: [
        ("(?i:PRO).*", "production", true), ("pro", "production", false), ("a|b|", "", true), ("a|b", "b", true),
        (".", "é", true), (".+", "\n", true), ("[[:digit:]]+", "12", true), ("\\d{2}", "123", false),
        ("(?P<x>a)\\Q.\\E", "a.", true), ("$", "", true), ("a{,2}", "a{,2}", true),
    ])
    func regularExpressionsMatchWholeValues(_ text: String, _ value: String, _ matches: Bool) throws {
        let expression = try Expression.parse("x{a=~`\(text)`,b!=''}")
        guard case .vectorSelector(let selector) = expression.form else { throw ExpectedSelector() }
        #expect(selector.matchers[0].matches(ByteString(value)) == matches)
    }

    @Test func rangesAreThoseOfTheirText() throws {
        let expression = try Expression.parse("sum(rate(x[5m] offset 1m)) by (a) / 2")
        guard case .binary(let binary) = expression.form else { throw ExpectedSelector() }
        #expect(expression.range == SourceRange(0, 37))
        #expect(binary.left.range == SourceRange(0, 33))
        #expect(binary.left.form.children[0].range == SourceRange(4, 25))
        #expect(binary.left.form.children[0].form.children[0].range == SourceRange(9, 24))
    }

    @Test func longExpressionsAreLaidOut() throws {
        let long =
            "sum by (instance) (rate(http_requests_total{job=\"a-rather-long-name\"}[5m])) / on (instance) group_left () -count(up)"
        #expect(
            try Expression.parse(long).layout == """
                  sum by (instance) (rate(http_requests_total{job="a-rather-long-name"}[5m]))
                / on (instance) group_left ()
                  -count(up)
                """)
        #expect(try Expression.parse("sum(x)").layout == "sum(x)")
    }
}

private struct ExpectedSelector: Error {}

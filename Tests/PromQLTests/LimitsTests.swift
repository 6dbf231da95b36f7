import Foundation
import PromQL
import QueryModel
import Synchronization
import Testing

@Suite struct LimitsTests {
    private let series: InMemorySeries = {
        var series = InMemorySeries()
        series.append(["__name__": "up"], (0..<1000).map { (time: Int64($0) * 1000, value: 1.0) })
        return series
    }()

    @Test func tooManySamplesAreRefused() throws {
        var options = QueryOptions()
        options.maximumSamples = 500
        #expect(throws: QueryError.self) {
            try Query("sum_over_time(up[20m])").evaluate(at: 900_000, over: series, options: options)
        }
        #expect(throws: QueryError.self) {
            try Query("vector(1)").evaluate(from: 0, through: 600_000, step: 1000, over: series, options: options)
        }
        options.maximumSamples = 2000
        let result = try Query("sum_over_time(up[20m])").evaluate(at: 900_000, over: series, options: options)
        #expect(result.peakSamples == 902)
    }

    @Test func subqueriesOfTooManyStepsAreRefused() {
        #expect(throws: QueryError.self) {
            try Query("max_over_time(vector(1)[100y:1ms])").evaluate(at: 0, over: series)
        }
    }

    @Test func aQueryEndsWhenItsTimeIsOver() throws {
        var options = QueryOptions()
        let asked = Asked()
        options.isExpired = { asked.count.add(1, ordering: .relaxed).newValue > 3 }
        #expect { try Query("1 + 1 + 1 + 1 + 1").evaluate(at: 0, over: series, options: options) } throws: {
            "\($0)" == "query timed out in expression evaluation"
        }
    }

    @Test(arguments: [
        (Int64(0), Int64(1000), Int64(0), "zero or negative query resolution step widths are not accepted"),
        (1000, 0, 1, "end timestamp must not be before start time"),
        (0, 11_000_000, 1000, "exceeded maximum resolution of 11000 points per timeseries"),
        (.min, 0, 1, "timestamp out of bounds: \(Int64.min)"),
    ])
    func rangesHaveBounds(_ start: Int64, _ end: Int64, _ step: Int64, _ message: String) throws {
        let query = try Query("up")
        #expect { try query.evaluate(from: start, through: end, step: step, over: series) } throws: {
            "\($0)" == message
        }
    }

    @Test func timesAtTheEndOfAllTimeAreHarmless() throws {
        for text in ["up", "rate(up[5m])", "up offset 100y", "up @ -1e15", "rate(up[1h:1m])", "up offset -100y"] {
            for time in [Int64.min, -(1 << 60), 0, 1 << 60, .max] {
                _ = try? Query(text).evaluate(at: time, over: series)
            }
        }
    }

    private static let wide: InMemorySeries = {
        var series = InMemorySeries()
        for number in 0..<50 {
            series.append(
                ["__name__": "m", "a": "xxxxxxxxxxxxxxxx", "number": ByteString("\(number)")],
                (0..<500).map { (time: Int64($0) * 1000, value: Double($0 * 50 + number)) })
        }
        return series
    }()

    /// What holds more than it may is refused before it does.
    @Test(arguments: [
        "count_values(\"v\", m)", "max_over_time(vector(1)[100d:1ms])", "max_over_time(vector(time() + 1)[1h:1ms])",
        "sum_over_time(max_over_time(m[1h:1s])[1h:100ms])",
        "sum(m or m * 2 or label_replace(m, \"b\", \"c\", \"\", \"\"))[1h:10ms]",
    ])
    func expressionsThatHoldTooMuchAreRefused(_ text: String) throws {
        var options = QueryOptions()
        options.maximumSamples = 500_000
        let query = try Query(text)
        let isRange = query.expression.type == .rangeVector
        #expect {
            isRange
                ? try query.evaluate(at: 500_000, over: Self.wide, options: options)
                : try query.evaluate(from: 0, through: 499_000, step: 1000, over: Self.wide, options: options)
        } throws: {
            "\($0)" == "\(QueryError.tooManySamples)"
        }
    }

    /// Backtracking without end is no answer: neither that it matches, nor that it does not.
    @Test(arguments: [
        "m{x=~\"(a+)+b|a*c\"}", "m{x!~\"(a+)+b|a*c\"}",
        "label_replace(m, \"y\", \"$1\", \"x\", \"(?:(?:a+)+b|a*)(c)\")",
    ])
    func expressionsThatTakeTooManyStepsAreErrors(_ text: String) throws {
        var series = InMemorySeries()
        let value = ByteString(String(repeating: "a", count: 60) + "c")
        series.append(["__name__": "m", "x": value], [(time: 1000, value: 1)])
        let query = try Query(text)
        for _ in 0..<2 {
            #expect { try query.evaluate(at: 1000, over: series) } throws: {
                "\($0)".hasPrefix("regular expression takes too many steps: ")
            }
        }
        var others = InMemorySeries()
        others.append(["__name__": "m", "x": "aac"], [(time: 1000, value: 1)])
        _ = try query.evaluate(at: 1000, over: others)
    }

    /// A text that each call doubles.
    @Test(arguments: [
        (1, "label_replace(", ", \"a\", \"$1$1\", \"a\", \"(.*)\")"),
        (1, "label_join(", ", \"a\", \"\", \"a\", \"a\")"),
        (50, "label_replace(", ", \"a\", \"$1$1\", \"a\", \"(.*)\")"),
    ])
    func labelsDoNotGrowForEver(_ seriesCount: Int, _ opening: String, _ closing: String) throws {
        var options = QueryOptions()
        options.maximumSamples = 500_000
        let text = String(repeating: opening, count: 60) + "m" + String(repeating: closing, count: 60)
        let query = try Query(seriesCount == 1 ? text.replacing("m,", with: "m{number=\"1\"},") : text)
        #expect { try query.evaluate(at: 400_000, over: Self.wide, options: options) } throws: {
            ["a label would be longer than 1048576 bytes", "\(QueryError.tooManySamples)"].contains("\($0)")
        }
    }

    /// One series, but a sort of hundreds of samples at each of many steps.
    @Test func aSeriesDoesNotOutlastTheTime() throws {
        var options = QueryOptions()
        let asked = Asked()
        options.isExpired = { asked.count.add(1, ordering: .relaxed).newValue > 4 }
        let query = try Query("quantile_over_time(0.5, m{number=\"1\"}[1h:1s])")
        #expect {
            try query.evaluate(from: 0, through: 4_990_000, step: 500, over: Self.wide, options: options)
        } throws: {
            "\($0)" == "query timed out in expression evaluation"
        }
    }

    @Test(arguments: [
        String(repeating: "(", count: 50_000) + "a" + String(repeating: ")", count: 50_000),
        "((((a{1000}){1000}){1000}){1000})", String(repeating: "a?", count: 200_000),
    ])
    func giantRegularExpressionsAreErrors(_ expression: String) {
        #expect(throws: ParseError.self) { try Query("m{a=~\"\(expression)\"}") }
    }

    /// Steps that would grow with the power of the text's length end at the matcher's limit: nothing matches.
    @Test func matchesThatTakeForeverDoNotMatch() throws {
        let result = try Query("m{a=~\"(x+x+)+y\"} or count(m{a=~\"((x*)*)*z\"})").evaluate(
            at: 400_000, over: Self.wide)
        guard case .vector(let samples) = result.data else { throw QueryError.execution("no vector") }
        #expect(samples.isEmpty)
    }

    @Test(arguments: ["(", "-", "abs(", "1+(", "sum(", "1^"])
    func deepNestingIsAnErrorAndNoCrash(_ opening: String) {
        let text = String(repeating: opening, count: 20_000) + "x"
        #expect(throws: ParseError.self) { try Expression.parse(text) }
    }

    @Test(arguments: ["+x", "[5m:1m]", " or x", "^2"])
    func longChainsAreAnErrorAndNoCrash(_ link: String) {
        #expect { try Expression.parse("x" + String(repeating: link, count: 20_000)) } throws: {
            "\($0)".contains("nested more than 128 levels deep") || "\($0)".contains("subquery is only allowed")
        }
    }

    /// Debug builds need several times the stack of release builds.
    @Test(arguments: [
        ("(", "x", ")"), ("-", "x", ""), ("abs(", "x", ")"), ("sum(", "x", ")"), ("", "x", "+x"),
        ("max_over_time(", "x", "[5m:1m])"),
    ])
    func theDeepestExpressionFitsFourMebibytesOfStack(_ opening: String, _ inside: String, _ closing: String) {
        let levels = opening.contains("over_time") ? 60 : 126
        let text = String(repeating: opening, count: levels) + inside + String(repeating: closing, count: levels)
        let done = DispatchSemaphore(value: 0)
        let succeeded = Asked()
        let series = series
        let thread = Thread {
            var options = QueryOptions()
            options.maximumSamples = 2_000_000
            if let query = try? Query(text) {
                _ = query.expression.layout
                _ = try? query.evaluate(at: 600_000, over: series, options: options)
                succeeded.count.add(1, ordering: .relaxed)
            }
            done.signal()
        }
        thread.stackSize = 4 << 20
        thread.start()
        done.wait()
        #expect(succeeded.count.load(ordering: .relaxed) == 1)
    }
}

private final class Asked: Sendable {
    let count = Atomic(0)
}

import Foundation
import PromQL
import QueryModel
import TestSupport
import Testing

/// What random texts must never do: crash, hang, or mean something else after printing.
@Suite struct RandomTextTests {
    /// More for a fuzzing run.
    private static let rounds = ProcessInfo.processInfo.environment["OUTRIDER_FUZZ_ROUNDS"].flatMap(Int.init) ?? 1500

    @Test func printingAndReadingAgainChangesNothing() throws {
        var expressions = RandomExpressions(seed: 1)
        var wellTyped = 0
        for _ in 0..<Self.rounds {
            let text = expressions.expression()
            // Precedence makes some of them ill-typed.
            guard let first = try? Expression.parse(text) else { continue }
            wellTyped += 1
            let second = try #require(try? Expression.parse(first.text), "\(first.text)")
            #expect(second.text == first.text)
            #expect(second == first || first.text.contains("NaN"), "\(text)")
            #expect(try Expression.parse(first.layout).text == first.text)
        }
        #expect(wellTyped > Self.rounds / 2)
    }

    @Test func randomExpressionsAreEvaluatedOrRefused() throws {
        var expressions = RandomExpressions(seed: 2)
        let series = Self.series()
        var answered = 0
        for _ in 0..<Self.rounds {
            guard let query = try? Query(expressions.expression(depth: 3)) else { continue }
            var options = QueryOptions()
            options.maximumSamples = 100_000
            do {
                _ = try query.evaluate(at: 600_000, over: series, options: options)
                _ = try query.evaluate(from: 0, through: 900_000, step: 70_000, over: series, options: options)
                answered += 1
            } catch {
                // Errors of evaluation are answers too, as long as they are none of ours.
                #expect(!"\(error)".hasPrefix("BUG"), "\(query.expression.text): \(error)")
            }
        }
        #expect(answered > Self.rounds / 3)
    }

    /// An instant query and the same step of a range query agree.
    @Test func instantsAndRangesAgree() throws {
        var expressions = RandomExpressions(seed: 3)
        let series = Self.series()
        for _ in 0..<Self.rounds {
            guard let query = try? Query(expressions.expression(depth: 2)) else { continue }
            // These depend on the bounds of the query, and those on the order of rows where values are the same.
            let words = ["start()", "end()", "topk", "bottomk", "limit", "sort"]
            if words.contains(where: query.expression.text.contains) { continue }
            guard let range = try? query.evaluate(from: 300_000, through: 900_000, step: 100_000, over: series),
                let instant = try? query.evaluate(at: 600_000, over: series), case .matrix(let rows) = range.data
            else { continue }
            var expected: [LabelSet: Double] = [:]
            for row in rows {
                if let index = row.timestamps.firstIndex(of: 600_000) {
                    expected[row.labels] = row.values[index]
                }
            }
            var got: [LabelSet: Double] = [:]
            switch instant.data {
            case .scalar(_, let value): got[.empty] = value
            case .vector(let samples): for sample in samples { got[sample.labels] = sample.value }
            default: break
            }
            // Rows of `or` can be in another order, and sums with them be rounded otherwise.
            let isSame =
                got.keys == expected.keys
                && got.allSatisfy { labels, value in
                    isAlmostEqual(value, expected[labels] ?? 0, tolerance: 1e-12)
                }
            #expect(isSame, "\(query.expression.text): \(got) \(expected)")
        }
    }

    @Test func randomBytesAreReadOrRefused() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<Self.rounds * 5 {
            let count = Int.random(in: 0..<60, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let expression = try? Expression.parse(bytes) {
                #expect((try? Expression.parse(expression.text)) != nil)
            }
        }
    }

    @Test func randomTokensAreReadOrRefused() {
        var random = SeededRandom(seed: 5)
        let tokens = [
            "(", ")", "{", "}", "[", "]", ",", ":", "=", "=~", "!~", "!=", "==", "+", "-", "*", "/", "%", "^", "@", "1",
            "5m",
            "0x", "1e", "\"a\"", "'", "`x`", "x", "sum", "by", "on", "group_left", "offset", "bool", "and", "atan2",
            "rate",
            "inf", "nan", "start", "end", " ", "\n", "#", "\\", "é", "_", ".5", "le",
        ]
        for _ in 0..<Self.rounds * 5 {
            let count = Int.random(in: 0..<25, using: &random)
            let text = (0..<count).map { _ in tokens.randomElement(using: &random) ?? "" }.joined(separator: " ")
            if let expression = try? Expression.parse(text) { #expect((try? Expression.parse(expression.text)) != nil) }
        }
    }

    @Test func mutatedExpressionsAreReadOrRefused() {
        var expressions = RandomExpressions(seed: 6)
        var random = SeededRandom(seed: 7)
        let series = Self.series()
        for _ in 0..<Self.rounds {
            var bytes = Array(expressions.expression(depth: 3).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: place)
                default: bytes[place] = UInt8.random(in: 32...126, using: &random)
                }
            }
            guard let query = try? Query(String(decoding: bytes, as: UTF8.self)) else { continue }
            var options = QueryOptions()
            options.maximumSamples = 100_000
            _ = try? query.evaluate(from: 0, through: 900_000, step: 100_000, over: series, options: options)
        }
    }

    private static func series() -> InMemorySeries {
        var random = SeededRandom(seed: 8)
        var series = InMemorySeries()
        for name in ["m_total", "m_other", "g", "h_bucket", "m.n", "x:y"] as [ByteString] {
            for (a, b) in [("x", "y"), ("x", "z"), ("w", "y"), ("", "")] as [(ByteString, ByteString)] {
                let bound: ByteString = name == "h_bucket" ? (b == "y" ? "1" : "+Inf") : ""
                let labels = LabelSet([
                    Label(name: .metricName, value: name), Label(name: "a", value: a), Label(name: "b", value: b),
                    Label(name: "le", value: bound),
                ])
                var value = 0.0
                series.append(
                    labels,
                    (0..<60).compactMap { index in
                        value += Double(Int.random(in: -1...5, using: &random))
                        if Int.random(in: 0..<10, using: &random) == 0 { return nil }
                        let special = Int.random(in: 0..<40, using: &random)
                        let shown = special == 0 ? SampleValue.nan : special == 1 ? SampleValue.stale : value
                        return (time: Int64(index) * 15_000 + 7, value: shown)
                    })
            }
        }
        return series
    }
}

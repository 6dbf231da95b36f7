import Extraction
import LogModel
import SeriesModel
import Testing

@Suite struct ExplainTests {
    @Test func aMatchIsExplainedWithItsUpdatesAndRejections() throws {
        let extractor = try Extractor(patterns: [ExtractorTests.submission], sources: [])
        let line = "Submission success: prediction=7 balance=lots allo"
        let explanation = try #require(extractor.explain(Array(line.utf8)).first)
        #expect(explanation.outcome == .matched)
        #expect(explanation.matchedRange == 0..<line.utf8.count)
        #expect(explanation.captures.map(\.name) == ["prediction", "balance", "denom"])
        #expect(explanation.captures.map(\.range) == [31..<32, 41..<45, 46..<50])
        #expect(explanation.updates.map(\.metric) == ["outrider_events_total", "bot_prediction"])
        #expect(explanation.updates.map(\.isWarned) == [false, true])
        #expect(explanation.updates.map(\.value) == [1, 7])
        #expect(explanation.updates[0].labels.map(\.name) == ["event", "outcome"])
        #expect(explanation.updates[0].labels.map(\.value) == [Array("submission".utf8), Array("success".utf8)])
        #expect(explanation.rejections.map(\.metric) == ["bot_wallet_balance"])
        #expect(explanation.rejections.map(\.reason) == [.notANumber])
        #expect(extractor.recentRejections(of: "bot_wallet_balance").isEmpty, "an explanation leaves no trace")
    }

    @Test func labelsOfCapturesAreExplained() throws {
        let extractor = try Extractor(patterns: [ExtractorTests.submission], sources: [])
        let line = "Submission success: prediction=1 balance=2 allo"
        let update = try #require(extractor.explain(Array(line.utf8)).first?.updates.last)
        #expect(update.metric == "bot_wallet_balance")
        #expect(update.operation == .set)
        #expect(update.labels.map(\.value) == [Array("allo".utf8)])
    }

    @Test func whatDoesNotMatchIsSaidSo() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(name: "here", match: "x(?<never>y)?"), PatternSettings(name: "no", match: "z"),
                PatternSettings(name: "elsewhere", sources: [SourceName("b")], match: "x"),
                PatternSettings(name: "endless", match: "(a+)+$"),
            ], sources: [SourceName("a"), SourceName("b")])
        let line = Array(("x" + String(repeating: "a", count: 20_000) + "b").utf8)
        let limit = PatternExplanation.Outcome.failed(reason: "match_limit")
        #expect(extractor.explain(line, source: 0).map(\.outcome) == [.matched, .noMatch, .otherSource, limit])
        #expect(extractor.explain(line, source: 1).map(\.outcome) == [.matched, .noMatch, .matched, limit])
        #expect(extractor.explain(line).map(\.outcome) == [.matched, .noMatch, .matched, limit])
        #expect(extractor.explain(line)[0].captures.map(\.range) == [nil])
        #expect(extractor.explain([]).map(\.outcome) == [.noMatch, .noMatch, .noMatch, .noMatch])
    }
}

import LogModel
import TestSupport
import Testing

@testable import PatternMatching

/// What is looked for, and that whatever it is changes no result.
@Suite struct PrefilterTests {
    // MARK: - Plans

    /// Both texts are as long, but in this log one of them stands in every line.
    @Test func theLogDecidesWhichLiteralIsLookedFor() throws {
        let log = (0..<400).map { "{\"level\":\"info\",\"duration_ms\":\($0)}\n" }.joined()
        let plan = plan(["\"level\":\"warn\".*\"duration_ms\":(\\d+)"], for: log)
        #expect(plan.literals.map { String(decoding: $0.bytes, as: UTF8.self) } == ["\"level\":\"warn\""])
    }

    @Test func literalsInNearlyEveryLineAreNotLookedFor() throws {
        let log = (0..<400).map { "12:00 INFO request \($0) done\n" }.joined()
        let plan = plan(["INFO (\\w+)", "ERROR (\\w+)", "\\d"], for: log)
        #expect(plan.unfiltered == [0, 2])
        #expect(plan.patterns == [[1]])
    }

    @Test func patternsShareALiteral() {
        let plan = plan(["failed: \\d", "failed: \\w"], for: "")
        #expect(plan.literals.count == 1)
        #expect(plan.patterns == [[0, 1]])
    }

    @Test func fewLiteralsAreFoundByNibblesAndHundredsByHash() {
        var random = SeededRandom(seed: 9)
        let word = { (count: Int) in
            String((0..<count).map { _ in "etaoinshrdlu ".randomElement(using: &random) ?? " " })
        }
        let log = (0..<200).map { _ in word(60) + "\n" }.joined()
        let few = plan(["timeout after", "refused by peer"], for: log)
        #expect(few.buckets != nil)
        #expect(few.samples == nil)
        let sentences = (0..<300).map { _ in word(20) }
        let many = plan(sentences, for: log)
        #expect(many.samples?.stride == 8)
        #expect(many.buckets == nil)
        // Too short to be found at every eighth byte.
        let mixed = plan(sentences + ["OOM"], for: log)
        #expect(mixed.samples?.stride == 8)
        #expect(mixed.buckets?.places.joined().count == 1)
    }

    @Test func withoutALogTheRarerTextIsLookedFor() {
        let plan = plan(["e \\d+ (?:XQZ|QZX) "], for: "")
        #expect(plan.literals.map { String(decoding: $0.bytes, as: UTF8.self) } == [" XQZ ", " QZX "])
    }

    private func plan(_ expressions: [String], for log: String) -> PrefilterPlan {
        let sample = TextSample(Array(log.utf8), lineCount: log.utf8.count { $0 == 0x0A })
        return PrefilterPlan(expressions.map { RequiredLiterals(of: $0) }, sample: sample, hasSIMD: true)
    }

    // MARK: - Results

    @Test(arguments: PrefilterPolicy.allCases)
    func theOrderIsThatOfLinesAndThenOfTheSelection(policy: PrefilterPolicy) throws {
        let expressions = ["beta", "\\d", "alpha", "beta|alpha"]
        let matcher = PatternSetMatcher(patterns: try expressions.map { try Pattern($0) }, prefilter: policy)
        let text = "beta alpha 1\nnothing\n\nalpha beta\n7\n"
        let places = { (selection: [Int]) in
            scan(matcher, text, selecting: selection).map { [$0.line, $0.pattern] }
        }
        #expect(places([0, 1, 2, 3]) == [[0, 0], [0, 1], [0, 2], [0, 3], [3, 0], [3, 2], [3, 3], [4, 1]])
        #expect(places([3, 2, 0]) == [[0, 3], [0, 2], [0, 0], [3, 3], [3, 2], [3, 0]])
        #expect(places([2]) == [[0, 2], [3, 2]])
        #expect(places([]) == [])
    }

    /// A record may be of several lines, and a literal may hold their end.
    @Test(arguments: PrefilterPolicy.allCases)
    func recordsMayHaveLineEndsInside(policy: PrefilterPolicy) throws {
        let matcher = PatternSetMatcher(patterns: [try Pattern("failed\\n  at (\\w+)")], prefilter: policy)
        let text = Array("failed\n  at once\nfailed\n  at last\n".utf8)
        let lines = { (ends: [UInt32]) in
            text.withUnsafeBytes { bytes in
                ends.withUnsafeBufferPointer { ends in
                    let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 0)
                    var lines: [Int] = []
                    matcher.forEachMatch(in: batch, of: matcher.selection(of: [0])) { lines.append($0.line) }
                    return lines
                }
            }
        }
        #expect(lines([17, 34]) == [0, 1])
        #expect(lines([7, 17, 24, 34]) == [])
    }

    /// The line end is no part of a line, though the scan goes over it.
    @Test(arguments: PrefilterPolicy.allCases)
    func literalsDoNotReachIntoTheLineEnd(policy: PrefilterPolicy) throws {
        let matcher = PatternSetMatcher(
            patterns: try ["end\\r", "end\\r?$", "a\\x00b"].map { try Pattern($0) }, prefilter: policy)
        let found = scan(matcher, "end\r\nend\r\r\nend\na\u{0}b").map { [$0.line, $0.pattern] }
        #expect(found == [[0, 1], [1, 0], [1, 1], [2, 1], [3, 2]])
    }

    /// Whether a line is tried must show in no number: it depends on what the log looked like before.
    @Test(arguments: PrefilterPolicy.allCases)
    func troubleIsCountedOnlyWithLinesThatHaveTheLiterals(policy: PrefilterPolicy) throws {
        let pattern = try Pattern("^(?:a+)+(?:foo|bar)$")
        let matcher = PatternSetMatcher(
            patterns: [pattern], limits: MatchLimits(steps: 10_000), prefilter: policy)
        let line = String(repeating: "a", count: 2_000)
        #expect(scan(matcher, "\(line)\n").isEmpty)
        #expect(!matcher.tally(of: 0).hasErrors)
        #expect(scan(matcher, "\(line)\n\(line) afoo\n").isEmpty)
        #expect(matcher.tally(of: 0).limitErrors == 1)
        #expect(matcher.tally(of: 0).lastFailedLine == 1)
        Array(line.utf8).withUnsafeBytes { bytes in
            guard case .noMatch = matcher.match(0, line: bytes) else {
                Issue.record("a line without the literal was not just no match")
                return
            }
        }
    }

    /// Another plan is made after a while; by then the log has changed.
    @Test func resultsStayTheSameWhileTheLogChanges() throws {
        var expressions = (0..<40).map { "job \($0): (\\w+)" }
        expressions += ["INFO (\\w+)", "(?i)error", "OK$", "x|y", "^\\d+ [a-z]+ done"]
        let patterns = try expressions.map { try Pattern($0) }
        let matchers = PrefilterPolicy.allCases.map { PatternSetMatcher(patterns: patterns, prefilter: $0) }
        var random = SeededRandom(seed: 3)
        for phase in 0..<6 {
            let text = (0..<1_500).map { number in
                switch (phase, Int.random(in: 0..<20, using: &random)) {
                case (0...1, 0...15): "INFO started \(number)\n"
                case (_, 16): "job \(number % 50): finished OK\n"
                case (2...3, 0...15): "job \(number % 50): Error, see the long text behind this, which fills the line\n"
                case (_, 17): "\(number) batch done, error x\n"
                default: "nothing of interest here, \(phase) \(number)\n"
                }
            }.joined()
            let results = matchers.map { matcher in scan(matcher, text).map { [$0.line, $0.pattern] } }
            #expect(results[0] == results[2] && results[1] == results[2], "phase \(phase)")
            #expect(!results[2].isEmpty)
        }
    }
}

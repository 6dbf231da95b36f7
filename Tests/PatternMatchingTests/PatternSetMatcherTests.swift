import LogModel
import PatternMatching
import TestSupport
import Testing

@Suite struct PatternSetMatcherTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var expression: String
        var line: [UInt8]
        var groups: [Range<Int>?]?
        init(_ expression: String, _ line: String, _ groups: [Range<Int>?]?) {
            self.init(expression, Array(line.utf8), groups)
        }
        init(_ expression: String, _ line: [UInt8], _ groups: [Range<Int>?]?) {
            self.expression = expression
            self.line = line
            self.groups = groups
        }
        var testDescription: String { "\(expression) on \(String(decoding: line, as: UTF8.self))" }
    }

    @Test(
        arguments: [
            Case("b+", "abbc", [1..<3]),
            Case("^b", "ab", nil),
            Case("a$", "a", [0..<1]),
            Case("a$", "a\n", nil),
            Case("(a)|(b)", "b", [0..<1, nil, 0..<1]),
            Case("(a)(b)?", "a", [0..<1, 0..<1, nil]),
            Case("x*", "", [0..<0]),
            Case("x", "", nil),
            Case("(?i)ERROR", "an error", [3..<8]),
            Case("a.b", [0x61, 0x00, 0x62], [0..<3]),
            Case("\\x00(.)", [0x00, 0x62], [0..<2, 1..<2]),
            Case(".(b)", [0xFF, 0x62], [0..<2, 1..<2]),
            Case("^.$", "é", nil),
            Case("(*UTF)^.$", "é", [0..<2]),
            Case("(*UTF)b(.)", [0xFF, 0x62, 0xC3, 0xA9], [1..<4, 2..<4]),
            Case("(*UTF)^.b", [0xFF, 0x62], nil),
            Case("(?<=a)b", "ab", [1..<2]),
            Case("foo\\Kbar", "foobar", [3..<6]),
        ], [Pattern.JITPolicy.whenPossible, .never])
    func matchesAndCaptures(_ test: Case, jit: Pattern.JITPolicy) throws {
        let matcher = PatternSetMatcher(patterns: [try Pattern(test.expression, jit: jit)])
        #expect(found(matcher, test.line) == test.groups)
    }

    @Test(arguments: [Pattern.JITPolicy.whenPossible, .never])
    func capturesOfAnEarlierMatchAreNotLeftOver(jit: Pattern.JITPolicy) throws {
        let matcher = PatternSetMatcher(patterns: [
            try Pattern("(a)?(b)?(c)?x", jit: jit), try Pattern("(a)(b)(c)(d)", jit: jit),
        ])
        #expect(found(matcher, "abcx") == [0..<4, 0..<1, 1..<2, 2..<3])
        #expect(found(matcher, "x") == [0..<1, nil, nil, nil])
    }

    @Test func matchesComeByLineAndThenByPattern() throws {
        let matcher = PatternSetMatcher(patterns: try ["b", "a", "a.*b"].map { try Pattern($0) })
        #expect(
            scan(matcher, "ab\nb\n\na") == [
                FoundMatch(0, 0, "b"), FoundMatch(1, 0, "a"), FoundMatch(2, 0, "ab"), FoundMatch(0, 1, "b"),
                FoundMatch(1, 3, "a"),
            ])
        #expect(scan(matcher, "ab\nb\n", selecting: [2, 0]).map(\.pattern) == [2, 0, 0])
        #expect(scan(matcher, "").isEmpty)
    }

    @Test func aLineIsASubjectOfItsOwn() throws {
        let matcher = PatternSetMatcher(
            patterns: try ["^$", "\\s", "[^a]", "(?<!q)z", "a(?=\\W)"].map { try Pattern($0) })
        #expect(
            scan(matcher, "a\na\r\n\nq\nz") == [
                FoundMatch(0, 2, ""), FoundMatch(2, 3, "q"), FoundMatch(2, 4, "z"), FoundMatch(3, 4, "z"),
            ])
    }

    @Test func talliesCountTheLastBatchOnly() throws {
        let matcher = PatternSetMatcher(patterns: [try Pattern("a"), try Pattern("b")])
        _ = scan(matcher, "a\nb\na\n")
        #expect(matcher.tally(of: 0).matches == 2)
        #expect(matcher.tally(of: 0).lastMatchedLine == 2)
        #expect(matcher.tally(of: 1).matches == 1)
        _ = scan(matcher, "b\n")
        #expect(matcher.tally(of: 0) == PatternTally())
    }

    @Test(arguments: [Pattern.JITPolicy.whenPossible, .never])
    func endlessBacktrackingIsStoppedAndCounted(jit: Pattern.JITPolicy) throws {
        let matcher = PatternSetMatcher(
            patterns: [try Pattern("(a+)+$", jit: jit), try Pattern("b", jit: jit)],
            limits: MatchLimits(steps: 100_000))
        let line = String(repeating: "a", count: 10_000) + "b"
        #expect(scan(matcher, "aa\n\(line)\naa\n").map(\.line) == [0, 1, 2])
        #expect(matcher.tally(of: 0).limitErrors == 1)
        #expect(matcher.tally(of: 0).lastFailedLine == 1)
        #expect(matcher.tally(of: 0).matches == 2)
        #expect(!matcher.tally(of: 1).hasErrors)
        Array(line.utf8).withUnsafeBytes { bytes in
            guard case .failed(.limit) = matcher.match(0, line: bytes) else {
                Issue.record("the match was not given up")
                return
            }
        }
    }

    /// `(a|b)*c` keeps a backtracking point for every byte.
    @Test func aLineTooLongForTheJITStackIsInterpreted() throws {
        let matcher = PatternSetMatcher(
            patterns: [try Pattern("^(?:(a)|b)*c$")], limits: MatchLimits(jitStackInBytes: 32 << 10))
        let line = String(repeating: "ab", count: 5_000) + "c"
        #expect(scan(matcher, "abc\n\(line)\nbc\n").map(\.line) == [0, 1, 2])
        #expect(matcher.tally(of: 0).jitStackErrors == 1)
        #expect(matcher.tally(of: 0).limitErrors == 0)
        #expect(matcher.tally(of: 0).lastFailedLine == 1)
        #expect(scan(matcher, "abc\n").count == 1)
        #expect(!matcher.tally(of: 0).hasErrors)
    }

    @Test func memoryOfTheInterpreterIsLimited() throws {
        let matcher = PatternSetMatcher(
            patterns: [try Pattern("^(?:(a)|b)*c$", jit: .never)], limits: MatchLimits(heapInKibibytes: 256))
        let line = String(repeating: "ab", count: 5_000) + "c"
        #expect(scan(matcher, "\(line)\nabc").map(\.line) == [1])
        #expect(matcher.tally(of: 0).limitErrors == 1)
    }

    @Test func manyPatternsShareOneMatcher() throws {
        let matcher = PatternSetMatcher(patterns: try (0..<300).map { try Pattern("code=(\($0))\\b") })
        let text = (0..<300).map { "line code=\(299 - $0) end\n" }.joined()
        let matches = scan(matcher, text, group: 1)
        #expect(matches == (0..<300).map { FoundMatch(299 - $0, $0, "\(299 - $0)") })
    }

    @Test func theInterpreterFindsWhatMachineCodeFinds() throws {
        var random = SeededRandom(seed: 7)
        let expressions = [
            "a+b", "(a|ab)(c|bcd)(d*)", "^[^b]*(b)?", "(?<x>\\w+)=(?<y>\\d+)", "\\bab\\b", "(a(b(c)?)?)?d",
            "[ab]{2,3}c$",
        ]
        let machine = PatternSetMatcher(patterns: try expressions.map { try Pattern($0) })
        let interpreter = PatternSetMatcher(patterns: try expressions.map { try Pattern($0, jit: .never) })
        let alphabet = Array("aabbccd=1 \n")
        for _ in 0..<300 {
            let text = String((0..<200).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
            for group in 0...1 {
                #expect(scan(machine, text, group: 0) == scan(interpreter, text, group: 0), "group \(group)")
            }
        }
    }
}

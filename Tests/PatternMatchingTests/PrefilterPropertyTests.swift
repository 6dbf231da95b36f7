import Foundation
import LogModel
import Testing

@testable import PatternMatching

/// The filter never loses a match: random expressions on lines that they often match, beside PCRE2 on every line.
@Suite struct PrefilterPropertyTests {
    /// How many expressions are tried together.
    private static let setSize = 12
    /// How many sets each part tries; more of them find rarer things.
    private static let rounds =
        ProcessInfo.processInfo.environment["OUTRIDER_PREFILTER_ROUNDS"].flatMap(Int.init) ?? 110

    @Test(arguments: 0..<8)
    func filteredMatchesAreThoseOfPlainPCRE2(part: Int) throws {
        var generator = ExpressionGenerator(seed: UInt64(part) + 100 + UInt64(Self.rounds) << 32)
        var (patternCount, filteredCount, matchCount) = (0, 0, 0)
        for round in 0..<Self.rounds {
            var patterns: [Pattern] = []
            var text: [UInt8] = []
            while patterns.count < Self.setSize {
                let sample = generator.expression()
                // What PCRE2 refuses does not count.
                guard let pattern = try? Pattern(sample.expression, jit: round % 8 == 0 ? .whenPossible : .never) else {
                    continue
                }
                patterns.append(pattern)
                for _ in 0..<3 { text += Array(generator.line(for: sample).utf8) + [UInt8(ascii: "\n")] }
            }
            // Longer batches have a sample to plan by.
            if round % 2 == 0 { text += text + text + text }
            patternCount += patterns.count
            filteredCount += patterns.count { !$0.requiredLiterals.sets.isEmpty }
            matchCount += compare(patterns, text)
        }
        #expect(patternCount == Self.rounds * Self.setSize)
        #expect(filteredCount > patternCount / 2, "too many expressions without literals: \(filteredCount)")
        #expect(matchCount > patternCount * 2, "too few matches: \(matchCount)")
    }

    /// Returns how many matches there are.
    private func compare(_ patterns: [Pattern], _ text: [UInt8]) -> Int {
        let limits = MatchLimits(steps: 20_000)
        let results = PrefilterPolicy.allCases.map { policy in
            (policy, run(PatternSetMatcher(patterns: patterns, limits: limits, prefilter: policy), text))
        }
        guard let expected = results.first(where: { $0.0 == .off })?.1 else { return 0 }
        for (policy, result) in results where result != expected {
            let lost = expected.matches.filter { !result.matches.contains($0) }.first
            let pattern = lost.map { patterns[$0.pattern] }
            Issue.record(
                """
                \(policy) differs: \(result.matches.count) matches, not \(expected.matches.count); lost \
                \(pattern?.expression ?? "nothing") with \(pattern.map { "\($0.requiredLiterals.sets)" } ?? "")
                """)
        }
        checkLiterals(patterns, expected.matches, text)
        return expected.matches.count
    }

    /// Also the sets that are not searched for hold.
    private func checkLiterals(_ patterns: [Pattern], _ matches: [Match], _ text: [UInt8]) {
        withBatch(text) { batch in
            for match in matches {
                let line = UnsafeRawBufferPointer(rebasing: batch.bytes[batch.lineRange(match.line)])
                let pattern = patterns[match.pattern]
                #expect(
                    pattern.requiredLiterals.areIn(line),
                    "\(pattern.expression) matches \(String(decoding: line, as: UTF8.self))")
            }
        }
    }

    private struct Match: Hashable {
        var pattern: Int
        var line: Int
        var range: Range<Int>?
    }

    private struct Result: Equatable {
        var matches: [Match] = []
        var tallies: [PatternTally] = []
    }

    private func run(_ matcher: PatternSetMatcher, _ text: [UInt8]) -> Result {
        withBatch(text) { batch in
            var result = Result()
            matcher.forEachMatch(in: batch, of: matcher.selection(of: matcher.patterns.indices)) { match in
                result.matches.append(Match(pattern: match.pattern, line: match.line, range: match.capture(0)))
            }
            result.tallies = matcher.patterns.indices.map { matcher.tally(of: $0) }
            return result
        }
    }
}

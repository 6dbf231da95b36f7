import FuzzDriver
import LogModel

@testable import PatternMatching

/// The analyser of patterns: whatever the expression, the filter that is made of it loses no match. An input is an expression, and
/// behind its first line end the lines to match.
@main enum FuzzRequiredLiterals {
    private static let limits = MatchLimits(steps: 5_000, depth: 200, heapInKibibytes: 1_000)

    static func main() {
        fuzz { input in
            let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let expression = String(validating: parts[0], as: UTF8.self),
                !expression.contains("\0"),
                let pattern = try? Pattern(expression, jit: .never)
            else { return }
            // Also lines that are parts of the expression, which match more often.
            let lines = Array(parts[1]) + [0x0A] + Array(parts[0]) + [0x0A]
            let expected = matches(pattern, lines, .off)
            for policy in PrefilterPolicy.allCases where policy != .off {
                check(
                    matches(pattern, lines, policy) == expected, "`\(expression)` matches the same lines with \(policy)"
                )
            }
        }
    }

    private static func matches(_ pattern: Pattern, _ lines: [UInt8], _ policy: PrefilterPolicy) -> [Range<Int>] {
        let matcher = PatternSetMatcher(patterns: [pattern], limits: limits, prefilter: policy)
        let ends = lines.indices.filter { lines[$0] == 0x0A }.map { UInt32($0 + 1) }
        return lines.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { ends in
                let batch = LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: 0, offset: 0)
                var ranges: [Range<Int>] = []
                matcher.forEachMatch(in: batch, of: matcher.selection(of: [0])) { match in
                    ranges.append(match.lineRange)
                    let line = UnsafeRawBufferPointer(rebasing: bytes[match.lineRange])
                    check(pattern.requiredLiterals.areIn(line), "`\(pattern.expression)` has its literals in the line")
                }
                return ranges
            }
        }
    }
}

import CLiteralScan
import LogModel

/// How the lines are found that a pattern can match.
public enum PrefilterPolicy: Sendable, CaseIterable {
    /// By the literals that every match of the pattern contains, as fast as the processor can look for them.
    case automatic
    /// The same without instructions that not every processor has.
    case portable
    /// Every pattern is tried on every line.
    case off
}

/// Finds the lines of a batch that patterns of a selection can match, by looking for the patterns' literals in the whole batch.
///
/// What it looks for is planned by what the log looks like: at first, and again after much was read. A plan changes how many
/// lines are tried in vain, never which of them match.
///
/// SAFETY: `rows` is allocated in `init` and freed in `deinit`. A batch is read within its bounds and during one call only.
final class LiteralPrefilter {
    private let requirements: [RequiredLiterals]
    private let policy: PrefilterPolicy
    /// Nil while every pattern is tried on every line.
    private var tables: LiteralTables?
    private let bucketHits = LiteralHits()
    private let sampledHits = LiteralHits()
    /// A bit for each pattern of the selection: those to be tried on the current line, and behind them those on every line.
    private let rows: UnsafeMutableBufferPointer<UInt64>
    private let wordCount: Int
    /// Some patterns are tried on every line.
    private var hasUnfiltered = false
    private var isPlanned = false
    private var bytesUntilPlanning = 0
    private var bytesBetweenPlans = 256 << 10

    /// Less of a log is not worth another plan.
    private static let minimumSample = 16 << 10
    private static let maximumBetweenPlans = 512 << 20

    /// A filter for patterns with these requirements, which are counted from 0.
    init(_ requirements: [RequiredLiterals], policy: PrefilterPolicy) {
        self.requirements = requirements
        self.policy = policy
        wordCount = (requirements.count + 63) / 64
        rows = .allocate(capacity: 2 * wordCount)
        rows.initialize(repeating: 0)
    }

    deinit { rows.deallocate() }

    /// Calls `body` for each pattern that can match a line: line by line, and within a line in the order of the patterns.
    @inline(__always)
    func forEachCandidate(in batch: LineBatch, _ body: (_ line: Int, _ range: Range<Int>, _ pattern: Int) -> Void) {
        if requirements.isEmpty { return }
        if policy != .off { planIfDue(batch) }
        guard let tables else { return forEachLine(in: batch, body) }
        tables.scan(batch.bytes, buckets: bucketHits, samples: sampledHits)
        var (found, sampled) = (HitReader(bucketHits, batch), HitReader(sampledHits, batch))
        let isEveryLineTried = hasUnfiltered
        var line = -1
        while true {
            line = isEveryLineTried ? line + 1 : min(found.line, sampled.line)
            guard line < batch.lineCount else { return }
            while found.line == line { mark(tables.patterns(of: found.next())) }
            while sampled.line == line { mark(tables.patterns(of: sampled.next())) }
            visit(line, batch.lineRange(line), body)
        }
    }

    @inline(__always)
    private func forEachLine(in batch: LineBatch, _ body: (Int, Range<Int>, Int) -> Void) {
        for line in 0..<batch.lineCount {
            let range = batch.lineRange(line)
            for pattern in 0..<requirements.count { body(line, range, pattern) }
        }
    }

    /// Makes patterns candidates on the current line.
    @inline(__always)
    private func mark(_ patterns: UnsafeBufferPointer<Int32>) {
        for pattern in patterns { rows[Int(pattern) >> 6] |= 1 << UInt64(pattern & 63) }
    }

    /// Calls `body` for the candidates of a line, and forgets them.
    @inline(__always)
    private func visit(_ line: Int, _ range: Range<Int>, _ body: (Int, Range<Int>, Int) -> Void) {
        for word in 0..<wordCount {
            var bits = rows[word]
            rows[word] = rows[wordCount + word]
            while bits != 0 {
                body(line, range, word << 6 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
    }

    // MARK: - Planning

    @inline(__always)
    private func planIfDue(_ batch: LineBatch) {
        bytesUntilPlanning -= batch.bytes.count
        if bytesUntilPlanning < 0 { replan(batch) }
    }

    @inline(never)
    private func replan(_ batch: LineBatch) {
        guard !isPlanned || batch.bytes.count >= Self.minimumSample else { return }
        isPlanned = true
        bytesUntilPlanning = bytesBetweenPlans
        bytesBetweenPlans = min(bytesBetweenPlans * 32, Self.maximumBetweenPlans)
        let hasSIMD = policy == .automatic
        let sample = TextSample(batch.bytes, lineCount: batch.lineCount)
        adopt(PrefilterPlan(requirements, sample: sample, hasSIMD: hasSIMD))
    }

    private func adopt(_ next: PrefilterPlan) {
        hasUnfiltered = !next.unfiltered.isEmpty
        tables =
            next.literals.isEmpty
            ? nil : LiteralTables(next, method: policy == .automatic ? outrider_automatic : outrider_portable)
        rows.update(repeating: 0)
        for pattern in next.unfiltered {
            rows[pattern >> 6] |= 1 << UInt64(pattern & 63)
            rows[wordCount + pattern >> 6] |= 1 << UInt64(pattern & 63)
        }
    }
}

/// Goes through hits, line by line.
///
/// SAFETY: points into the hits and the batch, and lives within the call for which both are lent.
private struct HitReader {
    private let hits: UnsafeBufferPointer<outrider_hit>
    private let lineEnds: UnsafeBufferPointer<UInt32>
    private var index = 0
    /// The line of the next hit; `Int.max` when there are no more.
    private(set) var line = 0

    init(_ hits: LiteralHits, _ batch: LineBatch) {
        self.hits = hits.hits
        lineEnds = batch.lineEnds
        findLine()
    }

    /// The literal of the next hit.
    @inline(__always)
    mutating func next() -> Int {
        let literal = Int(hits[index].literal)
        index += 1
        findLine()
        return literal
    }

    @inline(__always)
    private mutating func findLine() {
        guard index < hits.count else {
            line = .max
            return
        }
        let offset = hits[index].offset
        if offset < lineEnds[line] { return }
        // Steps that double, then halves: hits lie close together or far apart.
        var (low, step) = (line, 1)
        while low + step < lineEnds.count, lineEnds[low + step] <= offset {
            low += step
            step *= 2
        }
        var high = min(low + step, lineEnds.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineEnds[middle] <= offset { low = middle } else { high = middle }
        }
        line = high
    }
}

import CPCRE2
public import LogModel

/// The patterns of a set that one kind of batch is matched with; made by `PatternSetMatcher.selection(of:)`.
public struct PatternSelection: Sendable {
    fileprivate let indices: ContiguousArray<Int>
    /// The place of its filter in the matcher's.
    fileprivate let prefilter: Int

    /// Whether the pattern of this index is among them.
    public func contains(_ index: Int) -> Bool { indices.contains(index) }
}

/// Finds which lines of a batch match which patterns of a set.
///
/// Used by one thread at a time: it owns the memory in which PCRE2 matches, one for all patterns. A matcher makes no
/// allocation per line.
///
/// A line is always a subject of its own, so `^`, `$` and look-arounds see nothing of its neighbours. A line that lacks what
/// every match of a pattern contains is not matched by it, and nothing is counted for it; as a rule PCRE2 never sees it.
///
/// SAFETY: the pointers are made in `init`, freed in `deinit`, and never leave the object, except `PatternMatch.offsets`,
/// which is lent for one call. `programs[n].code` is kept alive by `patterns[n]`. Subjects are read within the batch only.
public final class PatternSetMatcher {
    /// The set; indices in selections, matches and tallies refer to it.
    public let patterns: [Pattern]

    /// What the inner loop needs of a pattern.
    private struct Program {
        let code: OpaquePointer
        let captureCount: Int
        let minimumLength: Int
        let isJITCompiled: Bool
    }

    private let policy: PrefilterPolicy
    /// One for each selection that was made.
    private var prefilters: [(indices: ContiguousArray<Int>, filter: LiteralPrefilter)] = []
    private let programs: UnsafeMutableBufferPointer<Program>
    private let tallies: UnsafeMutableBufferPointer<PatternTally>
    private let context: OpaquePointer
    private let jitStack: OpaquePointer?
    private var matchData: OpaquePointer
    /// The interpreter stood in for machine code and may have left up to `heapInKibibytes` in `matchData`.
    private var hasGrownMatchData = false

    /// A matcher for `patterns` within `limits` for each line.
    public init(patterns: [Pattern], limits: MatchLimits = MatchLimits(), prefilter: PrefilterPolicy = .automatic) {
        self.patterns = patterns
        policy = prefilter
        programs = .allocate(capacity: patterns.count)
        _ = programs.initialize(
            from: patterns.map {
                Program(
                    code: $0.code, captureCount: $0.captureCount, minimumLength: $0.minimumLength,
                    isJITCompiled: $0.isJITCompiled)
            })
        tallies = .allocate(capacity: patterns.count)
        tallies.initialize(repeating: PatternTally())
        guard let context = pcre2_match_context_create_8(nil) else { fatalError("out of memory") }
        self.context = context
        pcre2_set_match_limit_8(context, limits.steps)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.heapInKibibytes)
        // Without a stack of its own machine code uses 32 KiB of the thread's, which is only smaller.
        jitStack = pcre2_jit_stack_create_8(min(32 << 10, limits.jitStackInBytes), limits.jitStackInBytes, nil)
        if let jitStack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(jitStack)) }
        matchData = makeMatchData(for: patterns)
        _checkInvariants()
    }

    deinit {
        pcre2_match_data_free_8(matchData)
        pcre2_match_context_free_8(context)
        if let jitStack { pcre2_jit_stack_free_8(jitStack) }
        programs.deallocate()
        tallies.deallocate()
    }

    private func _checkInvariants() {
        assert(programs.count == patterns.count && tallies.count == patterns.count, "BUG: tables differ from the set")
        assert(
            patterns.allSatisfy { Int(pcre2_get_ovector_count_8(matchData)) > $0.captureCount },
            "BUG: match data without room for all groups")
    }

    /// Prepares to match with the patterns of these indices, in this order.
    public func selection(of indices: some Sequence<Int>) -> PatternSelection {
        let selected = ContiguousArray(indices)
        precondition(selected.allSatisfy(patterns.indices.contains), "BUG: no such pattern in the set")
        if let known = prefilters.firstIndex(where: { $0.indices == selected }) {
            return PatternSelection(indices: selected, prefilter: known)
        }
        let filter = LiteralPrefilter(selected.map { patterns[$0].requiredLiterals }, policy: policy)
        prefilters.append((selected, filter))
        return PatternSelection(indices: selected, prefilter: prefilters.count - 1)
    }

    /// What pattern `index` did in the last batch.
    public func tally(of index: Int) -> PatternTally { tallies[index] }

    /// Calls `body` for every match, line by line, and within a line in the order of the selection.
    ///
    /// A pattern matches a line at most once. Errors are counted in the tallies, which are those of this call afterwards.
    public func forEachMatch(in batch: LineBatch, of selection: PatternSelection, _ body: (PatternMatch) -> Void) {
        tallies.update(repeating: PatternTally())
        guard let base = batch.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        selection.indices.withUnsafeBufferPointer { indices in
            prefilters[selection.prefilter].filter.forEachCandidate(in: batch) { line, range, place in
                let index = indices[place]
                let program = programs[index]
                guard range.count >= program.minimumLength else { return }
                let status = run(program, index, base + range.lowerBound, range.count, line)
                if status > 0 {
                    tallies[index].matches &+= 1
                    tallies[index].lastMatchedLine = UInt32(truncatingIfNeeded: line)
                    body(match(program, index, line, range))
                } else if status != PCRE2_ERROR_NOMATCH {
                    note(status, index, base + range.lowerBound, range.count, line)
                }
            }
        }
        if hasGrownMatchData {
            pcre2_match_data_free_8(matchData)
            matchData = makeMatchData(for: patterns)
            hasGrownMatchData = false
        }
    }

    /// Matches one line, without its line end, with one pattern; tallies are left alone, except for the JIT stack's.
    public func match(_ index: Int, line: UnsafeRawBufferPointer) -> MatchOutcome {
        let program = programs[index]
        var none: UInt8 = 0
        let status =
            if let base = line.baseAddress?.assumingMemoryBound(to: UInt8.self) {
                run(program, index, base, line.count, 0)
            } else {
                run(program, index, &none, 0, 0)
            }
        if status > 0 { return .matched(match(program, index, 0, 0..<line.count)) }
        return switch status {
        case PCRE2_ERROR_NOMATCH: .noMatch
        case _ where !patterns[index].requiredLiterals.areIn(line): .noMatch
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: .failed(.limit)
        default: .failed(.error(code: status))
        }
    }

    @inline(__always)
    private func match(_ program: Program, _ index: Int, _ line: Int, _ range: Range<Int>) -> PatternMatch {
        PatternMatch(
            pattern: index, line: line, lineRange: range, captureCount: program.captureCount,
            offsets: pcre2_get_ovector_pointer_8(matchData))
    }

    /// PCRE2's status: positive for a match. Machine code is called directly; its arguments are right by construction.
    @inline(__always)
    private func run(
        _ program: Program, _ index: Int, _ subject: UnsafePointer<UInt8>, _ length: Int, _ line: Int
    ) -> Int32 {
        guard program.isJITCompiled else {
            return pcre2_match_8(program.code, subject, length, 0, 0, matchData, context)
        }
        let status = pcre2_jit_match_8(program.code, subject, length, 0, 0, matchData, context)
        guard status == PCRE2_ERROR_JIT_STACKLIMIT else { return status }
        return interpret(program, index, subject, length, line)
    }

    /// Whether trouble with a line is worth counting. It is not where the filter would have passed over the line: what is
    /// counted must not depend on what the filter found worth looking for.
    private func mayMatch(_ index: Int, _ subject: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        patterns[index].requiredLiterals.areIn(UnsafeRawBufferPointer(start: subject, count: length))
    }

    @inline(never)
    private func interpret(
        _ program: Program, _ index: Int, _ subject: UnsafePointer<UInt8>, _ length: Int, _ line: Int
    ) -> Int32 {
        guard mayMatch(index, subject, length) else { return PCRE2_ERROR_NOMATCH }
        tallies[index].jitStackErrors &+= 1
        tallies[index].lastFailedLine = UInt32(truncatingIfNeeded: line)
        hasGrownMatchData = true
        return pcre2_match_8(program.code, subject, length, 0, PCRE2_NO_JIT, matchData, context)
    }

    @inline(never)
    private func note(_ status: Int32, _ index: Int, _ subject: UnsafePointer<UInt8>, _ length: Int, _ line: Int) {
        guard mayMatch(index, subject, length) else { return }
        switch status {
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: tallies[index].limitErrors &+= 1
        default: tallies[index].otherErrors &+= 1
        }
        tallies[index].lastFailedLine = UInt32(truncatingIfNeeded: line)
    }
}

private func makeMatchData(for patterns: [Pattern]) -> OpaquePointer {
    let groups = patterns.map(\.captureCount).max() ?? 0
    guard let data = pcre2_match_data_create_8(UInt32(groups + 1), nil) else { fatalError("out of memory") }
    return data
}

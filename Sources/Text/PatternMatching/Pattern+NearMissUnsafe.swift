import CPCRE2

extension Pattern {
    /// How far the expression goes in a text that it does not match; nil when it does not go far enough to be worth telling,
    /// which is where less than three of the letters and digits that it says literally are there.
    ///
    /// PCRE2 says so itself: the expression is compiled once more with a callout before each of its items. Takes some 100 µs
    /// and more, and is for people.
    public func nearMiss(in text: [UInt8]) -> NearMiss? {
        if let range = range(of: "(?i)", expression[...], in: text) {
            return NearMiss(obstacle: .letterCase, unmet: range.expression, met: range.text)
        }
        if expression.hasPrefix("^"), let range = range(of: "", expression.dropFirst(), in: text) {
            return NearMiss(obstacle: .lineBegin, unmet: 0..<1, met: range.text)
        }
        return progress(in: text).flatMap { NearMissReading(expression: Array(expression.utf8), text: text).miss($0) }
    }

    /// Where the expression matches with some options before it, or without its front.
    private func range(
        of options: String, _ expression: Substring, in text: [UInt8]
    ) -> (expression: Range<Int>, text: Range<Int>)? {
        // Switches such as (*UTF) must come first.
        guard !expression.hasPrefix("(*"), let other = try? Pattern(options + expression, jit: .never) else {
            return nil
        }
        let found = text.withUnsafeBytes { bytes -> Range<Int>? in
            let matcher = PatternSetMatcher(patterns: [other], prefilter: .off)
            guard case .matched(let match) = matcher.match(0, line: bytes) else { return nil }
            return match.capture(0)
        }
        guard let found, !found.isEmpty else { return nil }
        return (0..<self.expression.utf8.count, found)
    }

    /// The furthest that PCRE2 comes.
    ///
    /// SAFETY: `trail` outlives the match, during which alone the callout uses its address.
    private func progress(in text: [UInt8]) -> MatchTrail.Step? {
        guard let code = codeWithCallouts() else { return nil }
        defer { pcre2_code_free_8(code) }
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil),
            let context = pcre2_match_context_create_8(nil)
        else { fatalError("out of memory") }
        defer {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }
        let limits = MatchLimits()
        pcre2_set_match_limit_8(context, limits.steps)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.heapInKibibytes)
        let trail = MatchTrail(expression: Array(expression.utf8))
        pcre2_set_callout_8(
            context,
            { block, trail in
                guard let block, let trail else { return 0 }
                return Unmanaged<MatchTrail>.fromOpaque(trail).takeUnretainedValue().note(block.pointee) ? 0 : 1
            }, Unmanaged.passUnretained(trail).toOpaque())
        withExtendedLifetime(trail) {
            _ = text.withUnsafeBufferPointer { bytes in
                var none: UInt8 = 0
                guard let base = bytes.baseAddress else {
                    return pcre2_match_8(code, &none, 0, 0, PCRE2_NO_JIT, data, context)
                }
                return pcre2_match_8(code, base, bytes.count, 0, PCRE2_NO_JIT, data, context)
            }
        }
        return trail.best
    }
}

/// The way of a match through an expression, of which the furthest place is kept.
private final class MatchTrail {
    struct Step {
        /// Where the item stands in the expression.
        var item: Range<Int>
        /// Where the text is at.
        var place: Int
        /// Where the match begins.
        var start: Int
        /// Letters and digits that stand literally in the expression and were found on the way here.
        var literalCount: Int
    }

    /// Expressions that backtrack for ever are given up; what was found until then will do.
    private static let maximumSteps = 1_000_000

    private let expression: [UInt8]
    private let exclusions: [Range<Int>]
    private var steps: [Step] = []
    private var count = 0
    private(set) var best: Step?

    init(expression: [UInt8]) {
        self.expression = expression
        exclusions = NearMissReading.exclusions(in: expression)
    }

    /// Notes that the matcher is about to try an item; false when it shall give up.
    func note(_ block: pcre2_callout_block_8) -> Bool {
        count += 1
        guard count < Self.maximumSteps else { return false }
        let lower = min(Int(block.pattern_position), expression.count)
        let item = lower..<min(lower + max(Int(block.next_item_length), 0), expression.count)
        // What is forbidden is not on the way.
        guard !exclusions.contains(where: { $0.lowerBound < lower && lower < $0.upperBound }) else { return true }
        let (place, start) = (Int(block.current_position), Int(block.start_match))
        while let last = steps.last, last.place > place || last.start != start { steps.removeLast() }
        var literalCount = 0
        if let last = steps.last {
            let isTaken = last.item.upperBound == lower && last.place < place && isLiteral(last.item)
            literalCount = last.literalCount + (isTaken ? 1 : 0)
        }
        let step = Step(item: item, place: place, start: start, literalCount: literalCount)
        steps.append(step)
        if isFurther(step) { best = step }
        return true
    }

    private func isFurther(_ step: Step) -> Bool {
        guard let best else { return true }
        if step.literalCount != best.literalCount { return step.literalCount > best.literalCount }
        if step.item.lowerBound == best.item.lowerBound { return step.place > best.place }
        // Another branch that is not begun either says no more than the first one.
        return step.item.lowerBound > best.item.lowerBound
            && (step.place > best.place || !hasBranch(between: best.item.upperBound, step.item.lowerBound))
    }

    /// Whether an alternative to what stands at `lower` begins before `upper`.
    private func hasBranch(between lower: Int, _ upper: Int) -> Bool {
        guard lower < upper else { return false }
        var depth = 0
        var isEscaped = false
        for byte in expression[lower..<upper] {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "|") where depth <= 0: return true
            default: break
            }
        }
        return false
    }

    /// Whether an item is a letter or digit that stands for itself.
    private func isLiteral(_ item: Range<Int>) -> Bool { item.count == 1 && isWord(expression[item.lowerBound]) }
}

/// Makes what a match trail ends with readable.
private struct NearMissReading {
    let expression: [UInt8]
    let text: [UInt8]
    /// Fewer are in half of all lines.
    private static let leastLiteralCount = 3

    init(expression: [UInt8], text: [UInt8]) {
        self.expression = expression
        self.text = text
    }

    func miss(_ step: MatchTrail.Step) -> NearMiss? {
        let place = min(step.place, text.count)
        guard !step.item.isEmpty else { return nil }
        let exclusion = Self.exclusions(in: expression).first { $0.lowerBound == step.item.lowerBound }
        let begun = exclusion == nil ? begunWord(before: step.item.lowerBound, place) : 0
        guard step.literalCount - begun >= Self.leastLiteralCount, step.start <= place - begun else { return nil }
        let lower = step.item.lowerBound - begun
        return NearMiss(
            obstacle: exclusion == nil ? .text : .exclusion, unmet: exclusion ?? lower..<wordEnd(step.item),
            met: step.start..<place - begun)
    }

    /// How many characters of the word in which the expression stops are there: a word is told as a whole.
    private func begunWord(before item: Int, _ place: Int) -> Int {
        guard item < expression.count, isWord(expression[item]) else { return 0 }
        var count = 0
        while item - count > 0, place - count > 0, isWord(expression[item - count - 1]),
            lowercased(expression[item - count - 1]) == lowercased(text[place - count - 1])
        {
            count += 1
        }
        // The letter behind a backslash is no part of the word, nor is what is behind the name of a group.
        let before = item - count > 0 ? expression[item - count - 1] : 0
        return before == UInt8(ascii: "\\") || before == UInt8(ascii: "<") ? 0 : count
    }

    private func wordEnd(_ item: Range<Int>) -> Int {
        guard item.count == 1, isWord(expression[item.lowerBound]) else { return item.upperBound }
        return expression[item.lowerBound...].firstIndex { !isWord($0) } ?? expression.count
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    /// Where `(?!…)` and `(?<!…)` stand.
    static func exclusions(in expression: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var groups: [(start: Int, isExclusion: Bool)] = []
        var index = 0
        var isInClass = false
        while index < expression.count {
            let byte = expression[index]
            let rest = expression[index...]
            if byte == UInt8(ascii: "\\") {
                index += 1
            } else if isInClass {
                isInClass = byte != UInt8(ascii: "]")
            } else if byte == UInt8(ascii: "[") {
                isInClass = true
                // A bracket at the front of a class stands for itself.
                if rest.dropFirst().first == UInt8(ascii: "^") { index += 1 }
                if index + 1 < expression.count, expression[index + 1] == UInt8(ascii: "]") { index += 1 }
            } else if byte == UInt8(ascii: "(") {
                groups.append((index, rest.starts(with: "(?!".utf8) || rest.starts(with: "(?<!".utf8)))
            } else if byte == UInt8(ascii: ")"), let group = groups.popLast(), group.isExclusion {
                found.append(group.start..<index + 1)
            }
            index += 1
        }
        return found
    }
}

/// Letters, digits and `_` of ASCII.
private func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
}

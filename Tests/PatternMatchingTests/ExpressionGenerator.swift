import TestSupport

/// Makes random expressions together with a text that they are likely to match.
///
/// The alphabet is small, so that what is made for one part often fits another. Some of the expressions are wrong; PCRE2
/// says which.
struct ExpressionGenerator {
    /// An expression, and a text for it.
    struct Sample {
        var expression: String
        var text: String
        init(_ expression: String, _ text: String) {
            self.expression = expression
            self.text = text
        }
    }

    private var random: SeededRandom
    /// Text that assertions look for, anywhere in the line.
    private(set) var asserted: [String] = []
    private var groupCount = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func one<Element>(of elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
    private mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// A whole expression.
    mutating func expression() -> Sample {
        asserted = []
        groupCount = 0
        var sample = alternatives(depth: 3)
        if happens(10) {
            sample.expression = one(of: ["(?i)", "(?x)", "(?s)", "(?m)", "(?U)", "(?^)"]) + sample.expression
        }
        if happens(3) {
            sample.expression = one(of: ["(*UTF)", "(*UCP)", "(*CR)", "(*NO_START_OPT)"]) + sample.expression
        }
        if happens(10) { sample.expression = "^" + sample.expression }
        if happens(10) { sample.expression += "$" }
        return sample
    }

    /// A line with the text in it, with pieces of it, or with something similar.
    mutating func line(for sample: Sample) -> String {
        var text = sample.text
        switch number(0...7) {
        case 0: text = String(text.map { happens(30) ? Character(swapped(String($0))) : $0 })
        case 1: if !text.isEmpty { text.remove(at: text.index(text.startIndex, offsetBy: number(0...text.count - 1))) }
        case 2: text = noise() + text + noise() + text
        case 3: text = asserted.joined(separator: noise()) + text
        case 4: text = text + asserted.joined()
        case 5: text = noise() + text + noise()
        default: break
        }
        return text
    }

    private func swapped(_ text: String) -> String {
        let upper = text.uppercased()
        return upper == text ? text.lowercased() : upper
    }

    private mutating func noise() -> String {
        (0..<number(0...4)).map { _ in one(of: ["a", "b", "c", "A", " ", "1", "=", "é", "\r", "\u{0}"]) }.joined()
    }

    // MARK: - Grammar

    private mutating func alternatives(depth: Int) -> Sample {
        let branches = (0..<(happens(25) ? number(2...3) : 1)).map { _ in sequence(depth: depth) }
        return Sample(branches.map(\.expression).joined(separator: "|"), one(of: branches).text)
    }

    private mutating func sequence(depth: Int) -> Sample {
        var whole = Sample("", "")
        for _ in 0..<number(happens(5) ? 0...0 : 1...4) {
            let item = quantified(depth: depth)
            whole.expression += item.expression
            whole.text += item.text
        }
        return whole
    }

    private mutating func quantified(depth: Int) -> Sample {
        var sample = item(depth: depth)
        guard happens(30) else { return sample }
        let (quantifier, counts) = one(of: [
            ("?", 0...1), ("*", 0...2), ("+", 1...3), ("{2}", 2...2), ("{1,2}", 1...2), ("{0,1}", 0...1),
            ("{2,}", 2...3),
            ("{0}", 0...0), ("{1}", 1...1), ("{,2}", 0...2), ("{}", 1...1), ("{x", 1...1), ("{1,2", 1...1),
        ])
        let between = happens(5) ? one(of: ["(?#a|b)", "\\E", "\\Q\\E", " "]) : ""
        sample.expression += between + quantifier + one(of: ["", "", "", "?", "+"])
        let count = number(counts)
        sample.text = String(repeating: sample.text, count: count)
        return sample
    }

    private mutating func item(depth: Int) -> Sample {
        if depth > 0, happens(25) { return group(depth: depth - 1) }
        switch number(0...99) {
        case 0..<55: return text()
        case 55..<65: return characterClass()
        case 65..<75: return anyCharacter()
        case 75..<82: return escape()
        case 82..<88: return position()
        case 88..<92: return reference()
        default: return rare()
        }
    }

    private mutating func text() -> Sample {
        let words = [
            "a", "b", "ab", "abc", "ba", "A", "Ab", "1", "12", "=", " ", "a b", "é", "ERR", "err", "foo: ", "-",
        ]
        let word = one(of: words)
        return Sample(word, word)
    }

    private mutating func characterClass() -> Sample {
        let (expression, members) = one(of: [
            ("[ab]", "ab"), ("[a-c]", "abc"), ("[^a]", "bc1"), ("[Aa]", "aA"), ("[]a]", "]a"), ("[^]a]", "bc"),
            ("[a\\-c]", "a-c"), ("[\\d.]", "1."), ("[[:digit:]b]", "1b"), ("[\\x41b]", "Ab"), ("[a-]", "a-"),
            ("[\\Eab]", "ab"), ("[a\\Eb]", "ab"), ("[\\Qab]\\E]", "ab]"), ("[é]", "é"), ("[\\w-]", "a-"),
            ("[[b]", "[b"),
            ("[a|b]", "a|b"), ("[()]", "()"), ("[#a ]", "#a "), ("[\\101b]", "Ab"), ("[--a]", "-a"),
            ("[a\\E-c]", "abc"),
            ("[\\b]", "\u{8}"), ("[^\\W]", "a"), ("[[.a]", "[.a"), ("[\\]b]", "]b"), ("[a-\\x63]", "abc"),
            ("[ ^]", " ^"),
        ])
        return Sample(expression, String(one(of: Array(members))))
    }

    private mutating func anyCharacter() -> Sample {
        let (expression, text) = one(of: [
            (".", "a"), ("\\d", "1"), ("\\w", "b"), ("\\s", " "), ("\\S", "a"), ("\\W", " "), ("\\D", "c"),
            (".*", "ab"),
            (".+", "1"), (".*?", ""), ("\\N", "a"), ("\\h", " "), ("\\R", "\r"), ("\\X", "a"), ("\\H+", "ab"),
            ("\\V", "a"),
            ("\\p{L}", "a"), ("\\pL", "b"), ("\\w+", "abc"),
        ])
        return Sample(expression, text)
    }

    private mutating func escape() -> Sample {
        let (expression, text) = one(of: [
            ("\\.", "."), ("\\x61", "a"), ("\\x{62}", "b"), ("\\o{101}", "A"), ("\\101", "A"), ("\\t", "\t"),
            ("\\Qa.b\\E", "a.b"),
            ("\\Q(|\\E", "(|"), ("\\Qa#b \\E", "a#b "), ("\\\\", "\\"), ("\\ ", " "), ("\\x", "\u{0}"),
            ("\\0", "\u{0}"), ("\\0611", "11"),
            ("\\cA", "\u{1}"), ("\\e", "\u{1B}"), ("\\é", "é"), ("\\Q\\\\E", "\\"), ("\\a", "\u{7}"), ("\\#", "#"),
            ("\\x6", "\u{6}"),
        ])
        return Sample(expression, text)
    }

    private mutating func position() -> Sample {
        Sample(one(of: ["\\b", "\\B", "^", "$", "\\A", "\\z", "\\Z", "\\K", "\\G"]), "")
    }

    private mutating func reference() -> Sample {
        let expression = one(of: [
            "\\1", "\\g1", "\\g{1}", "\\g{-1}", "\\g-1", "\\k<n1>", "\\k'n1'", "\\k{n1}", "(?P=n1)", "(?1)", "(?&n1)",
            "(?P>n1)",
            "\\g<1>", "\\g'1'", "(?R)?", "(?-1)", "\\2", "\\12",
        ])
        return Sample(expression, one(of: ["a", "b", "ab", ""]))
    }

    private mutating func rare() -> Sample {
        let (expression, text) = one(of: [
            ("(?#a(b)", ""), ("(?i)", ""), ("(?-i)", ""), ("(?x)", ""), ("(?-x)", ""), ("(?xx)", ""), ("(?#)", ""),
            ("#b\n", ""),
            ("  ", "  "), ("# ", "# "), ("(*COMMIT)", ""), ("(*ACCEPT)", ""), ("(*FAIL)", ""), ("(*PRUNE)", ""),
            ("(*SKIP)", ""),
            ("(*THEN)", ""), ("]", "]"), ("}", "}"), ("{", "{"), ("{a}", "{a}"), ("\\E", ""), ("[[:<:]]", ""),
            ("(?J)", ""),
            ("(?n)", ""), ("(?^i)", ""), ("(*pla:a)", ""), ("(*sr:a)", "a"), ("(?*a)", ""), ("(?<*a)", ""),
            ("(?i-x)", ""),
        ])
        return Sample(expression, text)
    }

    private mutating func group(depth: Int) -> Sample {
        switch number(0...11) {
        case 0...5:
            groupCount += 1
            let inner = alternatives(depth: depth)
            let opening = one(of: [
                "(", "(", "(?:", "(?:", "(?>", "(?|", "(?<n\(groupCount)>", "(?P<n\(groupCount)>", "(?'n\(groupCount)'",
                "(?i:",
                "(?-i:", "(?x:", "(?^:", "(?s-i:",
            ])
            return Sample(opening + inner.expression + ")", inner.text)
        case 6, 7:
            let inner = alternatives(depth: depth)
            let anywhere = one(of: ["", ".*", ".*"])
            asserted.append(inner.text)
            return Sample("(?=\(anywhere)(?:\(inner.expression)))", one(of: ["", inner.text]))
        case 8:
            let inner = text()
            return Sample("(?<=\(inner.expression))", inner.text)
        case 9:
            let inner = text()
            return Sample(one(of: ["(?!", "(?<!"]) + inner.expression + ")", "")
        case 10:
            let (yes, no) = (sequence(depth: depth), sequence(depth: depth))
            let condition = one(of: ["(1)", "(?=a)", "(?!b)", "(<n1>)", "(R)", "('n1')", "(?<=b)"])
            return happens(30)
                ? Sample("(?\(condition)\(yes.expression))", one(of: [yes.text, ""]))
                : Sample("(?\(condition)\(yes.expression)|\(no.expression))", one(of: [yes, no]).text)
        default:
            let inner = alternatives(depth: depth)
            return Sample("(?(DEFINE)(\(inner.expression)))", "")
        }
    }
}

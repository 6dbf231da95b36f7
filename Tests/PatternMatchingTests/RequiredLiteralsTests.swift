import Testing

@testable import PatternMatching

/// What is taken out of an expression. A set is written `a|b`, a literal of either case `i:a`.
@Suite struct RequiredLiteralsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var expression: String
        var sets: [String]
        init(_ expression: String, _ sets: String...) {
            self.expression = expression
            self.sets = sets
        }
        var testDescription: String { expression }
    }

    @Test(arguments: [
        Case("Submission success: (\\d+)", "Submission success: "),
        Case(""),
        Case("\\d+ \\w+", " "),
        Case("ab.cd", "ab", "cd"),
        Case("^ab$", "ab"),
        Case("\\bab\\b", "ab"),
        Case("foo\\Kbar", "foobar"),
    ])
    func textStandsForItself(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("a(?:b|c)d", "abd|acd"),
        Case("(ERROR|CRITICAL) - ", "CRITICAL - |ERROR - "),
        Case("a|b", "a|b"),
        Case("a|"),
        Case("abc|d.f", "abc|d", "abc|f"),
        Case("(?:abc.|d.f)g", "abc|d", "fg|g", "abc|f"),
        Case("abc|."),
        Case("(?|abc(.)|def(.))", "abc|def"),
        Case("a(?:b\\d|c)d", "ab|ac", "cd|d"),
    ])
    func alternativesMakeASet(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("ab?c", "abc|ac"),
        Case("ab*c", "a", "c"),
        Case("ab+c", "ab", "bc"),
        Case("a(?:bc)?d", "abcd|ad"),
        Case("a(?:bc){2}d", "abcbcd"),
        Case("a(?:bc){0}d", "ad"),
        Case("a(?:bc){2,}d", "abcbc", "bcbcd"),
        Case("a(?:bc){1,3}d", "abc", "bcd"),
        Case("ab??c", "abc|ac"),
        Case("ab++c", "ab", "bc"),
        Case("ab{2}c", "abbc"),
        Case("ab{x}c", "ab{x}c"),
        Case("ab{}c", "ab{}c"),
        Case("https?://", "http://|https://"),
        Case("(?:ab|cd){2}", "abab|abcd|cdab|cdcd"),
        Case("(?:a.b)+", "a", "b"),
        Case("(?:a.b)*"),
        // Only newer versions of PCRE2 take these for quantifiers.
        Case("ab{,2}c"),
        Case("ab{ 1, 2 }c"),
    ])
    func quantifiers(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("(?i)Error 7", "i:error 7"),
        Case("(?i)12:", "12:"),
        Case("a(?i)b(?-i)c", "i:abc"),
        Case("(?i:ab)\\dCD", "i:ab", "CD"),
        // An option reaches over the alternatives behind it, up to the end of the group.
        Case("(?:a(?i)b|c)d|ef", "ef|i:abd|i:cd"),
        Case("(?x) a b # c\n d", "abd"),
        Case("(?x) a \\  b", "a b"),
        Case("(?x: a b) c", "ab c"),
        Case("(?x)a +", "a"),
        Case("(?x-i)(?^)a b", "a b"),
        Case("(?i)É", "É"),
        Case("(?sm)a", "a"),
        Case("(?xx)a"),
        Case("(?i)[kK]", "i:k"),
    ])
    func options(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("[Cc]onn", "Conn|conn"),
        Case("x[0-3]y", "x0y|x1y|x2y|x3y"),
        Case("x[0-9]y", "x", "y"),
        Case("x[^0]y", "x", "y"),
        Case("x[\\d.]y", "x", "y"),
        Case("x[[:digit:]]y", "x", "y"),
        Case("x[]a]y", "x]y|xay"),
        Case("x[^]a]y", "x", "y"),
        Case("x[a\\]b]y", "x]y|xay|xby"),
        Case("x[a-]y", "x-y|xay"),
        Case("x[\\x41\\n]y", "x\ny|xAy"),
        Case("x[[:<:]]y"),
        Case("x[[a:]y", "x:y|x[y|xay"),
        Case("x[a[:]y"),
        Case("x[\\Qa]\\E]y"),
    ])
    func classes(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("\\x41\\x{42}\\o{103}\\t\\0z", "ABC\t\0z"),
        Case("a\\.b\\\\c", "a.b\\c"),
        Case("\\Qa.b\\E+c", "a.b", "bc"),
        Case("a\\E+", "a"),
        Case("a\\Q\\E*b", "b"),
        Case("\\Qa|b", "a|b"),
        Case("\\cA", "\u{01}"),
        Case("a(?#)b", "ab"),
        Case("a(?#x|y)*b", "b"),
        Case("(a)\\1b", "a", "b"),
        Case("(a)\\g{1}b(?1)c", "a", "b", "c"),
        Case("(?<n>a)\\k<n>b(?P=n)c", "a", "b", "c"),
        Case("(a)\\101"),
        Case("a\\Rb", "a", "b"),
    ])
    func escapesAndReferences(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("(?=.*foo)(?=.*barr)", "barr", "foo"),
        Case("(?<=abc)\\d", "abc"),
        Case("(?!foo)\\d"),
        Case("a(?!foo)b", "ab"),
        Case("a(?<!foo)b", "ab"),
        Case("(?:(?=foo)|bar)\\d", "bar|foo"),
        Case("(?=foo)*\\d"),
        Case("(?=foo|bar)\\d", "bar|foo"),
    ])
    func assertions(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("(a)?(?(1)bc|de)f", "abcf|adef|bcf|def"),
        Case("(a)?(?(1)bc)f", "abcf|af|bcf|f"),
        Case("(?(?=ab)abc|de)", "abc|de"),
        Case("(?(DEFINE)(?<x>foo))bar(?&x)", "bar|foobar"),
        Case("a(?R)?b", "a", "b"),
    ])
    func conditionsAndRecursion(_ test: Case) throws { try check(test) }

    @Test(arguments: [
        Case("(*UTF)abc"),
        Case("(*CR)(?x)a#b\rc"),
        Case("abc(*ACCEPT)def"),
        Case("abc(*COMMIT)def"),
        Case("(*pla:abc)def"),
        Case("(?*abc)def"),
        Case("(?<*abc)def"),
    ])
    func whatIsNotUnderstoodHasNoLiterals(_ test: Case) throws { try check(test) }

    /// Both the expression must be right and what is said of it.
    private func check(_ test: Case) throws {
        let sets = try Pattern(test.expression).requiredLiterals.sets
        #expect(Set(sets.map(described)) == Set(test.sets))
    }

    private func described(_ set: LiteralSet) -> String {
        set.literals.map { ($0.isCaseless ? "i:" : "") + String(decoding: $0.bytes, as: UTF8.self) }.sorted()
            .joined(separator: "|")
    }

    @Test func theRarestSetComesFirst() throws {
        let sets = try Pattern("e\\d(?:ERROR|CRITICAL)\\de").requiredLiterals.sets
        #expect(sets.first.map(described) == "CRITICAL|ERROR")
    }

    @Test func longTextIsCutIntoLiterals() throws {
        let text = String(repeating: "abcdefghij", count: 30)
        let sets = try Pattern(text).requiredLiterals.sets
        #expect(!sets.isEmpty)
        for literal in sets.flatMap(\.literals) {
            #expect(literal.bytes.count <= LiteralSet.maximumLength)
            #expect(text.contains(String(decoding: literal.bytes, as: UTF8.self)))
        }
    }

    @Test func manyAlternativesStayWithinLimits() throws {
        let words = (0..<100).map { "word\($0)x" }
        let sets = try Pattern("(?:\(words.joined(separator: "|")))\\d").requiredLiterals.sets
        #expect(sets.first?.literals.count == 100)
        let thousand = (0..<1000).map { "word\($0)x" }.joined(separator: "|")
        #expect(try Pattern(thousand).requiredLiterals.sets.isEmpty)
        #expect(try Pattern("(?:a|b|c|d){100}e").requiredLiterals.sets.allSatisfy { $0.literals.count <= 256 })
    }

    /// PCRE2 folds the letters of ASCII only, as long as it matches bytes.
    @Test func literalsFoldWhatPCRE2Folds() throws {
        for byte in UInt8.min...UInt8.max where byte != 0x0A {
            let hex = String(byte, radix: 16)
            let matcher = PatternSetMatcher(patterns: [try Pattern("(?i)\\x{\(hex)}", jit: .never)])
            let literal = Literal([byte], isCaseless: true)
            for other in UInt8.min...UInt8.max {
                let folded = literal.isCaseless ? lowercased(other) : other
                #expect((found(matcher, [other]) != nil) == (folded == literal.bytes[0]), "\(byte) and \(other)")
            }
        }
    }
}

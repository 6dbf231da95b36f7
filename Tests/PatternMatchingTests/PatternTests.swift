import LogModel
import PatternMatching
import Testing

@Suite struct PatternTests {
    struct WrongExpression: Sendable, CustomTestStringConvertible {
        var expression: String
        var kind: PatternError.Kind
        var offset: Int
        var hint: String?
        var testDescription: String { expression }
    }

    @Test(arguments: [
        WrongExpression(expression: "a(b", kind: .invalid, offset: 3, hint: "Close the group"),
        WrongExpression(expression: "a)b", kind: .invalid, offset: 1, hint: "open the group"),
        WrongExpression(expression: "x[a-z", kind: .invalid, offset: 5, hint: "Close the character class"),
        WrongExpression(expression: "*x", kind: .invalid, offset: 0, hint: "backslash before"),
        WrongExpression(expression: "Zürich (?<", kind: .invalid, offset: 11, hint: nil),
        WrongExpression(expression: "a\\C", kind: .invalid, offset: 3, hint: "Write ."),
        WrongExpression(expression: "ab(?C1)c", kind: .callout, offset: 7, hint: "Remove"),
        WrongExpression(expression: "(?<a>x)(?<a>y)", kind: .duplicateName, offset: 12, hint: "own name"),
        WrongExpression(expression: "(?J)(?<a>x)|(?<a>y)", kind: .duplicateName, offset: 0, hint: "own name"),
    ])
    func mistakesAreLocatedAndExplained(_ wrong: WrongExpression) throws {
        let error = try #require(throws: PatternError.self) { try Pattern(wrong.expression) }
        #expect(error.kind == wrong.kind)
        #expect(error.offset == wrong.offset)
        #expect(error.message.contains("at byte \(wrong.offset)"))
        if let hint = wrong.hint { #expect(error.hint?.contains(hint) == true, "\(error)") }
    }

    @Test func namesAreListedByGroupNumber() throws {
        let pattern = try Pattern("(?<second_is_later>a)(b)(?P<b>c)")
        #expect(pattern.captureCount == 3)
        #expect(pattern.captureNames.map(\.name) == ["second_is_later", "b"])
        #expect(pattern.captureNames.map(\.number) == [1, 3])
        #expect(pattern.captureNumber(named: "b") == 3)
        #expect(pattern.captureNumber(named: "2") == 2)
        #expect(pattern.captureNumber(named: "4") == nil)
        #expect(pattern.captureNumber(named: "c") == nil)
    }

    @Test func oneNameMayStandForOneGroupInSeveralBranches() throws {
        let pattern = try Pattern("(?|a=(?<v>1)|b=(?<v>2))")
        #expect(pattern.captureNames.map(\.name) == ["v"])
        #expect(pattern.captureNumber(named: "v") == 1)
    }

    @Test func machineCodeIsMadeUnlessItIsForbidden() throws {
        #expect(try Pattern("a+").isJITCompiled)
        #expect(try !Pattern("a+", jit: .never).isJITCompiled)
        #expect(try !Pattern("(*NO_JIT)a+").isJITCompiled)
    }

    @Test func anEmptyExpressionMatchesEverything() throws {
        let matcher = PatternSetMatcher(patterns: [try Pattern("")])
        #expect(found(matcher, "") == [0..<0])
        #expect(found(matcher, "x") == [0..<0])
    }
}

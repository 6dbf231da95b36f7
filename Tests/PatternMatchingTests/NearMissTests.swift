import PatternMatching
import Testing

@Suite struct NearMissTests {
    struct Case: CustomTestStringConvertible {
        var expression: String
        var line: String
        var obstacle = NearMiss.Obstacle.text
        /// The part of the expression that the line does not meet.
        var unmet: String
        var met: String
        var testDescription: String { "\(expression) on \(line)" }
    }

    @Test(arguments: [
        Case(
            expression: #"Submission success: prediction=(?<p>[\d.]+) balance="#,
            line: "x Submission success: prediction=lots",
            unmet: #"[\d.]+"#, met: "Submission success: prediction="),
        // A word is told as a whole, whatever letters of it are there.
        Case(
            expression: "Submission success", line: "Submission stopped", unmet: "success", met: "Submission "),
        Case(expression: #"took (\d+)ms$"#, line: "took 12ms today", unmet: "$", met: "took 12ms"),
        // The branch that goes further in the line is told, not the one that is later in the expression.
        Case(
            expression: #"loading: (\d+)|saving: (\d+)"#, line: "loading: none", unmet: #"\d+"#, met: "loading: "),
        Case(
            expression: #"loading: (\d+)|saving: (\d+)"#, line: "saving: none", unmet: #"\d+"#, met: "saving: "),
        Case(
            expression: #"^start .*? code=(\d+)"#, line: "start of it code=x", unmet: #"\d+"#, met: "start of it code="),
        // None of the branches is begun: the first is told.
        Case(
            expression: #"level=(?<level>WARNING|ERROR|x\|y|FATAL)\b"#, line: "level=INFO", unmet: "WARNING",
            met: "level="),
        Case(expression: "begin (?:with )?end", line: "begin no end", unmet: "end", met: "begin "),
        Case(expression: #"(?:ab,)+end;"#, line: "ab,ab,ab,", unmet: "end", met: "ab,ab,ab,"),
        Case(expression: #"at\[bot\]: \d"#, line: "at[bot]: c", unmet: #"\d"#, met: "at[bot]: "),
        Case(
            expression: "ERROR(?!.*ignored) in", line: "ERROR in what is ignored", obstacle: .exclusion,
            unmet: "(?!.*ignored)", met: "ERROR"),
        Case(expression: "error: (.+)", line: "ERROR: 5", obstacle: .letterCase, unmet: "error: (.+)", met: "ERROR: 5"),
        Case(expression: "^ERROR", line: "10:00 ERROR", obstacle: .lineBegin, unmet: "^", met: "ERROR"),
    ])
    func theObstacleIsFound(_ example: Case) throws {
        let miss = try #require(try Pattern(example.expression).nearMiss(in: Array(example.line.utf8)))
        #expect(miss.obstacle == example.obstacle)
        #expect(String(decoding: Array(example.expression.utf8)[miss.unmet], as: UTF8.self) == example.unmet)
        #expect(String(decoding: Array(example.line.utf8)[miss.met], as: UTF8.self) == example.met)
    }

    @Test(arguments: [
        (#"\d+ms"#, "10 of 12"), ("ERROR", "all is good"), ("error", "terrible"), ("^x", ""), ("(a+)+$", "b"),
        ("prediction", "predictable"),
    ])
    func whatIsInHalfOfAllLinesIsNotTold(_ expression: String, _ line: String) throws {
        #expect(try Pattern(expression).nearMiss(in: Array(line.utf8)) == nil)
    }

    @Test func anEndlessExpressionIsGivenUp() throws {
        let line = Array(("begin " + String(repeating: "a", count: 5000) + "b").utf8)
        let miss = try #require(try Pattern("begin (a+)+;").nearMiss(in: line))
        #expect(miss.met.lowerBound == 0)
    }

    /// Whatever the expression is, what is told lies within it and within the line.
    @Test(arguments: 0..<4)
    func rangesAreWithinTheirTexts(_ part: Int) {
        var generator = ExpressionGenerator(seed: UInt64(part) + 7000)
        var count = 0
        for _ in 0..<300 {
            let sample = generator.expression()
            guard let pattern = try? Pattern(sample.expression, jit: .never) else { continue }
            let matcher = PatternSetMatcher(patterns: [pattern], prefilter: .off)
            for _ in 0..<4 {
                let line = Array(generator.line(for: sample).utf8)
                guard found(matcher, line) == nil, let miss = pattern.nearMiss(in: line) else { continue }
                count += 1
                #expect(miss.met.upperBound <= line.count && miss.unmet.upperBound <= sample.expression.utf8.count)
                #expect(!miss.unmet.isEmpty, "\(sample.expression) on \(line)")
            }
        }
        #expect(count > 20, "too few of them: \(count)")
    }
}

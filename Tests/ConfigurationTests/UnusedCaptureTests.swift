import Testing

@testable import Configuration

@Suite struct UnusedCaptureTests {
    private func warnings(_ match: String, _ metric: String = "{counter: a_total}") -> [String] {
        let text = """
            state_dir: /state
            sources: [{name: app, files: [/app.log]}]
            patterns: [{name: p, match: '\(match)', metrics: [\(metric)]}]

            """
        return (try? load(["/o.yml": text], path: "/o.yml").warnings.map(\.description)) ?? ["an error"]
    }

    @Test func aCaptureThatNothingIsMadeOfIsWarnedOf() {
        #expect(
            warnings("(?<a>x) (?<b>y)", "{counter: a_total, labels: {b: $b}}") == [
                """
                /o.yml:3:29: warning: the capture `a` is not used
                    use `$a` in a value or a label, or write `(?:…)` instead of `(?<a>…)`
                """
            ])
    }

    @Test(arguments: [
        ("(?<a>x)", "{counter: a_total, value: $a}"), ("(?<a>x)", "{counter: a_total, labels: {l: $a}}"),
        (#"(?<a>x)\k<a>"#, "{counter: a_total}"), ("(?<a>x)(?&a)", "{counter: a_total}"),
        ("(?<a>x)?(?(<a>)y|z)", "{counter: a_total}"), ("(x)", "{counter: a_total}"),
    ])
    func thoseThatAreUsedAreNot(_ match: String, _ metric: String) {
        #expect(warnings(match, metric) == [])
    }
}

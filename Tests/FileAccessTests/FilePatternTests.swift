import FileAccess
import LogModel
import Testing

@Suite("File patterns")
struct FilePatternTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var pattern: String
        var matching: [String]
        var others: [String]
        var testDescription: String { pattern }
    }

    static let cases = [
        Case(
            pattern: "/var/log/app.log", matching: ["/var/log/app.log"],
            others: ["/var/log/app.log.1", "/var/log/app_log", "/var/log/app.log/x", "var/log/app.log", "", "/"]),
        Case(
            pattern: "/var/log/*.log", matching: ["/var/log/a.log", "/var/log/a.b.log"],
            others: ["/var/log/.log", "/var/log/.a.log", "/var/log/x/a.log", "/var/log/a.log.1", "/var/log"]),
        Case(
            pattern: "/v/*a*b*c", matching: ["/v/abc", "/v/xaxbxc", "/v/aabbcc", "/v/abcabc"],
            others: ["/v/acb", "/v/ab", "/v/abcd"]),
        Case(
            pattern: "/v/a?c", matching: ["/v/abc", "/v/a.c", "/v/aüc", "/v/a日c"],
            others: ["/v/ac", "/v/abbc", "/v/a/c"]),
        Case(pattern: "/v/?x", matching: ["/v/ax"], others: ["/v/.x"]),
        Case(pattern: "/v/[!a]x", matching: ["/v/bx"], others: ["/v/ax", "/v/.x", "/v/x"]),
        Case(pattern: "/v/[^a-c]", matching: ["/v/d", "/v/ä"], others: ["/v/b"]),
        Case(pattern: "/v/[a-c1-3_]", matching: ["/v/b", "/v/3", "/v/_"], others: ["/v/d", "/v/4", "/v/-"]),
        Case(pattern: "/v/[]x]", matching: ["/v/]", "/v/x"], others: ["/v/[", "/v/[]x]"]),
        Case(pattern: "/v/[!]x]", matching: ["/v/a"], others: ["/v/]", "/v/x"]),
        Case(pattern: "/v/[a-]", matching: ["/v/a", "/v/-"], others: ["/v/b"]),
        Case(pattern: "/v/[-a]", matching: ["/v/a", "/v/-"], others: ["/v/b"]),
        Case(pattern: "/v/[a\\-c]", matching: ["/v/a", "/v/-", "/v/c"], others: ["/v/b"]),
        Case(pattern: "/v/[a\\]]", matching: ["/v/a", "/v/]"], others: ["/v/b"]),
        Case(pattern: "/v/[{},]", matching: ["/v/{", "/v/,", "/v/}"], others: ["/v/a"]),
        Case(pattern: "/v/{a,b}.log", matching: ["/v/a.log", "/v/b.log"], others: ["/v/c.log", "/v/{a,b}.log"]),
        Case(pattern: "/v/{a,b{c,d}}e", matching: ["/v/ae", "/v/bce", "/v/bde"], others: ["/v/be", "/v/ace"]),
        Case(pattern: "/v/a{,.1}", matching: ["/v/a", "/v/a.1"], others: ["/v/a.2"]),
        Case(pattern: "/{var/log,srv}/*.log", matching: ["/var/log/a.log", "/srv/a.log"], others: ["/var/a.log"]),
        Case(pattern: "/v/{a*,[0-9]}{x,y}", matching: ["/v/abx", "/v/ay", "/v/5y"], others: ["/v/5", "/v/5z"]),
        Case(pattern: "/v/{[,],b}", matching: ["/v/,", "/v/b"], others: ["/v/[", "/v/]"]),
        Case(pattern: "/v/\\*\\{\\}\\[\\?\\\\", matching: ["/v/*{}[?\\"], others: ["/v/a{}[?\\"]),
        Case(pattern: "/v/\\a", matching: ["/v/a"], others: ["/v/\\a"]),
        Case(
            pattern: "/v/**/*.log", matching: ["/v/a.log", "/v/x/a.log", "/v/x/y/z/a.log"],
            others: ["/v/.x/a.log", "/v/x/.y/a.log", "/v/x/.a.log", "/a.log", "/v"]),
        Case(
            pattern: "/v/**/x/**/a", matching: ["/v/x/a", "/v/b/x/a", "/v/x/x/a", "/v/b/c/x/d/e/a"],
            others: ["/v/a", "/v/b/a", "/v/x/.h/a"]),
        Case(pattern: "/v/**", matching: ["/v/a", "/v/b/c"], others: ["/v", "/v/.a", "/v/b/.c", "/v/.b/c"]),
        Case(pattern: "/v/**/**/a", matching: ["/v/a", "/v/x/a", "/v/x/y/a"], others: ["/v/x"]),
        Case(pattern: "/v/**/.x/*", matching: ["/v/.x/a", "/v/b/.x/a"], others: ["/v/.b/.x/a", "/v/.x/.a"]),
        Case(pattern: "/v/a**b", matching: ["/v/ab", "/v/axb"], others: ["/v/a/b"]),
        Case(pattern: "/**", matching: ["/a", "/a/b"], others: ["/"]),
        Case(pattern: "/**/a.log", matching: ["/a.log", "/x/a.log"], others: ["/x/b.log"]),
        Case(pattern: "//v//a", matching: ["/v/a", "/v//a"], others: ["/va"]),
        Case(pattern: "/v/.*", matching: ["/v/.a", "/v/.a.b"], others: ["/v/a"]),
        Case(pattern: "/v/{.,}a", matching: ["/v/.a", "/v/a"], others: ["/v/b"]),
        Case(pattern: "/v/a]b,c", matching: ["/v/a]b,c"], others: ["/v/ab"]),
        Case(pattern: "/v/日*", matching: ["/v/日本"], others: ["/v/本"]),
    ]

    @Test("what matches and what does not", arguments: cases)
    func matching(_ example: Case) throws {
        let pattern = try FilePattern(example.pattern)
        for path in example.matching { #expect(pattern.matches(path), "\(path)") }
        for path in example.others { #expect(!pattern.matches(path), "\(path)") }
        #expect(pattern.text == example.pattern)
    }

    @Test(
        "the directory that all paths lie in",
        arguments: [
            ("/var/log/app.log", "/var/log"), ("/var/log/*.log", "/var/log"), ("/var/*/x/a", "/var"), ("/a", "/"),
            ("/**/a", "/"), ("/var/log/{a,b}/c", "/var/log"), ("/var/{log,lib}/c", "/var"),
            ("/var/l\\*g/c", "/var/l*g"),
            ("/{a/b/c/x,a/b/d/x}", "/a/b"), ("/a/b[c]/d", "/a"),
        ])
    func fixedPrefix(pattern: String, prefix: String) throws {
        #expect(try FilePattern(pattern).fixedPrefix == prefix)
    }

    @Test(
        "a pattern without a wildcard stands for a few paths",
        arguments: [
            ("/a/b.log", ["/a/b.log"]), ("/a/{b,c}.log", ["/a/b.log", "/a/c.log"]), ("/a//b", ["/a/b"]),
            ("/a/\\*", ["/a/*"]), ("/a/*", nil), ("/a/{b,c?}", nil), ("/**/b", nil), ("/a/[b]", nil),
        ] as [(String, [String]?)])
    func literalPaths(pattern: String, paths: [String]?) throws {
        #expect(try FilePattern(pattern).literalPaths == paths)
    }

    @Test(
        "what is wrong is told with the place",
        arguments: [
            ("", 0, "is empty"), ("var/log/*.log", 0, "is not absolute"), ("{/var,tmp}/x", 6, "is not absolute"),
            ("/var/log/", 8, "names a directory"), ("/", 0, "names a directory"),
            ("/v/[abc", 3, "opens a bracket that is not closed"), ("/v/[", 3, "opens a bracket that is not closed"),
            ("/v/[]", 3, "opens a bracket that is not closed"), ("/v/[!]", 3, "opens a bracket that is not closed"),
            ("/v/[a/b]", 3, "opens a bracket that is not closed"), ("/v/{a,b", 3, "opens a brace that is not closed"),
            ("/v/{a,{b,c}", 3, "opens a brace that is not closed"), ("/v/a}", 4, "closes a brace that was not opened"),
            ("/v/{a}", 3, "single alternative"), ("/v/{1..3}", 3, "single alternative"),
            ("/v/a\\", 4, "ends with a backslash"),
            ("/v/[c-a]", 4, "runs backwards"), ("/v/[[:digit:]]", 4, "names a class"), ("/v/../x", 3, "relative step"),
            ("/ü/./x", 4, "relative step"), ("/v/a\0b", 4, "NUL"),
            ("/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", 61, "more than 4096"),
        ])
    func errors(pattern: String, offset: Int, problem: String) {
        let error = #expect(throws: FilePatternError.self) { try FilePattern(pattern) }
        #expect(error?.offset == offset)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        #expect(error?.hint?.isEmpty == false)
        #expect(error?.code == "bad_file_pattern")
    }

    @Test("a pattern of many stars is matched in a time that does not explode", .timeLimit(.minutes(10)))
    func manyStars() throws {
        let pattern = try FilePattern("/" + String(repeating: "*a", count: 60) + "b")
        #expect(!pattern.matches("/" + String(repeating: "a", count: 250)))
        let deep = try FilePattern("/" + String(repeating: "**/a/", count: 40) + "b")
        #expect(!deep.matches(String(repeating: "/a", count: 200)))
    }
}

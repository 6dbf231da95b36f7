import Testing
import YAMLNodes

/// A tree without its locations, as text: `{a: [b, "c"]}`.
private func render(_ node: YAMLNode?) -> String {
    switch node?.content {
    case nil: "nothing"
    case .scalar(let text, .plain): text
    case .scalar(let text, _): "\"\(text)\""
    case .sequence(let items): "[\(items.map { render($0) }.joined(separator: ", "))]"
    case .mapping(let entries): "{\(entries.map { "\($0.key): \(render($0.value))" }.joined(separator: ", "))}"
    }
}

private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLDocument {
    YAMLDocument(Array(text.utf8), file: "t.yml", limits: limits)
}

private func outcome(_ document: YAMLDocument) -> [String] {
    document.problems.map { "\($0.location): \($0.message)" }
}

@Suite struct YAMLDocumentTests {
    @Test(arguments: [
        ("a: 1\nb: [x, 'y', \"z\\n\"]\n", "{a: 1, b: [x, \"y\", \"z\n\"]}"),
        ("- a\n- b: c\n", "[a, {b: c}]"),
        ("t: |\n  one\n  two\nf: >\n  one\n  two\n", "{t: \"one\ntwo\n\", f: \"one two\n\"}"),
        ("a: &x {k: v}\nb: *x\nc: [*x, *x]\n", "{a: {k: v}, b: {k: v}, c: [{k: v}, {k: v}]}"),
        ("\u{FEFF}a: b\r\n", "{a: b}"),
        ("a:\nb: ~\n", "{a: , b: ~}"),
        ("", "nothing"),
        ("# only a comment\n", "nothing"),
        ("---\na: b\n...\n", "{a: b}"),
    ])
    func treesAreComplete(text: String, expected: String) {
        let document = parse(text)
        #expect(render(document.root) == expected)
        #expect(document.problems.isEmpty)
    }

    @Test func locationsCountCharactersNotBytes() throws {
        let root = try #require(parse("ä: 1\nlist:\n  - {Zürich: 'x', naïve: y}\n").root)
        guard case .mapping(let entries) = root.content, case .sequence(let items) = entries[1].value.content,
            case .mapping(let inner) = items[0].content
        else {
            Issue.record("unexpected tree \(render(root))")
            return
        }
        #expect(entries[0].value.location == TextLocation(file: "t.yml", line: 1, column: 4))
        #expect(inner[0].keyLocation == TextLocation(file: "t.yml", line: 3, column: 6))
        #expect(inner[0].value.location == TextLocation(file: "t.yml", line: 3, column: 14))
        #expect(inner[1].keyLocation == TextLocation(file: "t.yml", line: 3, column: 19))
    }

    @Test func onlyPlainScalarsAreNull() throws {
        let root = try #require(parse("[~, null, '', 'null', !!str null, 0, !!null ~]").root)
        guard case .sequence(let items) = root.content else {
            Issue.record("no sequence")
            return
        }
        #expect(items.map(\.isNull) == [true, true, false, false, false, false, true])
        #expect(items[4].tag == "tag:yaml.org,2002:str")
    }

    @Test(arguments: [
        (
            "a: 1\nb: 2\na: 3\nb: 4\n",
            [
                "t.yml:3:1: the key `a` occurs twice in one mapping",
                "t.yml:4:1: the key `b` occurs twice in one mapping",
            ]
        ),
        (
            "a: !!python/object {b: !mine 1, c: ! 2}\n",
            [
                "t.yml:1:4: the tag `!!python/object` means nothing here",
                "t.yml:1:24: the tag `!mine` means nothing here",
            ]
        ),
        (
            "- !!seq {a: !!float 1}\n- !!map [!!int 1]\n- !!str [!!bool yes]\n",
            [
                "t.yml:1:3: the tag `!!seq` means nothing here",
                "t.yml:2:3: the tag `!!map` means nothing here",
                "t.yml:3:3: the tag `!!str` means nothing here",
            ]
        ),
        ("a: 1\n---\nb: 2\n", ["t.yml:2:1: a second document begins here"]),
        ("a:\n\tb: 1\n", ["t.yml:2:1: a tab stands where YAML allows only spaces"]),
        ("a: 'open\nb: 2\n", ["t.yml:1:4: the quote that opens here is never closed"]),
        ("a: b: c\n", ["t.yml:1:5: mapping values are not allowed in this context"]),
        (
            "a: [1, 2\nb: 3\n",
            [
                "t.yml:2:2: did not find expected ',' or ']' while parsing a flow sequence that begins at line 1, column 4"
            ]
        ),
        ("a: *x\n", ["t.yml:1:4: `*x` refers to an anchor that is not complete before it"]),
        ("a: &x [*x]\n", ["t.yml:1:8: `*x` refers to an anchor that is not complete before it"]),
        ("[a]: b\n", ["t.yml:1:1: a list or a mapping stands where a key belongs"]),
        ("a: &x {k: v}\nb:\n  <<: *x\n", ["t.yml:3:3: merge keys (`<<`) are not supported"]),
        ("a: x\u{7}\n", ["t.yml:1:5: the control character U+0007 is not allowed"]),
        ("a: x\nb: \u{0}\n", ["t.yml:2:4: the control character U+0000 is not allowed"]),
    ])
    func mistakesAreNamedAtTheirPlace(text: String, expected: [String]) {
        #expect(outcome(parse(text)) == expected)
    }

    @Test func invalidUTF8IsNamedAtItsPlace() {
        let document = YAMLDocument(Array("ä: 1\nü: ".utf8) + [0xFF, 0x0A], file: "t.yml")
        #expect(outcome(document) == ["t.yml:2:4: the text is not UTF-8 here"])
        #expect(document.root == nil)
    }

    @Test func laughsDoNotMultiplyWithoutEnd() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(
            outcome(parse(text)) == ["t.yml:5:45: the text has more than 100000 values when its aliases are expanded"])
    }

    @Test func nodesAreCountedOnce() {
        // The mapping, its key, the list and three items.
        #expect(parse("a: [b, c, d]", limits: YAMLLimits(nodes: 6)).problems.isEmpty)
        #expect(!parse("a: [b, c, d]", limits: YAMLLimits(nodes: 5)).problems.isEmpty)
    }

    @Test func depthIsLimitedAlsoThroughAliases() {
        let limits = YAMLLimits(depth: 3)
        #expect(parse("[[[x]]]", limits: limits).problems.isEmpty)
        #expect(outcome(parse("[[[[x]]]]", limits: limits)).first?.hasPrefix("t.yml:1:4: lists and mappings") == true)
        #expect(outcome(parse("[&a [[x]], [*a]]", limits: limits)).first?.hasPrefix("t.yml:1:13:") == true)
        #expect(parse(String(repeating: "[", count: 200_000)).problems.count == 1)
    }

    @Test func sizeIsLimited() {
        #expect(outcome(parse("a: 12345", limits: YAMLLimits(size: 7))) == ["t.yml: the file has more than 7 bytes"])
    }
}

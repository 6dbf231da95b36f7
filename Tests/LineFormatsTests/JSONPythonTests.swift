import TestSupport
import Testing

@testable import LineFormats

/// Random documents, whole and damaged, beside Python's json: what is accepted, and which values are at which paths.
@Suite struct JSONPythonTests {
    private static let paths = [
        "a", "a.b", "a.b.c", "level", "x.0", "x.1.a", "a.b.c.level", "é", "\n\"", "0", "longer than eight", "b.a",
    ]

    @Test(.enabled(if: PythonReference.isInstalled, "python3 is not installed"), arguments: 0..<2)
    func agreesWithPythonOnRandomDocuments(part: Int) throws {
        var writer = JSONWriter(random: SeededRandom(seed: 20_261_121 + UInt64(part)))
        let lines = (0..<5_000).map { round in round % 2 == 0 ? writer.document() : writer.damaged(writer.document()) }
        let reader = try JSONFieldReader(paths: Self.paths)
        let table = reader.makeTable()
        let (accepted, found) = try PythonReference.agreement("json_fields", lines, Self.paths, table) {
            line throws(Malformation) in
            try reader.read(line, into: table)
        }
        #expect(accepted > 2_500 && accepted < 4_000, "\(accepted) of \(lines.count) are accepted")
        #expect(found > accepted, "\(found) values")
    }
}

/// Writes JSON in many ways.
private struct JSONWriter {
    var random: SeededRandom

    mutating func document() -> [UInt8] { blanks() + object(depth: 0) + blanks() }

    /// The text with a few bytes changed, so that it may be JSON no more.
    mutating func damaged(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0...Int.random(in: 0...1, using: &random) where !text.isEmpty {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.remove(at: place)
            case 1: text.insert(random.pick(Array("\"\\{}[]:,0-.eE+ tn\u{1}u".utf8)), at: place)
            case 2: text[place] = UInt8.random(in: 0...255, using: &random)
            case 3: text.removeLast(text.count - place)
            default: text.insert(contentsOf: random.pick(Self.snippets), at: place)
            }
        }
        return text
    }

    private static let snippets = [
        "NaN", "-Infinity", "-NaN", "Infinit", "null", "1e", "\\u", "\\ud83d", "{}", "[]", "\"\"", "\\", "01", "\t",
        "//", "\u{A0}",
        "True",
    ].map { Array($0.utf8) }

    private mutating func blanks() -> [UInt8] {
        random.isTrue(oneIn: 4) ? random.pick([" ", "\t", "\r\n", "  "].map { Array($0.utf8) }) : []
    }

    private mutating func value(depth: Int) -> [UInt8] {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &random) {
        case 0: return Array(random.pick(["true", "false", "null"]).utf8)
        case 1, 2: return number()
        case 3, 4, 5: return string()
        case 6, 7: return object(depth: depth + 1)
        default: return array(depth: depth + 1)
        }
    }

    private mutating func object(depth: Int) -> [UInt8] {
        list("{", "}", 5) { writer in
            writer.key() + writer.blanks() + [UInt8(ascii: ":")] + writer.blanks() + writer.value(depth: depth)
        }
    }

    private mutating func array(depth: Int) -> [UInt8] { list("[", "]", 3) { $0.value(depth: depth) } }

    private mutating func list(
        _ open: String, _ close: String, _ limit: Int, _ item: (inout JSONWriter) -> [UInt8]
    ) -> [UInt8] {
        var text = Array(open.utf8) + blanks()
        for index in 0..<Int.random(in: 0...limit, using: &random) {
            if index > 0 { text += [UInt8(ascii: ",")] + blanks() }
            text += item(&self) + blanks()
        }
        return text + Array(close.utf8)
    }

    private mutating func key() -> [UInt8] {
        let key = random.pick([
            "a", "b", "c", "a.b", "b.c", "x", "level", #"le\u0076el"#, "0", "é", #"\u00e9"#, #"\n\""#, "a.b.c",
            "longer than eight", "longer than eigh", "",
        ])
        return Array("\"\(key)\"".utf8)
    }

    private mutating func number() -> [UInt8] {
        if random.isTrue(oneIn: 10) { return Array(random.pick(["NaN", "Infinity", "-Infinity"]).utf8) }
        let integer = random.pick(["0", "-0", "7", "-12", "1234567890123456789012"])
        let fraction = random.pick(["", "", ".0", ".125"])
        let exponent = random.pick(["", "", "", "e5", "E-3", "e+07"])
        return Array((integer + fraction + exponent).utf8)
    }

    private mutating func string() -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "\"")]
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            text += random.pick(Self.pieces)
            if random.isTrue(oneIn: 30) { text.append(UInt8.random(in: 0x80...0xFF, using: &random)) }
        }
        return text + [UInt8(ascii: "\"")]
    }

    private static let pieces = [
        "x", "some words", "\\n", "\\\\", "\\\"", "\\/", "\\u0041", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\ud83d",
        "\\ude00", "é€😀", "\u{7F}", "{[a:1]}", "a longer run of characters, without any escapes", "\\b\\f\\r\\t",
    ].map { Array($0.utf8) }
}

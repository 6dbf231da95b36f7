import TestSupport
import Testing

@testable import LogPipeline

@Suite struct EscapeSequencesTests {
    private func strip(_ text: [UInt8]) -> [UInt8] {
        var stripped: ContiguousArray<UInt8> = []
        text.withUnsafeBytes { EscapeSequences.strip($0, into: &stripped) }
        return Array(stripped)
    }

    private func strip(_ text: String) -> String { String(decoding: strip(Array(text.utf8)), as: UTF8.self) }

    @Test(arguments: [
        ("plain [31m text", "plain [31m text"), ("", ""), ("\u{1B}[31mred\u{1B}[0m", "red"),
        ("\u{1B}[1;38;5;208mINFO\u{1B}[m done", "INFO done"), ("\u{1B}[38:2::1:2:3mx", "x"),
        ("\u{1B}[?25lx\u{1B}[?25h", "x"),
        ("\u{1B}[2K\u{1B}[1Gx", "x"), ("\u{1B}[0 qx", "x"), ("a\u{1B}[>4;2mb\u{1B}[!pc", "abc"),
        ("é\u{1B}[1m€\u{1B}[22m😀", "é€😀"),
        ("\u{1B}]0;title\u{7}x", "x"), ("\u{1B}]8;;http://h/\u{1B}\\link\u{1B}]8;;\u{1B}\\.", "link."),
        ("\u{1B}]0;title\u{1B}[1mx", "x"), ("\u{1B}P1$r0m\u{1B}\\x", "x"),
        ("\u{1B}_a\u{1B}\\\u{1B}^b\u{1B}\\\u{1B}Xc\u{1B}\\x", "x"),
        ("\u{1B}7x\u{1B}8", "x"), ("\u{1B}cx\u{1B}=\u{1B}>", "x"), ("\u{1B}(Bx\u{1B})0", "x"), ("\u{1B}#8x", "x"),
        ("\u{1B}\u{1B}[1mx", "x"),
        // Not whole, or not sequences at all.
        ("x\u{1B}", "x"), ("x\u{1B}[", "x"), ("x\u{1B}[1;3", "x"), ("\u{1B}[1é", "é"), ("\u{1B}[1\u{1}m", "\u{1}m"),
        ("\u{1B}]open until the end", "open until the end"), ("\u{1B}é", "é"), ("\u{1B} ", ""),
        ("\u{1B}[31\u{1B}[32mx", "x"),
        ("\u{9B}31mx", "\u{9B}31mx"),
    ])
    func sequencesAreTakenAway(text: String, expected: String) { #expect(strip(text) == expected) }

    @Test func anEscapeIsFoundAtEveryPlace() {
        for length in 0..<24 {
            for place in 0..<length {
                var text = Array(repeating: UInt8(ascii: "x"), count: length)
                #expect(!text.withUnsafeBytes { EscapeSequences.areIn($0) })
                text[place] = 0x1B
                #expect(text.withUnsafeBytes { EscapeSequences.areIn($0) })
            }
        }
    }

    @Test func whatIsLeftHasNoSequencesAndNothingNew() {
        var random = SeededRandom(seed: 11)
        let bytes = Array("\u{1B}\u{1B}[]P\\\u{7}m1;( x\u{1}é".utf8)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                bytes[Int.random(in: bytes.indices, using: &random)]
            }
            let stripped = strip(text)
            #expect(!stripped.contains(0x1B))
            #expect(strip(stripped) == stripped)
            var rest = text[...]
            for byte in stripped {
                guard let found = rest.firstIndex(of: byte) else {
                    Issue.record("\(stripped) is not in \(text)")
                    break
                }
                rest = rest[(found + 1)...]
            }
        }
    }
}

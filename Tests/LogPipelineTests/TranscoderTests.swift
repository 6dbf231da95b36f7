import Foundation
import TestSupport
import Testing

@testable import LogPipeline

@Suite struct TranscoderTests {
    /// Text transcoded in blocks of the given sizes, over and over.
    private func transcode(
        _ source: [UInt8], _ encoding: TextEncoding, blocks: [Int], at offset: UInt64 = 0
    ) -> (text: TranscodedText, transcoder: Transcoder) {
        var transcoder = Transcoder(from: encoding, at: offset)
        var text = TranscodedText()
        var (rest, turn) = (source[...], 0)
        while !rest.isEmpty {
            let block = Array(rest.prefix(blocks[turn % blocks.count]))
            block.withUnsafeBytes { transcoder.transcode($0, into: &text) }
            (rest, turn) = (rest.dropFirst(block.count), turn + 1)
            // What is pending is neither lost nor twice there.
            #expect(transcoder.pendingByteCount <= 3)
        }
        #expect(transcoder.sourceOffset == offset + UInt64(source.count))
        transcoder.finish(into: &text)
        #expect(transcoder.pendingByteCount == 0)
        return (text, transcoder)
    }

    private func utf16(_ units: [UInt16], _ encoding: TextEncoding) -> [UInt8] {
        units.flatMap { unit in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return encoding == .utf16BigEndian ? bytes : bytes.reversed()
        }
    }

    private static let blocks = [[1], [2], [3], [1, 4], [7, 2], [8], [4096]]
    private static let sample =
        "plain ASCII, a line\r\nGrüße, €, 😀\n\u{0A0A}\u{0A00}\u{100A}\n\nlast one, longer than a word"

    @Test(arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian], blocks)
    func utf16BecomesUTF8HoweverItIsCut(encoding: TextEncoding, blocks: [Int]) {
        let (text, transcoder) = transcode(utf16(Array(Self.sample.utf16), encoding), encoding, blocks: blocks)
        #expect(String(decoding: text.bytes, as: UTF8.self) == Self.sample)
        #expect(transcoder.replacementCount == 0)
    }

    @Test(arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian], blocks)
    func lineEndsKnowTheirPlaceInTheSource(encoding: TextEncoding, blocks: [Int]) {
        let source = utf16(Array(Self.sample.utf16), encoding)
        let (text, _) = transcode(source, encoding, blocks: blocks, at: 1002)
        var raw: ContiguousArray<UInt32> = []
        source.withUnsafeBytes { appendUTF16LineEnds(of: $0, encoding, to: &raw) }
        #expect(raw.count == 4)
        #expect(text.lineEnds.map(\.source) == raw.map { 1002 + UInt64($0) })
        #expect(
            text.lineEnds.map(\.text)
                == text.bytes.indices.filter { text.bytes[$0] == 0x0A }.map { $0 + 1 })
        // A line of its own says the same.
        let firstLine = transcode(Array(source[..<Int(raw[0])]), encoding, blocks: [4096]).text
        #expect(firstLine.bytes == ContiguousArray(text.bytes[..<text.lineEnds[0].text]))
    }

    @Test(
        arguments: [
            ([0xD83D, 0x41], "\u{FFFD}A", 1), ([0xDE00, 0x41], "\u{FFFD}A", 1),
            ([0xD83D, 0xD83D, 0xDE00], "\u{FFFD}😀", 1),
            ([0x41, 0xD83D], "A\u{FFFD}", 1), ([0xDE00, 0xD83D], "\u{FFFD}\u{FFFD}", 2),
            ([0xD83D, 0x0A], "\u{FFFD}\n", 1),
            ([0xD7FF, 0xE000, 0xFFFD, 0x0000], "\u{D7FF}\u{E000}\u{FFFD}\0", 0), ([0xDBFF, 0xDFFF], "\u{10FFFF}", 0),
        ] as [([UInt16], String, UInt64)], blocks)
    func surrogatesThatAreNoPairAreReplacedAndCounted(input: ([UInt16], String, UInt64), blocks: [Int]) {
        for encoding in [TextEncoding.utf16LittleEndian, .utf16BigEndian] {
            let (text, transcoder) = transcode(utf16(input.0, encoding), encoding, blocks: blocks)
            #expect(Array(text.bytes) == Array(input.1.utf8))
            #expect(transcoder.replacementCount == input.2)
        }
    }

    @Test func halfAUnitAtTheEndIsReplaced() {
        let (text, transcoder) = transcode([0x41, 0x00, 0x3D, 0xD8, 0x42], .utf16LittleEndian, blocks: [2])
        #expect(String(decoding: text.bytes, as: UTF8.self) == "A\u{FFFD}\u{FFFD}")
        #expect(transcoder.replacementCount == 2)
    }

    @Test(arguments: blocks)
    func latin1BecomesUTF8(blocks: [Int]) {
        let source = (0...255).map(UInt8.init) + Array("plain\n".utf8) + (0...255).reversed().map(UInt8.init)
        let (text, _) = transcode(source, .latin1, blocks: blocks, at: 7)
        #expect(Array(text.bytes) == source.flatMap { Array(String(Unicode.Scalar($0)).utf8) })
        let ends = source.indices.filter { source[$0] == 0x0A }
        #expect(text.lineEnds.map(\.source) == ends.map { UInt64($0 + 8) })
        #expect(text.lineEnds.allSatisfy { text.bytes[$0.text - 1] == 0x0A })
    }

    @Test(arguments: blocks)
    func utf8PassesAsItIs(blocks: [Int]) {
        let source: [UInt8] = Array(Self.sample.utf8) + [0xFF, 0x0A, 0xC3]
        let (text, _) = transcode(source, .utf8, blocks: blocks)
        #expect(Array(text.bytes) == source)
        #expect(text.lineEnds.map { UInt64($0.text) } == text.lineEnds.map(\.source))
        #expect(text.lineEnds.count == source.count { $0 == 0x0A })
    }

    @Test func agreesWithFoundationOnRandomUnits() {
        var random = SeededRandom(seed: 16)
        for round in 0..<4_000 {
            let units = (0..<Int.random(in: 0...40, using: &random)).map { _ -> UInt16 in
                switch Int.random(in: 0..<6, using: &random) {
                case 0: UInt16.random(in: 0xD800...0xDFFF, using: &random)
                case 1: UInt16.random(in: 0...0xFFFF, using: &random)
                case 2: 0x0A
                default: UInt16.random(in: 0x20...0x7E, using: &random)
                }
            }
            let encoding = round % 2 == 0 ? TextEncoding.utf16LittleEndian : .utf16BigEndian
            let (text, _) = transcode(utf16(units, encoding), encoding, blocks: [Int.random(in: 1...9, using: &random)])
            #expect(String(decoding: text.bytes, as: UTF8.self) == String(decoding: units, as: UTF16.self))
            var raw: ContiguousArray<UInt32> = []
            utf16(units, encoding).withUnsafeBytes { appendUTF16LineEnds(of: $0, encoding, to: &raw) }
            #expect(raw.map(Int.init) == units.indices.filter { units[$0] == 0x0A }.map { $0 * 2 + 2 })
            #expect(text.lineEnds.map { Int($0.source) } == raw.map(Int.init))
        }
    }

    @Test func forgottenTextLeavesNothing() {
        var (text, _) = transcode(Array("a\nb".utf8), .utf8, blocks: [8])
        text.removeAll()
        #expect(text.bytes.isEmpty && text.lineEnds.isEmpty)
    }
}

@Suite struct ByteOrderMarkTests {
    @Test(
        arguments: [
            ([0xEF, 0xBB, 0xBF, 0x41], .found(.utf8, length: 3)),
            ([0xFF, 0xFE], .found(.utf16LittleEndian, length: 2)),
            ([0xFE, 0xFF, 0x00], .found(.utf16BigEndian, length: 2)), ([], .undecided), ([0xEF], .undecided),
            ([0xEF, 0xBB], .undecided), ([0xFF], .undecided), ([0xFE], .undecided), ([0xEF, 0x41], .none),
            ([0x41], .none),
            ([0xEF, 0xBB, 0x41], .none), ([0xFF, 0x41], .none), ([0xBB, 0xBF], .none),
        ] as [([UInt8], ByteOrderMark)])
    func marksAreFoundAtTheBeginning(head: [UInt8], mark: ByteOrderMark) {
        for encoding in [TextEncoding.utf8, .utf16LittleEndian, .utf16BigEndian] {
            #expect(ByteOrderMark(inHead: head, of: encoding) == mark)
        }
        #expect(ByteOrderMark(inHead: head, of: .latin1) == .none)
    }
}

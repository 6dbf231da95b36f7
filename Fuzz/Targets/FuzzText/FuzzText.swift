import FuzzDriver
import LogPipeline

/// Terminal sequences and encodings. The first byte of an input says how the rest is cut.
@main enum FuzzText {
    static func main() {
        fuzz { input in
            guard let first = input.first else { return }
            let text = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            checkStripping(text)
            for encoding in TextEncoding.allCases { checkTranscoding(text, encoding, cut: Int(first)) }
        }
    }

    private static func strip(_ text: UnsafeRawBufferPointer) -> ContiguousArray<UInt8> {
        var stripped: ContiguousArray<UInt8> = []
        EscapeSequences.strip(text, into: &stripped)
        return stripped
    }

    private static func checkStripping(_ text: UnsafeRawBufferPointer) {
        let stripped = strip(text)
        check(!stripped.contains(0x1B), "no sequence is left")
        check(EscapeSequences.areIn(text) == text.contains(0x1B), "sequences are found")
        if !text.contains(0x1B) { check(stripped.elementsEqual(text), "other text stays") }
        var place = 0
        for byte in stripped {
            while place < text.count, text[place] != byte { place += 1 }
            check(place < text.count, "nothing is made up")
            place += 1
        }
    }

    private static func checkTranscoding(_ source: UnsafeRawBufferPointer, _ encoding: TextEncoding, cut: Int) {
        var (whole, text) = (Transcoder(from: encoding), TranscodedText())
        whole.transcode(source, into: &text)
        whole.finish(into: &text)
        check(text.bytes.elementsEqual(simple(source, encoding)), "\(encoding) is as the standard library has it")
        let ends = text.bytes.indices.filter { text.bytes[$0] == 0x0A }.map { $0 + 1 }
        check(text.lineEnds.map(\.text) == ends, "all line ends are known")
        check(text.lineEnds.allSatisfy { $0.source <= source.count }, "places are in the source")
        if encoding.unitLength == 2 {
            var raw: ContiguousArray<UInt32> = []
            appendUTF16LineEnds(of: source, encoding, to: &raw)
            check(text.lineEnds.map(\.source) == raw.map(UInt64.init), "line ends lie where they are in the source")
        }

        var (parts, joined) = (Transcoder(from: encoding), TranscodedText())
        var rest = source[...]
        while !rest.isEmpty {
            let block = rest.prefix(1 + cut % 16)
            parts.transcode(UnsafeRawBufferPointer(rebasing: block), into: &joined)
            rest = rest.dropFirst(block.count)
        }
        parts.finish(into: &joined)
        check(joined.bytes == text.bytes && joined.lineEnds == text.lineEnds, "cuts do not matter")
        check(parts.replacementCount == whole.replacementCount, "replacements are counted alike")
    }

    /// The text by other means.
    private static func simple(_ source: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: return Array(source)
        case .latin1: return source.flatMap { Array(String(Unicode.Scalar($0)).utf8) }
        case .utf16BigEndian, .utf16LittleEndian:
            let (high, low) = encoding == .utf16BigEndian ? (0, 1) : (1, 0)
            let units = stride(from: 0, to: source.count - 1, by: 2).map {
                UInt16(source[$0 + high]) << 8 | UInt16(source[$0 + low])
            }
            let odd = source.count % 2 == 1 ? "\u{FFFD}" : ""
            return Array((String(decoding: units, as: UTF16.self) + odd).utf8)
        }
    }
}

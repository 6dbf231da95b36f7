import LogModel
import PatternMatching

/// The groups of the first pattern's match in one line; nil when it does not match.
func found(_ matcher: PatternSetMatcher, _ line: String) -> [Range<Int>?]? { found(matcher, Array(line.utf8)) }

func found(_ matcher: PatternSetMatcher, _ line: [UInt8]) -> [Range<Int>?]? {
    line.withUnsafeBytes { bytes in
        guard case .matched(let match) = matcher.match(0, line: bytes) else { return nil }
        return (0...matcher.patterns[0].captureCount).map { match.capture($0) }
    }
}

/// A match in a batch, as text.
struct FoundMatch: Equatable {
    var pattern: Int
    var line: Int
    var text: String
    init(_ pattern: Int, _ line: Int, _ text: String) {
        self.pattern = pattern
        self.line = line
        self.text = text
    }
}

/// Lends a batch of `text`, which has its line ends, to `body`.
func withBatch<Result>(_ text: [UInt8], source: Int = 0, _ body: (LineBatch) -> Result) -> Result {
    var ends: [UInt32] = []
    for (offset, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { ends.append(UInt32(offset + 1)) }
    if let last = text.last, last != UInt8(ascii: "\n") { ends.append(UInt32(text.count)) }
    return text.withUnsafeBytes { bytes in
        ends.withUnsafeBufferPointer { ends in
            body(LineBatch(bytes: bytes, lineEnds: ends, stream: StreamID(1), source: source, offset: 0))
        }
    }
}

/// All matches of a batch, with the text of `group`.
func scan(_ matcher: PatternSetMatcher, _ text: String, selecting: [Int]? = nil, group: Int = 0) -> [FoundMatch] {
    let selection = matcher.selection(of: selecting ?? Array(matcher.patterns.indices))
    return withBatch(Array(text.utf8)) { batch in
        var matches: [FoundMatch] = []
        matcher.forEachMatch(in: batch, of: selection) { match in
            let bytes = match.capture(group).map { batch.bytes[$0] }
            matches.append(
                FoundMatch(match.pattern, match.line, bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-"))
        }
        return matches
    }
}

import LineFormats

/// The sequences by which programs colour what they write to a terminal (ECMA-48, and xterm's titles and links).
///
/// SAFETY: text is read within its bounds, and no pointer is kept.
public enum EscapeSequences {
    private static let escape: UInt8 = 0x1B
    private static let bell: UInt8 = 0x07

    /// Whether the text has the character with which every sequence begins. Text without it need not be stripped.
    public static func areIn(_ text: UnsafeRawBufferPointer) -> Bool {
        firstIndex(of: escape, in: text, from: 0) < text.count
    }

    /// Appends the text without its sequences to `stripped`.
    ///
    /// These are: control sequences (`ESC [` with parameters up to their final byte), control strings (`ESC ]`, `P`, `X`, `^`
    /// or `_` up to BEL or `ESC \`, or another sequence), and all others of ESC, bytes from 0x20 to 0x2F, and one more. What
    /// cannot be part of a sequence ends it and is kept, and a control string without an end is kept but for its introducer:
    /// of a log rather too much than too little is left. The eight-bit forms are not looked for, since they are parts of
    /// characters in UTF-8.
    public static func strip(_ text: UnsafeRawBufferPointer, into stripped: inout ContiguousArray<UInt8>) {
        var offset = 0
        while offset < text.count {
            let start = firstIndex(of: escape, in: text, from: offset)
            if start > offset { stripped.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[offset..<start])) }
            offset = start < text.count ? end(ofSequenceAt: start, text) : start
        }
    }

    /// Where the text goes on behind the sequence whose ESC is at `start`.
    private static func end(ofSequenceAt start: Int, _ text: UnsafeRawBufferPointer) -> Int {
        guard start + 1 < text.count else { return text.count }
        switch text[start + 1] {
        case UInt8(ascii: "["):
            let intermediates = skip(0x30...0x3F, text, start + 2)
            return skipOne(0x40...0x7E, text, skip(0x20...0x2F, text, intermediates))
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            return end(ofStringAt: start + 2, text)
        default:
            return skipOne(0x30...0x7E, text, skip(0x20...0x2F, text, start + 1))
        }
    }

    private static func end(ofStringAt start: Int, _ text: UnsafeRawBufferPointer) -> Int {
        var offset = start
        while offset < text.count, text[offset] != bell, text[offset] != escape { offset += 1 }
        guard offset < text.count else { return start }
        if text[offset] == bell { return offset + 1 }
        let isEnded = offset + 1 < text.count && text[offset + 1] == UInt8(ascii: "\\")
        return isEnded ? offset + 2 : offset
    }

    @inline(__always)
    private static func skip(_ bytes: ClosedRange<UInt8>, _ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var offset = start
        while offset < text.count, bytes.contains(text[offset]) { offset += 1 }
        return offset
    }

    @inline(__always)
    private static func skipOne(_ bytes: ClosedRange<UInt8>, _ text: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        offset < text.count && bytes.contains(text[offset]) ? offset + 1 : offset
    }
}

import LineFormats

/// Writes text of another encoding as UTF-8, a block at a time.
///
/// What a block leaves incomplete, half a unit of UTF-16 or half a pair of surrogates, is kept for the next. Surrogates that are
/// no pair become U+FFFD and are counted. Text that is UTF-8 already passes as it is. For one line whose bytes lie together, a
/// transcoder of its own does as well.
///
/// SAFETY: blocks are read within their bounds and only during the call.
public struct Transcoder: Sendable {
    /// How the source is written.
    public let encoding: TextEncoding
    /// How many characters were none and are U+FFFD in the text.
    public private(set) var replacementCount: UInt64 = 0
    /// The offset in the source behind the last block.
    public private(set) var sourceOffset: UInt64
    /// The first byte of a unit of UTF-16.
    private var halfUnit: UInt8?
    /// The first half of a pair.
    private var highSurrogate: UInt16?

    /// A transcoder of a source from `offset` on, which is where a character begins, behind a byte order mark if there is one.
    public init(from encoding: TextEncoding, at offset: UInt64 = 0) {
        self.encoding = encoding
        sourceOffset = offset
    }

    /// How many bytes of the source, the last ones, are not in the text yet.
    public var pendingByteCount: Int { (halfUnit == nil ? 0 : 1) + (highSurrogate == nil ? 0 : 2) }

    /// Appends the text of the source's next block.
    public mutating func transcode(_ block: UnsafeRawBufferPointer, into text: inout TranscodedText) {
        switch encoding {
        case .utf8:
            appendLineEnds(of: block, at: 0, to: &text)
            text.bytes.append(contentsOf: block)
        case .latin1: transcodeLatin1(block, into: &text)
        case .utf16LittleEndian, .utf16BigEndian: transcodeUTF16(block, into: &text)
        }
        sourceOffset += UInt64(block.count)
    }

    /// Appends what stands for the incomplete rest of a source that has ended: at most two times U+FFFD.
    public mutating func finish(into text: inout TranscodedText) {
        if highSurrogate != nil { appendReplacement(to: &text) }
        if halfUnit != nil { appendReplacement(to: &text) }
        (highSurrogate, halfUnit) = (nil, nil)
    }

    private mutating func appendReplacement(to text: inout TranscodedText) {
        replacementCount += 1
        appendCharacter(0xFFFD, to: &text.bytes)
    }

    // MARK: - One byte, one character

    /// Notes the line ends in bytes that are to be appended as they are, and stand `start` bytes behind the block's beginning.
    private func appendLineEnds(of bytes: UnsafeRawBufferPointer, at start: Int, to text: inout TranscodedText) {
        var offset = firstIndex(of: 0x0A, in: bytes, from: 0)
        while offset < bytes.count {
            offset += 1
            text.lineEnds.append(
                TranscodedText.LineEnd(
                    text: text.bytes.count + offset, source: sourceOffset + UInt64(start + offset)))
            offset = firstIndex(of: 0x0A, in: bytes, from: offset)
        }
    }

    private func transcodeLatin1(_ block: UnsafeRawBufferPointer, into text: inout TranscodedText) {
        var offset = 0
        while offset < block.count {
            let end = endOfASCII(block, offset)
            let run = UnsafeRawBufferPointer(rebasing: block[offset..<end])
            appendLineEnds(of: run, at: offset, to: &text)
            text.bytes.append(contentsOf: run)
            offset = end
            while offset < block.count, block[offset] >= 0x80 {
                text.bytes.append(0xC0 | block[offset] >> 6)
                text.bytes.append(0x80 | block[offset] & 0x3F)
                offset += 1
            }
        }
    }

    private func endOfASCII(_ block: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var offset = start
        while offset + 8 <= block.count,
            block.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            offset += 8
        }
        while offset < block.count, block[offset] < 0x80 { offset += 1 }
        return offset
    }

    // MARK: - UTF-16

    private mutating func transcodeUTF16(_ block: UnsafeRawBufferPointer, into text: inout TranscodedText) {
        let isBigEndian = encoding == .utf16BigEndian
        var offset = 0
        if let first = halfUnit, let second = block.first {
            halfUnit = nil
            let unit = UInt16(first) << 8 | UInt16(second)
            offset = 1
            append(isBigEndian ? unit : unit.byteSwapped, endingAt: offset, to: &text)
        }
        while offset + 2 <= block.count {
            if highSurrogate == nil { offset = appendASCII(block, offset, isBigEndian, to: &text) }
            guard offset + 2 <= block.count else { break }
            let unit = block.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
            offset += 2
            append(isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit), endingAt: offset, to: &text)
        }
        if offset < block.count { halfUnit = block[offset] }
    }

    /// Appends four units at a time while they are ASCII and no line ends; returns where it stopped.
    @inline(__always)
    private func appendASCII(
        _ block: UnsafeRawBufferPointer, _ start: Int, _ isBigEndian: Bool, to text: inout TranscodedText
    ) -> Int {
        var offset = start
        while offset + 8 <= block.count {
            let units = UTF16Word.load(block, offset, isBigEndian: isBigEndian)
            guard units & 0xFF80_FF80_FF80_FF80 == 0, UTF16Word.lineFeeds(units) == 0 else { break }
            let pairs = (units | units >> 8) & 0x0000_FFFF_0000_FFFF
            let four = UInt32(truncatingIfNeeded: pairs | pairs >> 16)
            withUnsafeBytes(of: four.littleEndian) { text.bytes.append(contentsOf: $0) }
            offset += 8
        }
        return offset
    }

    @inline(__always)
    private mutating func append(_ unit: UInt16, endingAt end: Int, to text: inout TranscodedText) {
        if let high = highSurrogate {
            highSurrogate = nil
            if unit & 0xFC00 == 0xDC00 {
                appendCharacter(0x10000 + UInt32(high & 0x3FF) << 10 + UInt32(unit & 0x3FF), to: &text.bytes)
                return
            }
            appendReplacement(to: &text)
        }
        if unit & 0xF800 == 0xD800 {
            if unit < 0xDC00 { highSurrogate = unit } else { appendReplacement(to: &text) }
            return
        }
        appendCharacter(UInt32(unit), to: &text.bytes)
        if unit == 0x0A {
            text.lineEnds.append(
                TranscodedText.LineEnd(text: text.bytes.count, source: sourceOffset + UInt64(end)))
        }
    }
}

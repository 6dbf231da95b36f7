/// Appends the text that an escaped string stands for, in JSON or in the quoted values of logfmt, to `text`.
///
/// `string` is what stands between the quotes. Halves of surrogate pairs that stand alone become U+FFFD. What is no escape is
/// appended as it is, which a string that was read as JSON does not have. The text is never longer than the string.
///
/// SAFETY: reads `string` within its bounds and keeps no pointer.
public func appendUnescaped(_ string: UnsafeRawBufferPointer, to text: inout ContiguousArray<UInt8>) {
    var offset = 0
    while offset < string.count {
        let backslash = firstIndex(of: UInt8(ascii: "\\"), in: string, from: offset)
        if backslash > offset { text.append(contentsOf: UnsafeRawBufferPointer(rebasing: string[offset..<backslash])) }
        guard backslash < string.count else { return }
        offset = appendEscape(string, backslash, to: &text)
    }
}

/// Appends the meaning of the escape at `start`; returns the offset behind it.
private func appendEscape(_ string: UnsafeRawBufferPointer, _ start: Int, to text: inout ContiguousArray<UInt8>) -> Int
{
    guard start + 1 < string.count else {
        text.append(UInt8(ascii: "\\"))
        return start + 1
    }
    let letter = string[start + 1]
    switch letter {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): text.append(letter)
    case UInt8(ascii: "u"):
        guard let unit = codeUnit(string, start) else { fallthrough }
        return appendCodeUnit(unit, string, start + 6, to: &text)
    default:
        text.append(UInt8(ascii: "\\"))
        text.append(letter)
    }
    return start + 2
}

/// Appends the character of a `\u` escape, with the second half of its pair when that follows at `next`.
private func appendCodeUnit(
    _ unit: UInt32, _ string: UnsafeRawBufferPointer, _ next: Int, to text: inout ContiguousArray<UInt8>
) -> Int {
    guard unit & 0xF800 == 0xD800 else {
        appendCharacter(unit, to: &text)
        return next
    }
    if unit < 0xDC00, let second = codeUnit(string, next), second & 0xFC00 == 0xDC00 {
        appendCharacter(0x10000 + (unit & 0x3FF) << 10 + second & 0x3FF, to: &text)
        return next + 6
    }
    appendCharacter(0xFFFD, to: &text)
    return next
}

/// The four digits of the `\u` escape at `start`, or nil when there is none.
private func codeUnit(_ string: UnsafeRawBufferPointer, _ start: Int) -> UInt32? {
    guard start >= 0, string.count - start >= 6, string[start] == UInt8(ascii: "\\"),
        string[start + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt32 = 0
    for offset in start + 2..<start + 6 {
        guard let digit = hexadecimalValue(string[offset]) else { return nil }
        unit = unit << 4 | UInt32(digit)
    }
    return unit
}

/// What a hexadecimal digit says.
@inline(__always)
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    let digit = byte &- UInt8(ascii: "0")
    if digit < 10 { return digit }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
}

/// Appends a character, which is no surrogate, in UTF-8.
@inline(__always)
public func appendCharacter(_ character: UInt32, to text: inout ContiguousArray<UInt8>) {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: character >> shift) & 0x3F | 0x80 }
    if character < 0x80 {
        text.append(UInt8(truncatingIfNeeded: character))
    } else if character < 0x800 {
        text.append(UInt8(truncatingIfNeeded: character >> 6) | 0xC0)
        text.append(continuation(0))
    } else if character < 0x10000 {
        text.append(UInt8(truncatingIfNeeded: character >> 12) | 0xE0)
        text.append(continuation(6))
        text.append(continuation(0))
    } else {
        text.append(UInt8(truncatingIfNeeded: character >> 18) | 0xF0)
        text.append(continuation(12))
        text.append(continuation(6))
        text.append(continuation(0))
    }
}

/// Where `byte` occurs first in `bytes` from `start` on, or their count.
@inlinable @inline(__always)
public func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return bytes.count }
    var offset = start
    while offset &+ 8 <= bytes.count {
        let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let marks = ByteWord.highBits & ByteWord.equal(word, byte)
        if marks != 0 { return offset &+ ByteWord.first(marks) }
        offset &+= 8
    }
    while offset < bytes.count, bytes[offset] != byte { offset &+= 1 }
    return offset
}

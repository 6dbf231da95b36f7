/// Whether `text` is a time as RFC 3339 has it, with any number of digits behind the seconds: `2016-10-06T00:17:09.669794202Z`.
///
/// It tells times from other text; whether the month has so many days is not looked at.
///
/// SAFETY: reads `text` within its bounds.
func isInternetTime(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
        text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), isPair(text, 0, upTo: 99),
        isPair(text, 2, upTo: 99), isPair(text, 5, upTo: 12), isPair(text, 8, upTo: 31), isPair(text, 11, upTo: 23),
        isPair(text, 14, upTo: 59), isPair(text, 17, upTo: 60)
    else { return false }
    var offset = 19
    if text[offset] == UInt8(ascii: ".") {
        offset += 1
        while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
        guard offset > 20 else { return false }
    }
    guard offset < text.count else { return false }
    switch text[offset] {
    case UInt8(ascii: "Z"): return text.count == offset + 1
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
        return text.count == offset + 6 && isPair(text, offset + 1, upTo: 23) && text[offset + 3] == UInt8(ascii: ":")
            && isPair(text, offset + 4, upTo: 59)
    default: return false
    }
}

/// Whether two digits stand at `offset` that say `maximum` at most.
@inline(__always)
private func isPair(_ text: UnsafeRawBufferPointer, _ offset: Int, upTo maximum: UInt8) -> Bool {
    let (tens, ones) = (text[offset] &- UInt8(ascii: "0"), text[offset + 1] &- UInt8(ascii: "0"))
    return tens < 10 && ones < 10 && tens * 10 + ones <= maximum
}

/// The most bytes of a capture that become a label's value.
let maximumLabelValueLength = 1024

/// How many bytes of `range` become a label's value: all, or as many whole characters as fit into the limit.
///
/// SAFETY: reads `bytes` within `range` only.
@inline(__always)
func lengthOfLabelValue(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> Int {
    guard range.count > maximumLabelValueLength else { return range.count }
    return lengthOfCutLabelValue(bytes, in: range)
}

@inline(never)
private func lengthOfCutLabelValue(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> Int {
    // A character of UTF-8 has at most three continuation bytes; more of them in a row are no text, and cut anywhere.
    for length in stride(from: maximumLabelValueLength, to: maximumLabelValueLength - 4, by: -1)
    where bytes[range.lowerBound + length] & 0xC0 != 0x80 {
        return length
    }
    return maximumLabelValueLength
}

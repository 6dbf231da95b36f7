/// The most bytes of a label's value that the configuration gives.
let maximumConstantLength = 1024

/// How many bytes of `range` become a label's value: as many whole characters as fit into `limit`, which is less than its
/// length.
///
/// SAFETY: reads `bytes` within `range` only.
@inline(never)
func lengthOfCutLabelValue(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, limit: Int) -> Int {
    precondition(limit < range.count && limit > 3, "BUG: a label's value is cut that fits")
    // A character of UTF-8 has at most three continuation bytes; more of them in a row are no text, and cut anywhere.
    for length in stride(from: limit, to: limit - 4, by: -1) where bytes[range.lowerBound + length] & 0xC0 != 0x80 {
        return length
    }
    return limit
}

/// As many whole characters of a text as fit into `limit` bytes.
func labelValue(_ text: String, limit: Int) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > limit else { return bytes }
    return Array(bytes[..<bytes.withUnsafeBytes { lengthOfCutLabelValue($0, in: 0..<bytes.count, limit: limit) }])
}

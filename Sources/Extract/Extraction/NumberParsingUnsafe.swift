/// What a text says when it is read as a number.
enum ParsedNumber: Equatable {
    case finite(Double)
    case notANumber
    case nan
    case infinite
}

/// Powers of ten that a Double holds exactly.
private let exactPowersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// Reads a decimal number, correctly rounded: sign, digits with a point, exponent; blanks around it are ignored.
///
/// `nan`, `inf` and `infinity` are recognised in any case, and so is what overflows to infinity. Hexadecimal notation is not
/// a number. Nothing is allocated for numbers of up to 15 digits that have a small exponent.
///
/// SAFETY: reads `text` within its bounds only and keeps no pointer.
func parseNumber(_ text: UnsafeRawBufferPointer) -> ParsedNumber {
    var end = text.count
    var index = 0
    while index < end, isBlank(text[index]) { index += 1 }
    while end > index, isBlank(text[end - 1]) { end -= 1 }
    let start = index
    var isNegative = false
    if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        isNegative = text[index] == UInt8(ascii: "-")
        index += 1
    }

    var mantissa: UInt64 = 0
    var exponent = 0
    var significantDigits = 0
    var hasDigits = false
    var hasPoint = false
    while index < end {
        let digit = text[index] &- UInt8(ascii: "0")
        if digit < 10 {
            hasDigits = true
            // 19 digits fit; more are left to the slow path.
            if significantDigits < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
            if mantissa != 0 { significantDigits &+= 1 }
            if hasPoint { exponent &-= 1 }
        } else if text[index] == UInt8(ascii: "."), !hasPoint {
            hasPoint = true
        } else {
            break
        }
        index += 1
    }
    guard hasDigits else { return parseWord(UnsafeRawBufferPointer(rebasing: text[index..<end]), hasPoint: hasPoint) }

    if index < end {
        guard text[index] | 0x20 == UInt8(ascii: "e"), let written = parseExponent(text, from: index + 1, to: end)
        else {
            return .notANumber
        }
        exponent += written
    }
    if mantissa == 0 { return .finite(isNegative ? -0.0 : 0.0) }
    // Both operands are exact, so the one rounding of IEEE 754 is the right one (Clinger 1990).
    if significantDigits <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
        let magnitude = Double(mantissa)
        let value = exponent < 0 ? magnitude / exactPowersOfTen[-exponent] : magnitude * exactPowersOfTen[exponent]
        return .finite(isNegative ? -value : value)
    }
    return parseSlowly(UnsafeRawBufferPointer(rebasing: text[start..<end]))
}

@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// The exponent behind `e`; nil when it is none. Absurd ones are clamped, far outside of what a Double can hold.
private func parseExponent(_ text: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
    var index = start
    var isNegative = false
    if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        isNegative = text[index] == UInt8(ascii: "-")
        index += 1
    }
    guard index < end else { return nil }
    var exponent = 0
    while index < end {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        exponent = min(exponent * 10 + Int(digit), 1_000_000)
        index += 1
    }
    return isNegative ? -exponent : exponent
}

private func parseWord(_ text: UnsafeRawBufferPointer, hasPoint: Bool) -> ParsedNumber {
    func isWord(_ word: StaticString) -> Bool {
        guard !hasPoint, text.count == word.utf8CodeUnitCount else { return false }
        return (0..<text.count).allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
    }
    if isWord("nan") { return .nan }
    if isWord("inf") || isWord("infinity") { return .infinite }
    return .notANumber
}

/// The standard library's correctly rounded conversion, for text whose grammar is already known to be right.
@inline(never)
private func parseSlowly(_ text: UnsafeRawBufferPointer) -> ParsedNumber {
    guard let value = Double(String(decoding: text, as: UTF8.self)) else { return .notANumber }
    return value.isFinite ? .finite(value) : .infinite
}

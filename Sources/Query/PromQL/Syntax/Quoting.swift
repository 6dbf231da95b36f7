public import QueryModel

/// `text` in double quotes as Go's `%q` writes it: printable characters as they are, everything else escaped.
public func quoted(_ text: ByteString) -> String {
    var result = "\""
    var rest = text.bytes[...]
    while let first = rest.first {
        if let escape = shortEscapes[first] {
            result += escape
            rest = rest.dropFirst()
            continue
        }
        guard let (scalar, length) = firstScalar(of: rest) else {
            result += "\\x" + hexadecimal(UInt32(first), digits: 2)
            rest = rest.dropFirst()
            continue
        }
        if isPrintable(scalar) {
            result.unicodeScalars.append(scalar)
        } else if scalar.value < 0x80 {
            result += "\\x" + hexadecimal(scalar.value, digits: 2)
        } else if scalar.value < 0x10000 {
            result += "\\u" + hexadecimal(scalar.value, digits: 4)
        } else {
            result += "\\U" + hexadecimal(scalar.value, digits: 8)
        }
        rest = rest.dropFirst(length)
    }
    return result + "\""
}

/// As above, for the UTF-8 of a string.
public func quoted(_ text: String) -> String { quoted(ByteString(text)) }

private let shortEscapes: [UInt8: String] = [
    7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: "\\\"", 92: "\\\\",
]

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// The first character of UTF-8 with its number of bytes; nil where the bytes are none.
func firstScalar(of bytes: ArraySlice<UInt8>) -> (scalar: Unicode.Scalar, length: Int)? {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return (scalar, UTF8.width(scalar))
}

/// Whether Go prints the character as it is (unicode.IsPrint, with the space as the only separator).
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator:
        return false
    default: return true
    }
}

/// Carries names that are not UTF-8 through `String` and back without loss.
///
/// A name on Linux is any bytes but `/` and NUL. A byte that is not part of valid UTF-8 becomes the private-use character
/// U+10FF80 + (byte - 0x80), and on its way back to the kernel that character becomes the byte again. A name that really
/// holds one of these characters (its UTF-8 begins with F4 8F BE or F4 8F BF) is carried byte by byte too, so every name has
/// exactly one form.
enum PathBytes {
    /// The string that stands for a name from the kernel.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0xF4) { return text }
        var text = String.UnicodeScalarView()
        var rest = bytes[...]
        while let first = rest.first {
            if let scalar = leadingScalar(rest), !isCarrier(scalar) {
                text.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                text.append(carrier(first))
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The bytes for the kernel, without the closing NUL; nil when the path holds a NUL, which no name can.
    static func bytes(_ path: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.utf8.count + 1)
        if path.utf8.contains(0xF4) {
            for scalar in path.unicodeScalars {
                if isCarrier(scalar) {
                    bytes.append(UInt8(scalar.value - 0x10FF80 + 0x80))
                } else {
                    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                }
            }
        } else {
            bytes.append(contentsOf: path.utf8)
        }
        return bytes.contains(0) ? nil : bytes
    }

    private static func isCarrier(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x10FF80 }

    private static func carrier(_ byte: UInt8) -> Unicode.Scalar {
        // A byte below 0x80 is always valid by itself, so only the upper half gets here, and all of these are scalars.
        Unicode.Scalar(0x10FF80 + UInt32(byte & 0x7F)) ?? "\u{FFFD}"
    }

    private static func leadingScalar(_ bytes: some Collection<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { encode(scalar)?.count ?? 1 }
}

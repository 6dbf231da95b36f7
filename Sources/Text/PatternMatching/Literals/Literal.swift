/// Bytes that a line must contain for a pattern to match it.
struct Literal: Hashable, Sendable {
    /// The bytes; small letters where `isCaseless`.
    let bytes: [UInt8]
    /// Whether a letter of ASCII stands for both of its cases. PCRE2 folds no other bytes while it matches bytes.
    let isCaseless: Bool

    /// The literal of these bytes; without a letter in them the case does not matter.
    init(_ bytes: some Sequence<UInt8>, isCaseless: Bool = false) {
        let bytes = Array(bytes)
        self.isCaseless = isCaseless && bytes.contains(where: isLetter)
        self.bytes = self.isCaseless ? bytes.map(lowercased) : bytes
    }

    /// What is found everywhere, and tells nothing.
    static let empty = Literal([])

    /// Both, one behind the other. The case matters only if it does in both, which finds more, never less.
    func joined(to next: Literal) -> Literal {
        if next.bytes.isEmpty { return self }
        if bytes.isEmpty { return next }
        return Literal(bytes + next.bytes, isCaseless: isCaseless || next.isCaseless)
    }

    /// Whether `other` stands wherever `self` does.
    func contains(_ other: Literal) -> Bool {
        guard other.isCaseless || !isCaseless, bytes.count >= other.bytes.count else { return false }
        let own = other.isCaseless ? bytes.map(lowercased) : bytes
        return (0...bytes.count - other.bytes.count).contains { own[$0...].starts(with: other.bytes) }
    }

    /// How improbable it is that the literal begins at a given byte of a log, in bits, at most 60.
    var rarity: Double {
        min(60, bytes.reduce(0) { $0 + rarityOfByte($1) - (isCaseless && isLetter($1) ? 0.2 : 0) })
    }
}

/// Whether PCRE2 folds the byte's case.
@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

/// The small letter of a capital one; every other byte as it is.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte | 0x20 : byte }

/// How rare a byte is in logs, in bits: a rough prior, which a sample of the log itself soon corrects.
func rarityOfByte(_ byte: UInt8) -> Double {
    switch byte {
    case UInt8(ascii: " "): 2.5
    case UInt8(ascii: "0")...UInt8(ascii: "2"): 4
    case UInt8(ascii: "3")...UInt8(ascii: "9"): 4.7
    case _ where UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte: rarityOfSmallLetter(byte)
    case _ where isLetter(byte): 6.5
    case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "/"),
        UInt8(ascii: "\""):
        5
    case UInt8(ascii: "="), UInt8(ascii: "_"): 6
    default: 8
    }
}

private func rarityOfSmallLetter(_ byte: UInt8) -> Double {
    switch byte {
    case UInt8(ascii: "e"): 4.1
    case UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "o"), UInt8(ascii: "r"), UInt8(ascii: "s"): 4.6
    case UInt8(ascii: "i"), UInt8(ascii: "n"), UInt8(ascii: "c"), UInt8(ascii: "l"), UInt8(ascii: "d"): 5
    case UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "x"), UInt8(ascii: "z"): 8.5
    default: 6
    }
}

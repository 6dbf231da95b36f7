/// How the characters of a log are written as bytes.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1 = "latin-1"

    /// The bytes of `\n`.
    public var lineEnd: [UInt8] {
        switch self {
        case .utf8, .latin1: [0x0A]
        case .utf16LittleEndian: [0x0A, 0x00]
        case .utf16BigEndian: [0x00, 0x0A]
        }
    }

    /// How many bytes the smallest piece of text has; line ends are looked for at multiples of it.
    public var unitLength: Int {
        switch self {
        case .utf8, .latin1: 1
        case .utf16LittleEndian, .utf16BigEndian: 2
        }
    }
}

/// What the first bytes of a file say about its encoding.
public enum ByteOrderMark: Hashable, Sendable {
    /// The file begins with a mark of `length` bytes, which are no text.
    case found(TextEncoding, length: Int)
    /// The file begins with text.
    case none
    /// It takes more bytes to know; at the end of the file it is none.
    case undecided
}

extension ByteOrderMark {
    /// Looks for a mark at the beginning of a file. Three bytes are always enough.
    ///
    /// A file that is said to be Latin-1 has none: there the bytes of marks are characters.
    public init(inHead head: some Collection<UInt8>, of encoding: TextEncoding) {
        self = .none
        guard encoding != .latin1 else { return }
        for (mark, encoding) in Self.marks {
            if head.starts(with: mark) {
                self = .found(encoding, length: mark.count)
            } else if head.count < mark.count, mark.starts(with: head) {
                self = .undecided
            }
        }
    }

    private static let marks: [([UInt8], TextEncoding)] = [
        ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
    ]
}

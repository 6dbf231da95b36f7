public import LogModel

/// Compressed data that could not be read or written.
public struct GzipError: DescribedError {
    /// What went wrong.
    public enum Kind: String, Sendable {
        /// The data is not gzip, or a checksum is wrong: nothing behind the offset can be trusted.
        case damaged = "gzip_damaged"
        /// The file ends within a member. Reading may go on when it grows.
        case truncated = "gzip_truncated"
        /// The data is whole, but not what was compressed.
        case different = "gzip_different"
        /// The compressing library found no memory.
        case outOfMemory = "gzip_out_of_memory"
    }

    /// What to switch on.
    public let kind: Kind
    /// What happened, in which file and where.
    public let message: String
    /// What to do.
    public let hint: String?
    /// The offset in the compressed file at or shortly before the fault.
    public let compressedOffset: UInt64

    /// The kind as a stable identifier.
    public var code: String { kind.rawValue }
    /// Damage stays; the rest may go away.
    public var healing: Healing { kind == .damaged ? .never : .byItself }

    static func damaged(_ name: String, at offset: UInt64, _ detail: String) -> GzipError {
        GzipError(
            kind: .damaged, message: "\(name) is damaged at compressed offset \(offset): \(detail).",
            hint: "What lies before was read; restore the file from a copy to read the rest.", compressedOffset: offset)
    }

    static func truncated(_ name: String, at offset: UInt64) -> GzipError {
        GzipError(
            kind: .truncated,
            message: "\(name) ends at compressed offset \(offset), in the middle of its compressed data.",
            hint: "If it is still being compressed, it is read on when it grows; otherwise its end is lost.",
            compressedOffset: offset)
    }

    static func different(_ name: String, found: ContentSum, expected: ContentSum) -> GzipError {
        let what =
            found.length == expected.length
            ? "as many bytes as were compressed, but not the same"
            : "\(found.length) bytes where \(expected.length) were compressed"
        return GzipError(
            kind: .different, message: "\(name) holds \(what).",
            hint: "Compress it again; if that happens again, the machine's memory or disk is failing.",
            compressedOffset: 0)
    }

    static func outOfMemory(_ name: String, at offset: UInt64) -> GzipError {
        GzipError(
            kind: .outOfMemory, message: "There was no memory to compress or decompress \(name).",
            hint: "Give the process more memory.", compressedOffset: offset)
    }
}

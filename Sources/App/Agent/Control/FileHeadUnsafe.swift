import Compression
public import FileAccess
import LogModel

/// The first uncompressed bytes of a file, by which a stream knows it again.
///
/// SAFETY: every buffer is lent for one call only, and only as many bytes are kept as the call reports.
public struct FileHead {
    private let bytes: [UInt8]
    /// The directory in which the file lies.
    let directory: String

    /// Reads the head of a file; nil when there is none or it cannot be read.
    public init?(of path: String, using access: any FileAccess) {
        guard let file = try? access.open(path) else { return nil }
        let read = path.hasSuffix(".gz") ? Self.compressed(file, path) : Self.plain(file)
        guard let read, !read.isEmpty else { return nil }
        bytes = read
        directory = StreamReport.directory(of: path)
    }

    private static func plain(_ file: any ReadableFile) -> [UInt8]? {
        try? filled { buffer, count in
            try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]), at: UInt64(count))
        }
    }

    private static func compressed(_ file: any ReadableFile, _ path: String) -> [UInt8]? {
        guard let reader = try? GzipReader(name: path, source: { try file.read(into: $0, at: $1) }) else { return nil }
        return try? filled { buffer, count in
            try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
        }
    }

    /// Calls `read` with the buffer and how much of it is filled, until it is full or nothing more comes.
    private static func filled(_ read: (UnsafeMutableRawBufferPointer, Int) throws -> Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: HeadFingerprint.maximumLength) { buffer, initialized in
            while initialized < buffer.count {
                let count = try read(UnsafeMutableRawBufferPointer(buffer), initialized)
                if count == 0 { break }
                initialized += count
            }
        }
    }

    /// Whether the file begins with what `head` was taken of.
    func begins(with head: HeadFingerprint) -> Bool {
        head.length > 0 && Int(head.length) <= bytes.count && ContentHash(bytes.prefix(Int(head.length))) == head.hash
    }
}

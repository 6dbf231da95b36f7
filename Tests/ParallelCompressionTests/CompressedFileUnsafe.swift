import Compression
import ParallelCompression
import TestSupport

/// Content in memory that becomes a compressed file in memory.
///
/// SAFETY: the closures run on one thread while the one that made them waits.
struct CompressedFile: @unchecked Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var result: ParallelGzipResult

    /// `chunk` is the most that the source gives at once.
    init(_ content: [UInt8], _ settings: ParallelGzipSettings, chunk: Int = .max) throws {
        var written: [UInt8] = []
        var offset = 0
        result = try ParallelGzip.compress(settings) { buffer in
            let part = content[offset...].prefix(min(buffer.count, chunk))
            buffer.copyBytes(from: part)
            offset += part.count
            return part.count
        } to: {
            written.append(contentsOf: $0)
        }
        bytes = written
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer, _ offset: UInt64) -> Int {
        guard offset < UInt64(bytes.count) else { return 0 }
        let part = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }

    /// What our own reader finds in it.
    func content() throws -> [UInt8] {
        let reader = try GzipReader(name: "app.log.gz") { read($0, $1) }
        var all: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try block.withUnsafeMutableBytes { try reader.read(into: $0) }
            if count == 0 { return all }
            all += block[..<count]
        }
    }
}

extension ParallelGzipSettings {
    static func workers(_ count: Int, members: Int = GzipMemberCompressor.memberContentLength) -> Self {
        var settings = ParallelGzipSettings()
        settings.workers = count
        settings.memberContentLength = members
        return settings
    }
}

/// Bytes that compress, or do not.
func madeUp(_ count: Int, seed: UInt64, compressible: Bool = true) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        let number = random.next() & (compressible ? 0x0707_0303_0F0F_0101 : .max)
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}

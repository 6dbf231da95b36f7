import Compression
import TestSupport

/// A file in memory that counts what is read of it, and hands out at most `chunk` bytes at a time.
///
/// SAFETY: used by one thread, that of its test.
final class CountedFile: @unchecked Sendable {
    var bytes: [UInt8]
    let chunk: Int
    private(set) var bytesRead = 0
    init(_ bytes: [UInt8], chunk: Int = .max) {
        self.bytes = bytes
        self.chunk = chunk
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer, _ offset: UInt64) -> Int {
        guard offset < UInt64(bytes.count) else { return 0 }
        let part = bytes[Int(offset)...].prefix(min(chunk, buffer.count))
        buffer.copyBytes(from: part)
        bytesRead += part.count
        return part.count
    }

    func content(from place: GzipMemberIndex.Place, offset: UInt64, count: Int) throws -> [UInt8] {
        let reader = try GzipReader(name: "app.log.gz") { self.read($0, $1) }
        reader.move(to: place)
        try reader.skip(to: offset)
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try bytes.withUnsafeMutableBytes { try reader.read(into: $0) }
        return Array(bytes.prefix(got))
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

/// The member that holds `content`.
func member(_ content: [UInt8], level: Int = 6, modified: UInt32 = 0) throws -> [UInt8] {
    let compressor = try GzipMemberCompressor(level: level)
    var output = [UInt8](repeating: 0xEE, count: GzipMemberCompressor.room(for: content.count))
    let (length, sum) = output.withUnsafeMutableBytes { output in
        content.withUnsafeBytes { compressor.compress($0, into: output, modified: modified) }
    }
    precondition(sum == ContentSum(content))
    return Array(output.prefix(length))
}

extension ContentSum {
    init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { ContentSum($0) } }
}

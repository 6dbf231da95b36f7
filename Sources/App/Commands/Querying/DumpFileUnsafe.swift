import Compression
import FileAccess

/// Reads a file whole: `-` is standard input, and what is compressed with gzip is decompressed.
///
/// SAFETY: `block` is allocated and freed within one call, and only as many of its bytes are copied as a reader reports; the
/// source lends the compressed bytes for one call.
enum DumpFile {
    private static let blockSize = 256 << 10

    static func read(_ path: String) throws -> [UInt8] {
        let bytes = path == "-" ? try standardInput() : try file(path)
        return bytes.starts(with: [0x1F, 0x8B]) ? try decompressed(bytes, path) : bytes
    }

    private static func standardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let block = try ProcessStream.input.read(atMost: blockSize)
            if block.isEmpty { return bytes }
            bytes += block
        }
    }

    private static func file(_ path: String) throws -> [UInt8] {
        guard let file = try LinuxFileAccess().open(path) else {
            throw UsageError("there is no file \(path)", hint: "name a dump of metrics, or - for standard input")
        }
        let blocks = FileBlocks(file)
        var bytes: [UInt8] = []
        while true {
            let block = try blocks.next()
            if block.isEmpty { return bytes }
            bytes += block
        }
    }

    private static func decompressed(_ bytes: [UInt8], _ path: String) throws -> [UInt8] {
        let reader = try GzipReader(name: path) { buffer, offset in
            let rest = bytes.dropFirst(Int(offset)).prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.count
        }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 1)
        defer { block.deallocate() }
        var result: [UInt8] = []
        while true {
            let count = try reader.read(into: block)
            if count == 0 { break }
            result += block.prefix(count)
        }
        try checkEnd(of: bytes, at: Int(reader.compressedOffset), path)
        return result
    }

    /// Refuses what lies behind the compressed data: it may be a part of the dump. Zeros are padding, also for gzip(1).
    private static func checkEnd(of bytes: [UInt8], at end: Int, _ path: String) throws {
        let rest = bytes.dropFirst(end)
        guard rest.contains(where: { $0 != 0 }) else { return }
        throw UsageError(
            "\(path == "-" ? "standard input" : path): \(counted(rest.count, "byte")) behind the end of the compressed data, at offset \(end), cannot be read",
            hint: "compress the dump anew; `gzip -dc` gives what can be read of it")
    }
}

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
            if count == 0 { return result }
            result += block.prefix(count)
        }
    }
}

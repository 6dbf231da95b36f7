import Compression
import FileAccess
import LogModel
import Testing

@testable import FileTail

/// A file in memory that counts what is read of it.
private final class MemoryFile: ReadableFile {
    let bytes: [UInt8]
    private(set) var bytesRead = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func status() throws(FileAccessError) -> FileStatus {
        FileStatus(
            identity: FileIdentity(device: 1, inode: 2, generation: 0), kind: .regular, size: UInt64(bytes.count),
            modified: WallTime(nanoseconds: 0), allocated: UInt64(bytes.count))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        guard offset < UInt64(bytes.count) else { return 0 }
        let part = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        bytesRead += part.count
        return part.count
    }

    func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? { offset }
    func writers() -> WriterPresence { .absent }
}

private func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

private func members(_ content: [UInt8], length: Int) throws -> [UInt8] {
    let compressor = try GzipMemberCompressor()
    var output = [UInt8](repeating: 0, count: GzipMemberCompressor.room(for: length))
    return stride(from: 0, to: content.count, by: length).flatMap { start in
        let part = content[start..<min(start + length, content.count)]
        let made = output.withUnsafeMutableBytes { output in
            part.withUnsafeBytes { compressor.compress($0, into: output).length }
        }
        return Array(output[..<made])
    }
}

@Suite struct SegmentFileTests {
    private static let content = noise(1_000_000)

    private func segment(_ file: MemoryFile) throws -> SegmentFile {
        try SegmentFile(file, path: "app.log.gz", codec: .gzip)
    }

    @Test(arguments: [
        [0, 999_990, 500_000, 499_999, 1, 999_999, 1_000_000, 3_000_000, 0], [300_000, 310_000, 300_000, 700_001],
    ])
    func aCompressedFileIsReadAnywhere(offsets: [Int]) throws {
        let ours = try members(Self.content, length: 50_000)
        let half = Self.content.count / 2
        let mixed =
            try members(Array(Self.content[..<half]), length: 50_000)
            + GzipWriter.gzip(Array(Self.content[half...]))
        for bytes in [ours, mixed, try GzipWriter.gzip(Self.content)] {
            let segment = try segment(MemoryFile(bytes))
            for offset in offsets {
                #expect(
                    try segment.bytes(at: UInt64(offset), count: 20) == Array(Self.content.dropFirst(offset).prefix(20))
                )
            }
        }
    }

    @Test func onlyTheMemberThatHoldsThePlaceIsDecompressed() throws {
        let file = MemoryFile(try members(Self.content, length: 10_000))
        let segment = try segment(file)
        #expect(try segment.bytes(at: 950_000, count: 100) == Array(Self.content[950_000..<950_100]))
        // 95 headers, and what the reader takes at once.
        #expect(file.bytesRead < 24 + 95 * 28 + 65_536 + 1)
        let before = file.bytesRead
        #expect(try segment.bytes(at: 5_000, count: 100) == Array(Self.content[5_000..<5_100]))
        #expect(file.bytesRead - before <= 24 + 65_536)
    }

    @Test func readingOnLooksNothingUp() throws {
        let file = MemoryFile(try members(Self.content, length: 10_000))
        let segment = try segment(file)
        for offset in stride(from: 0, to: Self.content.count, by: 25_000) {
            #expect(
                try segment.bytes(at: UInt64(offset), count: 25_000) == Array(Self.content[offset..<(offset + 25_000)]))
        }
        #expect(file.bytesRead == file.bytes.count)
    }
}

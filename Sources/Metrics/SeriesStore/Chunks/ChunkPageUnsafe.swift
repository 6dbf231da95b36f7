/// Room for the samples of many chunks, one behind the other, so that each of them costs no piece of memory of its own.
///
/// SAFETY: `bytes` of a range are handed out only after they were written, and are never written again; a store appends while
/// nobody else does, and hands out views under the same lock. So no byte is read and written at the same time, and the memory
/// lives as long as the object, which each chunk in it refers to.
final class ChunkPage: @unchecked Sendable {
    static let size = 32 << 10

    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    private var used = 0
    /// Chunks in it that the store still has; nobody but the store looks at it.
    var chunkCount = 0

    deinit { memory.deallocate() }

    /// Where the bytes are now; nil when there is no room for them.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.count <= Self.size - used else { return nil }
        UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count]).copyBytes(from: bytes)
        defer { used += bytes.count }
        return used
    }

    func withBytes<Result>(
        at offset: Int, count: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(self) {
            try body(
                UnsafeRawBufferPointer(rebasing: memory[offset..<offset + count]).assumingMemoryBound(to: UInt8.self))
        }
    }
}

/// A chunk to which no more samples come.
struct ClosedChunk: CompressedSamples, Sendable {
    /// Bytes that one takes beside its samples, with the room that an array of them keeps for more.
    static let overhead = 48

    let page: ChunkPage
    let start: Int64
    let end: Int64
    private let offset: UInt32
    private let shortLength: UInt16
    private let shortCount: UInt16

    /// Puts the samples of a chunk in a page; nil when that has no room for them.
    init?(_ chunk: some CompressedSamples, in page: ChunkPage) {
        let (place, length) = chunk.withBytes { (page.append($0), $0.count) }
        guard let offset = place else { return nil }
        self.page = page
        (start, end, self.offset) = (chunk.start, chunk.end, UInt32(offset))
        (shortLength, shortCount) = (UInt16(length), UInt16(chunk.count))
    }

    var count: Int { Int(shortCount) }
    var bytes: [UInt8] { withBytes { Array($0) } }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try page.withBytes(at: Int(offset), count: Int(shortLength), body)
    }
}

import FileAccess

/// The bytes of a file, block by block.
///
/// SAFETY: `block` is allocated in `init` and freed in `deinit`; only as many of its bytes are copied as a read reports.
final class FileBlocks {
    private let file: any ReadableFile
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
    private var offset: UInt64 = 0

    init(_ file: any ReadableFile) { self.file = file }
    deinit { block.deallocate() }

    /// The next bytes; none at the end.
    func next() throws(FileAccessError) -> [UInt8] {
        let count = try file.read(into: block, at: offset)
        offset += UInt64(count)
        return Array(block.prefix(count))
    }
}

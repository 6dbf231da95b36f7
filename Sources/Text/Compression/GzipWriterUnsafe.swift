import CZlib

/// Compresses what is in memory as a whole, such as the body of an HTTP answer.
///
/// SAFETY: zlib sees the input and the output only through pointers that are valid for the duration of one closure each,
/// together with their lengths.
public enum GzipWriter {
    /// One gzip member that holds `bytes`, without name and time, so that equal input gives equal output.
    ///
    /// - Parameters:
    ///   - bytes: the content, at most 2 GiB.
    ///   - level: 1 (fast) to 9 (small).
    /// - Returns: the member with its header and checksum.
    /// - Throws: `gzip_out_of_memory`.
    public static func gzip(_ bytes: [UInt8], level: Int = 6) throws(GzipError) -> [UInt8] {
        var stream = z_stream()
        guard outrider_deflate_init_gzip(&stream, Int32(min(max(level, 1), 9))) == Z_OK else {
            throw .outOfMemory("data", at: 0)
        }
        defer { deflateEnd(&stream) }
        guard bytes.count <= Int(UInt32.max) / 2 else { throw .outOfMemory("data", at: 0) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                let result = deflate(&stream, Z_FINISH)
                precondition(result == Z_STREAM_END, "BUG: deflateBound gave too little room")
                count = capacity - Int(stream.avail_out)
            }
        }
    }
}

import CDeflate

/// Reads what `GzipMemberCompressor` made back, from the first byte to the last, before the only other copy of it goes.
///
/// SAFETY: the buffers belong to the check and live as long as it; libdeflate sees them for the length of one call. A member is
/// decompressed into as much room as its header says, which is not more than the buffer has.
public enum GzipVerification {
    /// Compares what a file holds with what was compressed. Holds one member and its content.
    ///
    /// Also what readers find the members by is checked: the lengths in the headers must lead from each to the next, and from the
    /// last to the end of the file.
    ///
    /// - Parameters:
    ///   - name: the file's path, for messages.
    ///   - sum: what it is to hold.
    ///   - modified: what the headers are to say of when it was changed.
    ///   - source: gives the file's bytes; its errors pass through.
    /// - Throws: `gzip_damaged`, `gzip_truncated`, `gzip_different`, `gzip_out_of_memory`, and what `source` throws.
    public static func check(
        _ name: String, holds sum: ContentSum, modified: UInt32 = 0, source: GzipReader.Source
    ) throws {
        let members = try MemberDecompressor(name, modified: modified)
        var found = ContentSum()
        var offset: UInt64 = 0
        while let length = try members.readMember(at: offset, adding: &found, source: source) { offset += length }
        guard offset > 0 else { throw GzipError.truncated(name, at: 0) }
        guard found == sum else { throw GzipError.different(name, found: found, expected: sum) }
    }
}

private final class MemberDecompressor {
    private let name: String
    private let modified: UInt32
    private let decompressor: OpaquePointer
    private let member: UnsafeMutableRawBufferPointer
    private let content: UnsafeMutableRawBufferPointer

    init(_ name: String, modified: UInt32) throws(GzipError) {
        self.name = name
        self.modified = modified
        guard let made = libdeflate_alloc_decompressor() else { throw .outOfMemory(name, at: 0) }
        decompressor = made
        let contentLength = GzipMemberCompressor.memberContentLength
        member = .allocate(byteCount: GzipMemberCompressor.room(for: contentLength), alignment: 16)
        content = .allocate(byteCount: contentLength, alignment: 16)
    }

    deinit {
        libdeflate_free_decompressor(decompressor)
        member.deallocate()
        content.deallocate()
    }

    /// Decompresses the member at an offset and adds what it holds to `sum`. Returns its length; nil at the end of the file.
    func readMember(at offset: UInt64, adding sum: inout ContentSum, source: GzipReader.Source) throws -> UInt64? {
        let start = try fill(0..<GzipMemberHeader.byteCount, at: offset, source)
        if start == 0 { return nil }
        guard start == GzipMemberHeader.byteCount else { throw GzipError.truncated(name, at: offset + UInt64(start)) }
        guard let header = GzipMemberHeader(UnsafeRawBufferPointer(member)), header.memberLength <= member.count,
            header.contentLength <= content.count, header.modified == modified
        else {
            throw GzipError.damaged(name, at: offset, "there is no header such as was written")
        }
        let length = Int(header.memberLength)
        let end = try fill(start..<length, at: offset, source)
        guard end == length else { throw GzipError.truncated(name, at: offset + UInt64(end)) }
        try decompress(header, at: offset)
        sum.append(UnsafeRawBufferPointer(rebasing: content[..<Int(header.contentLength)]))
        return UInt64(length)
    }

    /// libdeflate compares checksum and length with the trailer.
    private func decompress(_ header: GzipMemberHeader, at offset: UInt64) throws(GzipError) {
        let length = Int(header.memberLength)
        var (taken, made) = (0, 0)
        let result = libdeflate_gzip_decompress_ex(
            decompressor, member.baseAddress, length, content.baseAddress, Int(header.contentLength), &taken, &made)
        guard result == LIBDEFLATE_SUCCESS else {
            throw .damaged(name, at: offset, "the member there cannot be decompressed")
        }
        guard taken == length, made == Int(header.contentLength) else {
            throw .damaged(name, at: offset, "the member there has other lengths than its header says")
        }
    }

    /// Reads bytes of a member into their place; returns where they end, which is earlier at the end of the file.
    private func fill(_ range: Range<Int>, at offset: UInt64, _ source: GzipReader.Source) throws -> Int {
        var end = range.lowerBound
        while end < range.upperBound {
            let part = UnsafeMutableRawBufferPointer(rebasing: member[end..<range.upperBound])
            let count = try source(part, offset + UInt64(end))
            if count == 0 { break }
            end += count
        }
        return end
    }
}

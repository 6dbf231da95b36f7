import Compression
import FileAccess
import LogModel

/// An open file of a stream with uncompressed addressing, whether it is plain or gzip.
final class SegmentFile {
    let file: any ReadableFile
    /// Where it was when it was opened, for messages.
    let path: String
    let codec: SegmentCodec
    /// The identity at the time of opening.
    let identity: FileIdentity
    private var gzip: GzipReader?

    init(_ file: any ReadableFile, path: String, codec: SegmentCodec) throws(FileAccessError) {
        self.file = file
        self.path = path
        self.codec = codec
        self.identity = try file.status().identity
    }

    func status() throws(FileAccessError) -> FileStatus { try file.status() }

    /// Reads until `buffer` is full or the content ends. Reading a gzip file backwards starts it over.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        codec == .plain
            ? try readPlain(into: buffer, at: offset) : try readGzip(into: buffer, at: offset)
    }

    private func readPlain(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        var count = 0
        while count < buffer.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read = try file.read(into: part, at: offset + UInt64(count))
            if read == 0 { break }
            count += read
        }
        return count
    }

    private func readGzip(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        let reader: GzipReader
        if let open = gzip, open.offset <= offset {
            reader = open
        } else {
            reader = try makeGzipReader()
            gzip = reader
        }
        do {
            try reader.skip(to: offset)
            var count = 0
            while reader.offset >= offset, count < buffer.count {
                let read = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                if read == 0 { break }
                count += read
            }
            return count
        } catch let error as FileAccessError {
            gzip = nil
            throw error
        } catch {
            gzip = nil
            let error = error as? GzipError
            throw FileAccessError(
                code: error?.code ?? "gzip_damaged", message: error?.message ?? "\(path) cannot be read further.",
                hint: error?.hint, healing: error?.healing ?? .never)
        }
    }

    private func makeGzipReader() throws(FileAccessError) -> GzipReader {
        let file = file
        do {
            return try GzipReader(name: path) { buffer, offset in try file.read(into: buffer, at: offset) }
        } catch {
            throw FileAccessError(
                code: error.code, message: error.message, hint: error.hint, healing: error.healing)
        }
    }

    /// The fingerprint of the first `limit` uncompressed bytes, fewer when there are fewer.
    func head(limit: Int = HeadFingerprint.maximumLength) throws(FileAccessError) -> HeadFingerprint {
        let bytes = try bytes(at: 0, count: limit)
        return HeadFingerprint(length: UInt32(bytes.count), hash: ContentHash(bytes))
    }

    /// Whether the file begins with the content that `head` was taken of.
    func begins(with head: HeadFingerprint) throws(FileAccessError) -> Bool {
        guard head.length > 0 else { return true }
        return try self.head(limit: Int(head.length)) == head
    }

    /// Whether the bytes before `offset` are those that `anchor` was taken of.
    func holds(_ anchor: Anchor, before offset: UInt64) throws(FileAccessError) -> Bool {
        guard anchor.length > 0 else { return true }
        guard offset >= UInt64(anchor.length) else { return false }
        let bytes = try bytes(at: offset - UInt64(anchor.length), count: Int(anchor.length))
        return bytes.count == Int(anchor.length) && ContentHash(bytes) == anchor.hash
    }

    func bytes(at offset: UInt64, count: Int) throws(FileAccessError) -> [UInt8] {
        var failure: FileAccessError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(FileAccessError) {
                initialized = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The length of the uncompressed content. A gzip file is decompressed once for it; a damaged or unfinished one ends
    /// where it cannot be read further.
    func contentLength() throws(FileAccessError) -> UInt64 {
        guard codec == .gzip else { return try status().size }
        let reader = try makeGzipReader()
        do { try reader.skip(to: .max) } catch let error as FileAccessError { throw error } catch {}
        return reader.offset
    }

    /// Whether a gzip file ends as one should; an unfinished one may still be being written.
    func isWholeGzip() throws(FileAccessError) -> Bool {
        let reader = try makeGzipReader()
        do {
            try reader.skip(to: .max)
            return true
        } catch let error as FileAccessError {
            throw error
        } catch {
            return false
        }
    }
}

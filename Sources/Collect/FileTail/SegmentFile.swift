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
    private var members = GzipMemberIndex()
    /// What a gzip file of `size` compressed bytes was found to hold.
    private var measured: (size: UInt64, length: UInt64, isWhole: Bool)?
    /// Why what was last measured ends where it does, when that is not its end.
    private(set) var fault: FileAccessError?

    init(_ file: any ReadableFile, path: String, codec: SegmentCodec) throws(FileAccessError) {
        self.file = file
        self.path = path
        self.codec = codec
        self.identity = try file.status().identity
    }

    func status() throws(FileAccessError) -> FileStatus { try file.status() }

    /// Reads until `buffer` is full or the content ends. Reading a gzip file elsewhere than where reading stands begins at the member
    /// that holds the place, or at the start when members do not say where they lie.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        codec == .plain
            ? try readPlain(into: buffer, at: offset) : try readGzip(into: buffer, at: offset)
    }

    private func readPlain(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int
    {
        var count = 0
        while count < buffer.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read = try file.read(into: part, at: offset + UInt64(count))
            if read == 0 { break }
            count += read
        }
        return count
    }

    private func readGzip(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int
    {
        let reader: GzipReader
        if let open = gzip {
            reader = open
        } else {
            reader = try makeGzipReader()
            gzip = reader
        }
        do {
            try move(reader, to: offset)
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
            throw unreadable(error as? GzipError)
        }
    }

    private func move(_ reader: GzipReader, to offset: UInt64) throws {
        if reader.offset != offset {
            let file = file
            let place = try members.place(of: offset) { try file.read(into: $0, at: $1) }
            // Where reading stands in the same member already, it goes on there.
            if reader.offset > offset || reader.offset < place.offset { reader.move(to: place) }
        }
        try reader.skip(to: offset)
    }

    private func unreadable(_ error: GzipError?) -> FileAccessError {
        FileAccessError(
            code: error?.code ?? "gzip_damaged", message: error?.message ?? "\(path) cannot be read further.",
            hint: error?.hint, healing: error?.healing ?? .never)
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

    /// What makes the place `offset` known again.
    func anchor(before offset: UInt64) throws(FileAccessError) -> Anchor {
        let length = Int(min(offset, UInt64(Anchor.maximumLength)))
        let bytes = try bytes(at: offset - UInt64(length), count: length)
        return bytes.count == length ? Anchor(length: UInt16(length), hash: ContentHash(bytes)) : .none
    }

    /// Whether this file's `length` bytes are the first ones of `other`, judged by both ends of them.
    func isBeginning(length: UInt64, of other: SegmentFile, length otherLength: UInt64) throws(FileAccessError) -> Bool
    {
        guard length > 0, length <= otherLength else { return false }
        let limit = Int(min(length, UInt64(HeadFingerprint.maximumLength)))
        guard try head(limit: limit) == other.head(limit: limit) else { return false }
        if length == UInt64(limit) { return true }
        let anchor = try anchor(before: length)
        return try other.holds(anchor, before: length)
    }

    /// How many bytes of whole lines this file and another have in common from the beginning.
    func commonLines(with other: SegmentFile, endingIn lineEnd: LineEnd) throws(FileAccessError) -> UInt64 {
        var offset: UInt64 = 0
        var lineStart: UInt64 = 0
        while true {
            let (mine, theirs) = (try bytes(at: offset, count: 1 << 16), try other.bytes(at: offset, count: 1 << 16))
            let block = offset
            var common = 0
            while common < min(mine.count, theirs.count), mine[common] == theirs[common] { common += 1 }
            offset += UInt64(common)
            if let behind = lineEnd.last(in: mine[..<common], at: block) { lineStart = block + UInt64(behind) }
            if common < min(mine.count, theirs.count) { return lineStart }
            if mine.count != theirs.count || mine.isEmpty { return lineStart }
        }
    }

    /// The length of the uncompressed content, and whether it ends as it should: a gzip file may still be being written. A
    /// gzip file is decompressed once for it; a damaged or unfinished one ends where it cannot be read further.
    func content() throws(FileAccessError) -> (length: UInt64, isWhole: Bool) {
        let size = try status().size
        guard codec == .gzip else { return (size, true) }
        if let measured, measured.size == size { return (measured.length, measured.isWhole) }
        let reader = try makeGzipReader()
        fault = nil
        do { try reader.skip(to: .max) } catch let error as FileAccessError { throw error } catch {
            fault = unreadable(error as? GzipError)
        }
        measured = (size, reader.offset, fault == nil)
        return (reader.offset, fault == nil)
    }
}

import CZlib

/// Reads the uncompressed content of a gzip file from front to back.
///
/// The file may have any number of members. As with gzip(1), whatever follows the last member without being a member itself
/// (zeros, garbage) is left alone. Holds one buffer of 64 KiB and zlib's window; not safe to use from two threads at once.
///
/// SAFETY: `stream` is allocated once because zlib keeps its address. `input` is owned by the reader, and zlib points into it
/// only between `next_in` and `next_in + avail_in`. The caller's buffer is lent to zlib for one call.
public final class GzipReader {
    /// Reads up to `buffer.count` compressed bytes at an offset; 0 at the end of the file.
    public typealias Source = (_ buffer: UnsafeMutableRawBufferPointer, _ offset: UInt64) throws -> Int

    /// Legal order: memberStart → inMember → memberStart …; memberStart → ended; any → failed.
    private enum State {
        case memberStart
        case inMember
        case ended
        case failed(GzipError)
    }

    private static let inputCapacity = 64 * 1024

    private let name: String
    private let source: Source
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var state = State.memberStart
    private var hasSeenMember = false
    /// The compressed offset behind what lies in `input`.
    private var readOffset: UInt64 = 0
    /// Which byte of the content comes next.
    public private(set) var offset: UInt64 = 0

    /// A reader at the beginning of a file.
    ///
    /// - Parameters:
    ///   - name: the file's path, for messages.
    ///   - source: gives the compressed bytes; its errors pass through, and reading may be tried again after one.
    /// - Throws: `gzip_out_of_memory`.
    public init(name: String, source: @escaping Source) throws(GzipError) {
        self.name = name
        self.source = source
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard outrider_inflate_init_gzip(stream) == Z_OK else {
            stream.deallocate()
            throw .outOfMemory(name, at: 0)
        }
        input = .allocate(byteCount: Self.inputCapacity, alignment: 16)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The compressed offset up to which the content was decoded.
    public var compressedOffset: UInt64 { readOffset - UInt64(stream.pointee.avail_in) }

    /// Fills as much of `buffer` as there is content; 0 only at the end of the content (or for an empty buffer).
    ///
    /// What was decoded before a fault is handed out first; the call after that throws. After `gzip_truncated` a later call
    /// reads on when the file has grown; `gzip_damaged` stays.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var produced = 0
        while produced < buffer.count {
            do {
                let count = try step(into: UnsafeMutableRawBufferPointer(rebasing: buffer[produced...]))
                guard let count else { break }
                produced += count
            } catch {
                if let error = error as? GzipError, error.kind != .truncated { state = .failed(error) }
                guard produced == 0 else { break }
                throw error
            }
        }
        offset += UInt64(produced)
        return produced
    }

    /// Reads on, without handing anything out, until `target` uncompressed bytes lie behind; begins anew when `target` was
    /// passed already. Returns the offset reached, which is less than `target` when the content is shorter.
    @discardableResult
    public func skip(to target: UInt64) throws -> UInt64 {
        if target < offset { rewind() }
        guard target > offset else { return offset }
        let scratch = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(UInt64(Self.inputCapacity), target - offset)), alignment: 16)
        defer { scratch.deallocate() }
        while offset < target {
            let wanted = Int(min(UInt64(scratch.count), target - offset))
            guard try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted])) > 0 else { break }
        }
        return offset
    }

    /// Goes back to the beginning of the file.
    public func rewind() { move(to: .start) }

    /// Goes to the beginning of a member, as a `GzipMemberIndex` of this file tells it.
    public func move(to place: GzipMemberIndex.Place) {
        inflateReset(stream)
        stream.pointee.avail_in = 0
        state = .memberStart
        // What comes behind a member need not be one.
        hasSeenMember = place.compressedOffset > 0
        readOffset = place.compressedOffset
        offset = place.offset
    }

    /// Decodes some bytes; nil at the end of the content.
    private func step(into output: UnsafeMutableRawBufferPointer) throws -> Int? {
        switch state {
        case .failed(let error): throw error
        case .ended: return nil
        case .memberStart:
            try startMember()
            return 0
        case .inMember: return try inflateSome(into: output)
        }
    }

    private func startMember() throws {
        let available = try fill(atLeast: 2)
        if available >= 2, let next = stream.pointee.next_in, next[0] == 0x1F, next[1] == 0x8B {
            state = .inMember
            return
        }
        guard !hasSeenMember else {
            state = .ended
            return
        }
        guard available >= 2 else { throw GzipError.truncated(name, at: readOffset) }
        throw GzipError.damaged(name, at: 0, "it does not begin like a gzip file")
    }

    private func inflateSome(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let isAtEnd = try fill(atLeast: 1) == 0
        stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        let room = UInt32(clamping: output.count)
        stream.pointee.avail_out = room
        let result = inflate(stream, Z_NO_FLUSH)
        let produced = Int(room - stream.pointee.avail_out)
        switch result {
        case Z_STREAM_END:
            inflateReset(stream)
            hasSeenMember = true
            state = .memberStart
        case Z_OK: break
        case Z_BUF_ERROR where !isAtEnd: break
        case Z_BUF_ERROR: throw GzipError.truncated(name, at: readOffset)
        case Z_MEM_ERROR: throw GzipError.outOfMemory(name, at: compressedOffset)
        default: return try fail(result, produced: produced)
        }
        return produced
    }

    /// Hands out what was decoded before the fault, and throws from the next call on.
    private func fail(_ result: Int32, produced: Int) throws -> Int {
        let detail = stream.pointee.msg.map { String(cString: $0) } ?? "zlib result \(result)"
        let error = GzipError.damaged(name, at: compressedOffset, detail)
        guard produced > 0 else { throw error }
        state = .failed(error)
        return produced
    }

    /// Reads compressed bytes until `count` of them wait or the file ends; returns how many wait.
    private func fill(atLeast count: Int) throws -> Int {
        var waiting = Int(stream.pointee.avail_in)
        guard waiting < count else { return waiting }
        let start = input.assumingMemoryBound(to: UInt8.self).baseAddress
        if waiting > 0, let start, let next = stream.pointee.next_in { start.update(from: next, count: waiting) }
        stream.pointee.next_in = start
        while waiting < count {
            let got = try source(UnsafeMutableRawBufferPointer(rebasing: input[waiting...]), readOffset)
            guard got > 0 else { break }
            waiting += got
            readOffset += UInt64(got)
            stream.pointee.avail_in = UInt32(waiting)
        }
        return waiting
    }
}

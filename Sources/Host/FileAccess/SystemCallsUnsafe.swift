import CLinux
import Glibc

/// The system calls about files, one function each.
///
/// EINTR is handled here and errno is read here, and nowhere else but in `PollSet.wait`, which an interruption ends. Every
/// descriptor is opened with O_CLOEXEC.
///
/// SAFETY: pointers are passed for the length of one call; buffers are the caller's and are filled within their bounds.
package enum SystemCalls {
    /// Runs a call that returns -1 on failure, again for as long as a signal interrupts it.
    package static func check<Number: SignedInteger>(_ call: () -> Number) throws(Errno) -> Number {
        while true {
            let result = call()
            if result != -1 { return result }
            let number = errno
            guard number == EINTR else { throw Errno(number) }
        }
    }

    static func check<Number: SignedInteger>(
        _ path: String, _ call: (UnsafePointer<CChar>) -> Number
    ) throws(Errno) -> Number {
        try terminated(path).withUnsafeBufferPointer { (buffer) throws(Errno) -> Number in
            guard let pointer = buffer.baseAddress else { throw Errno(EINVAL) }
            return try check { call(pointer) }
        }
    }

    /// The path as the kernel takes it.
    static func terminated(_ path: String) throws(Errno) -> [CChar] {
        guard let bytes = PathBytes.bytes(path) else { throw Errno(EINVAL) }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }

    /// See `outrider_open_for_reading`.
    static func openForReading(_ path: String) throws(Errno) -> Int32 {
        try check(path) { outrider_open_for_reading($0) }
    }

    static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) throws(Errno) -> Int32 {
        try check(path) { outrider_open($0, flags, mode) }
    }

    /// Closes a descriptor. It is closed even when the call is interrupted (close(2), "Dealing with error returns").
    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    static func status(_ path: String) throws(Errno) -> stat {
        var status = stat()
        _ = try check(path) { stat($0, &status) }
        return status
    }

    static func status(_ descriptor: Int32) throws(Errno) -> stat {
        var status = stat()
        _ = try check { fstat(descriptor, &status) }
        return status
    }

    static func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(Errno) -> Int {
        guard let position = Int(exactly: offset) else { return 0 }
        return try check { pread(descriptor, buffer.baseAddress, buffer.count, position) }
    }

    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        try check { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }

    /// Writes some of the bytes and returns how many.
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
        try check { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    }

    /// The bytes of a small file, such as those of /proc, whose size is not known before they are read; at most `limit`.
    static func wholeFile(_ path: String, limit: Int) throws(Errno) -> [UInt8] {
        let descriptor = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { block.deallocate() }
        while bytes.count < limit {
            let count = try read(descriptor, into: block)
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }

    static func seekData(_ descriptor: Int32, from offset: UInt64) throws(Errno) -> UInt64 {
        guard let position = Int64(exactly: offset) else { throw Errno(ENXIO) }
        return UInt64(try check { outrider_seek_data(descriptor, position) })
    }

    /// Writes all of the bytes, however many calls it takes.
    static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            // A regular file takes at least one byte or fails; never spin on one that does not.
            if count == 0 { throw Errno(EIO) }
            rest = rest.dropFirst(count)
        }
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(Errno) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Errno) in
            try writeAll(descriptor, UnsafeRawBufferPointer(buffer))
        }
    }

    static func truncate(_ descriptor: Int32, to size: UInt64) throws(Errno) {
        guard let size = Int(exactly: size) else { throw Errno(EFBIG) }
        _ = try check { ftruncate(descriptor, size) }
    }

    static func synchronize(_ descriptor: Int32) throws(Errno) { _ = try check { fsync(descriptor) } }

    /// Some file systems cannot (EINVAL, fsync(2)), and have nothing to bring to disk then.
    static func synchronizeDirectory(_ descriptor: Int32) throws(Errno) {
        do throws(Errno) { try synchronize(descriptor) } catch {
            if error.number != EINVAL { throw error }
        }
    }

    static func rename(_ old: String, to new: String) throws(Errno) {
        let target = try terminated(new)
        _ = try check(old) { Glibc.rename($0, target) }
    }

    static func unlink(_ path: String) throws(Errno) { _ = try check(path) { Glibc.unlink($0) } }

    static func makeDirectory(_ path: String, mode: UInt32) throws(Errno) {
        _ = try check(path) { mkdir($0, mode) }
    }

    static func generation(_ descriptor: Int32) throws(Errno) -> UInt32 {
        var generation: UInt32 = 0
        _ = try check { outrider_inode_generation(descriptor, &generation) }
        return generation
    }

    /// Fails with EAGAIN when some process has the file open for writing.
    static func probeLease(_ descriptor: Int32) throws(Errno) {
        _ = try check { outrider_take_lease(descriptor) }
        _ = try check { outrider_give_lease_back(descriptor) }
    }

    static func canonicalPath(_ path: String) throws(Errno) -> String {
        let name = try terminated(path)
        while true {
            if let resolved = realpath(name, nil) {
                defer { free(resolved) }
                return PathBytes.string(resolved.bytesBeforeNul)
            }
            let number = errno
            guard number == EINTR else { throw Errno(number) }
        }
    }

    /// The entries of a directory without `.` and `..`.
    static func entries(_ path: String) throws(Errno) -> [DirectoryEntry] {
        try entries(owning: try open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK))
    }

    static func entries(owning descriptor: Int32) throws(Errno) -> [DirectoryEntry] {
        guard let directory = fdopendir(descriptor) else {
            let number = errno
            close(descriptor)
            throw Errno(number)
        }
        defer { closedir(directory) }
        var entries: [DirectoryEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                let number = errno
                if number == 0 { return entries }
                throw Errno(number)
            }
            // The record is shorter than `dirent`: look at the name where it lies, copy nothing.
            guard let name = entry.pointer(to: \.d_name) else { continue }
            let bytes = name.withMemoryRebound(to: CChar.self, capacity: 1) { $0.bytesBeforeNul }
            if bytes.elementsEqual(".".utf8) || bytes.elementsEqual("..".utf8) { continue }
            entries.append(
                DirectoryEntry(
                    name: PathBytes.string(bytes), inode: UInt64(entry.pointee.d_ino),
                    kind: FileKind(directoryType: entry.pointee.d_type)))
        }
    }
}

extension UnsafePointer<CChar> {
    fileprivate var bytesBeforeNul: UnsafeBufferPointer<UInt8> {
        let count = strlen(self)
        let start = UnsafeRawPointer(self).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: count)
    }
}

extension UnsafeMutablePointer<CChar> {
    fileprivate var bytesBeforeNul: UnsafeBufferPointer<UInt8> { UnsafePointer(self).bytesBeforeNul }
}

extension FileKind {
    /// From the `d_type` of a directory entry.
    fileprivate init(directoryType: UInt8) {
        switch Int(directoryType) {
        case Int(DT_REG): self = .regular
        case Int(DT_DIR): self = .directory
        case Int(DT_LNK): self = .symbolicLink
        case Int(DT_UNKNOWN): self = .unknown
        default: self = .other
        }
    }

    /// From the `st_mode` of a status.
    init(mode: UInt32) {
        switch mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG): self = .regular
        case UInt32(S_IFDIR): self = .directory
        case UInt32(S_IFLNK): self = .symbolicLink
        default: self = .other
        }
    }
}

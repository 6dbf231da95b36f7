import Glibc
import LogModel

/// A regular file that is open for reading. Closes its descriptor when the last reference goes.
///
/// Not for use by two threads at once: `nextData` moves the file's own offset (which reading does not use), and `writers`
/// takes a lease.
public final class LinuxFile: ReadableFile {
    private let owned: Descriptor
    private let path: String
    /// An inode's generation never changes while it is open.
    private let generation: UInt32

    init(_ descriptor: Descriptor, path: String, generation: UInt32) {
        owned = descriptor
        self.path = path
        self.generation = generation
    }

    /// For watches; valid as long as this object lives.
    var descriptor: Int32 { owned.number }

    /// What the kernel knows of the file now.
    public func status() throws(FileAccessError) -> FileStatus {
        do {
            return FileStatus(try SystemCalls.status(descriptor), generation: generation)
        } catch { throw .system(.status, path, error) }
    }

    /// Reads up to `buffer.count` bytes at `offset`; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        do { return try SystemCalls.read(descriptor, into: buffer, at: offset) } catch {
            throw .system(.read, path, error)
        }
    }

    /// The first offset at or behind `offset` that is not in a hole; nil when only a hole, or nothing, follows.
    public func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? {
        do { return try SystemCalls.seekData(descriptor, from: offset) } catch {
            switch error.number {
            case ENXIO: return nil
            // The file system knows no holes: everything up to the end is data.
            case EINVAL, ENOTSUP: return offset < (try status().size) ? offset : nil
            default: throw .system(.seekData, path, error)
            }
        }
    }

    /// Asks by taking a read lease, which the kernel grants only when nobody can write, and giving it back at once.
    ///
    /// A process that opens the file for writing in between waits for these microseconds (with O_NONBLOCK it is refused with
    /// EWOULDBLOCK), so this is for files that are being retired and not for hot ones.
    public func writers() -> WriterPresence {
        do {
            try SystemCalls.probeLease(descriptor)
            return .absent
        } catch {
            return error.number == EAGAIN ? .present : .unknown
        }
    }
}

extension FileStatus {
    init(_ status: stat, generation: UInt32) {
        let seconds = Int64(status.st_mtim.tv_sec)
        self.init(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), generation: generation),
            kind: FileKind(mode: status.st_mode), size: UInt64(clamping: status.st_size),
            modified: WallTime(nanoseconds: seconds &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)),
            linkCount: UInt32(clamping: status.st_nlink), owner: status.st_uid, group: status.st_gid,
            permissions: status.st_mode & 0o7777,
            // st_blocks counts units of 512 bytes whatever the file system's block size (stat(3type)).
            allocated: UInt64(clamping: status.st_blocks) * 512)
    }
}

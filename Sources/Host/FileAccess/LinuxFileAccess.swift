import Glibc
import LogModel
import Synchronization

/// The files of this machine. Reads only; see `FileWriter` for what writes.
///
/// May be used by several threads at once.
public final class LinuxFileAccess: FileAccess, Sendable {
    /// Devices whose file system has told that it keeps no inode generations.
    private let devicesWithoutGenerations = Mutex<Set<UInt64>>([])

    /// Descriptors of this number and above are not for files that are read.
    private let firstReserved: Int32

    /// Knows nothing of the machine yet.
    /// - Parameter reserve: how many descriptors below the limit are left to others, so that a process that follows too many
    ///   files still answers its clients; at most a third of the limit.
    public init(reserving reserve: Int = 0) {
        let limit = ProcessUsage.descriptorLimit()
        firstReserved = Int32(clamping: limit - min(UInt64(max(0, reserve)), limit / 3))
    }

    /// The entries of a directory; nil when there is no such directory.
    public func list(_ directory: String) throws(FileAccessError) -> [DirectoryEntry]? {
        try orNothing(.list, directory) { () throws(Errno) in try SystemCalls.entries(directory) }
    }

    /// The status of what a path leads to; nil when there is nothing. The generation is 0 where the file may not be opened.
    public func status(_ path: String) throws(FileAccessError) -> FileStatus? {
        let status = try orNothing(.status, path) { () throws(Errno) in try SystemCalls.status(path) }
        return status.map { FileStatus($0, generation: generation(path, $0)) }
    }

    /// Opens a regular file for reading, without waiting and without leaving an access time where that is permitted.
    public func open(_ path: String) throws(FileAccessError) -> (any ReadableFile)? {
        // Looked at first, because merely opening a FIFO or a device for reading is felt on its other side.
        guard let seen = try orNothing(.open, path, { () throws(Errno) in try SystemCalls.status(path) }) else {
            return nil
        }
        try requireRegular(path, seen)
        guard let opened = try orNothing(.open, path, { () throws(Errno) in try openWithoutTouching(path) }) else {
            return nil
        }
        try requireRegular(path, opened.status)
        guard opened.descriptor.number < firstReserved else { throw .system(.open, path, Errno(EMFILE)) }
        let generation = generation(opened.descriptor, UInt64(opened.status.st_dev))
        return LinuxFile(opened.descriptor, path: path, generation: generation)
    }

    /// The path with every symbolic link resolved; nil when there is nothing.
    public func canonicalPath(_ path: String) throws(FileAccessError) -> String? {
        try orNothing(.resolve, path) { () throws(Errno) in try SystemCalls.canonicalPath(path) }
    }

    /// The kernel's random identifier of this boot; empty where /proc is not mounted, so that nothing seems to have changed.
    public func bootIdentifier() -> String {
        let bytes = (try? SystemCalls.wholeFile("/proc/sys/kernel/random/boot_id", limit: 256)) ?? []
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private func requireRegular(_ path: String, _ status: stat) throws(FileAccessError) {
        guard FileKind(mode: status.st_mode) == .regular else { throw .notARegularFile(path, status.st_mode) }
    }

    /// Never waits, should the path have become a FIFO or be under somebody's lease.
    private func openWithoutTouching(_ path: String) throws(Errno) -> (descriptor: Descriptor, status: stat) {
        let descriptor = Descriptor(owning: try SystemCalls.openForReading(path))
        return (descriptor, try SystemCalls.status(descriptor.number))
    }

    /// The generation of a file that is not open: asking needs a descriptor. 0 when it may not be opened.
    private func generation(_ path: String, _ status: stat) -> UInt32 {
        let device = UInt64(status.st_dev)
        // Between the two calls the name may have got another file.
        guard FileKind(mode: status.st_mode) == .regular, keepsGenerations(device),
            let opened = try? openWithoutTouching(path), opened.status.st_ino == status.st_ino,
            opened.status.st_dev == status.st_dev
        else { return 0 }
        return generation(opened.descriptor, device)
    }

    private func generation(_ descriptor: Descriptor, _ device: UInt64) -> UInt32 {
        guard keepsGenerations(device) else { return 0 }
        do { return try SystemCalls.generation(descriptor.number) } catch {
            if [ENOTTY, EINVAL, ENOTSUP, ENOSYS].contains(error.number) {
                devicesWithoutGenerations.withLock { _ = $0.insert(device) }
            }
            return 0
        }
    }

    private func keepsGenerations(_ device: UInt64) -> Bool {
        devicesWithoutGenerations.withLock { !$0.contains(device) }
    }
}

/// The result of a call; nil when it says that there is no such file.
private func orNothing<Result>(
    _ operation: FileOperation, _ path: String, _ call: () throws(Errno) -> Result
) throws(FileAccessError) -> Result? {
    do { return try call() } catch {
        if error.number == ENOENT || error.number == ENOTDIR { return nil }
        throw .system(operation, path, error)
    }
}

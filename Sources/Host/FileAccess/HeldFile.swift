import Glibc
public import LogModel

/// A regular file that was opened in a `HeldDirectory`. Closed when the last reference goes.
///
/// Belongs to one thread at a time. What changes it needs `HeldDirectory.Access.changing`.
public final class HeldFile: ReadableFile {
    private let descriptor: Descriptor
    private let path: String
    private let writer: FileWriter
    private let reading: LinuxFile

    init(_ descriptor: Descriptor, path: String, writer: FileWriter) {
        self.descriptor = descriptor
        self.path = path
        self.writer = writer
        reading = LinuxFile(descriptor, path: path, generation: 0)
    }

    /// What the kernel knows of the file now, without its generation.
    public func status() throws(FileAccessError) -> FileStatus { try reading.status() }

    /// Reads up to `buffer.count` bytes at `offset`; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        try reading.read(into: buffer, at: offset)
    }

    /// The first offset at or behind `offset` that is not in a hole; nil when only a hole, or nothing, follows.
    public func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? { try reading.nextData(from: offset) }

    /// Whether some process has the file open for writing; one that is open for changing here counts as well.
    public func writers() -> WriterPresence { reading.writers() }

    /// Writes all of the bytes at the place where the last ones ended, 0 at first.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileAccessError) {
        try change("file.write", .write) { () throws(Errno) in try SystemCalls.writeAll(descriptor.number, bytes) }
    }

    /// Returns when the content and the attributes survive a power cut; the name needs `HeldDirectory.synchronize`.
    public func synchronize() throws(FileAccessError) {
        try change("file.sync", .synchronize) { () throws(Errno) in try SystemCalls.synchronize(descriptor.number) }
    }

    /// Cuts the file, or lengthens it with a hole.
    public func truncate(to size: UInt64) throws(FileAccessError) {
        try change("file.truncate", .truncate) { () throws(Errno) in
            try SystemCalls.truncate(descriptor.number, to: size)
        }
    }

    /// Gives the blocks of a range back to the file system; the range reads as zeros, and the size stays
    /// (FALLOC_FL_PUNCH_HOLE, fallocate(2)).
    public func punchHole(_ range: Range<UInt64>) throws(FileAccessError) {
        try change("file.punch", .punch) { () throws(Errno) in
            try SystemCalls.punchHole(
                descriptor.number, from: range.lowerBound, count: range.upperBound - range.lowerBound)
        }
    }

    /// Takes a range of whole blocks out of the file, so that what is behind it moves to its place (FALLOC_FL_COLLAPSE_RANGE).
    ///
    /// The file system wants whole blocks and something behind them, and may not be able to at all: `not_supported`.
    public func collapse(_ range: Range<UInt64>) throws(FileAccessError) {
        try change("file.collapse", .punch) { () throws(Errno) in
            try SystemCalls.collapse(
                descriptor.number, from: range.lowerBound, count: range.upperBound - range.lowerBound)
        }
    }

    /// Gives the file to another owner and group; by numbers. Changing the owner takes away set-user-ID bits (chown(2)).
    public func setOwner(_ owner: UInt32, group: UInt32) throws(FileAccessError) {
        try change("file.set_owner", .changeAttributes) { () throws(Errno) in
            try SystemCalls.changeOwner(descriptor.number, owner, group)
        }
    }

    /// Sets the permissions, whatever the process's mask.
    public func setPermissions(_ permissions: UInt32) throws(FileAccessError) {
        try change("file.set_mode", .changeAttributes) { () throws(Errno) in
            try SystemCalls.changeMode(descriptor.number, permissions & 0o7777)
        }
    }

    /// Sets when the file was read and changed last.
    public func setTimes(accessed: WallTime, modified: WallTime) throws(FileAccessError) {
        try change("file.set_times", .changeAttributes) { () throws(Errno) in
            try SystemCalls.changeTimes(
                descriptor.number, accessed: accessed.nanoseconds, modified: modified.nanoseconds)
        }
    }

    private func change(
        _ label: String, _ operation: FileOperation, _ call: () throws(Errno) -> Void
    ) throws(FileAccessError) {
        try writer.step(label, operation, path, call)
    }
}

public import LogModel

/// What kind of thing a directory entry is.
public enum FileKind: UInt8, Sendable {
    case regular
    case directory
    case symbolicLink
    case other
    /// The file system does not say in a listing; ask for the status.
    case unknown
}

/// A name in a directory.
public struct DirectoryEntry: Hashable, Sendable {
    /// The name. Bytes that are not UTF-8 stand as private-use characters, U+10FF80 + (byte - 0x80), and are bytes again when
    /// a path with the name is handed back.
    public var name: String
    /// The inode's number; of a mount point that of the directory below.
    public var inode: UInt64
    /// What it is, without following a symbolic link.
    public var kind: FileKind
    /// An entry as the directory tells it.
    public init(name: String, inode: UInt64, kind: FileKind) {
        self.name = name
        self.inode = inode
        self.kind = kind
    }
}

/// The path of a name in a directory.
package func join(_ directory: String, _ name: String) -> String {
    directory == "/" ? "/" + name : directory + "/" + name
}

/// What the kernel knows of a file.
public struct FileStatus: Hashable, Sendable {
    /// Device, inode and generation.
    public var identity: FileIdentity
    /// What it is, links followed.
    public var kind: FileKind
    /// Bytes, holes included.
    public var size: UInt64
    /// When its content was last changed, by the wall clock.
    public var modified: WallTime
    /// How many names it has; 0 when it was removed and is only open.
    public var linkCount: UInt32
    /// The owner's user number.
    public var owner: UInt32
    /// The number of its group.
    public var group: UInt32
    /// Permissions, with the bits for set-user-ID, set-group-ID and sticky (the lowest twelve bits of `st_mode`).
    public var permissions: UInt32
    /// Bytes that are allocated on disk; fewer than `size` when the file has holes.
    public var allocated: UInt64
    /// A status as the kernel tells it.
    public init(
        identity: FileIdentity, kind: FileKind, size: UInt64, modified: WallTime, linkCount: UInt32 = 1,
        owner: UInt32 = 0, group: UInt32 = 0, permissions: UInt32 = 0o644, allocated: UInt64
    ) {
        self.identity = identity
        self.kind = kind
        self.size = size
        self.modified = modified
        self.linkCount = linkCount
        self.owner = owner
        self.group = group
        self.permissions = permissions
        self.allocated = allocated
    }
}

/// Whether some process has a file open for writing.
public enum WriterPresence: Sendable {
    case present
    case absent
    /// Only the file's owner and holders of CAP_LEASE may ask.
    case unknown
}

/// A file that is open for reading. Closed when the last reference goes.
public protocol ReadableFile: AnyObject {
    /// What the kernel knows of the file now.
    func status() throws(FileAccessError) -> FileStatus
    /// Reads up to `buffer.count` bytes at `offset`; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int
    /// The first offset at or behind `offset` that is not in a hole (SEEK_DATA); nil when only a hole follows.
    func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64?
    /// Whether some process has the file open for writing. Asking can hold up a writer that opens it at that moment.
    func writers() -> WriterPresence
}

/// The only way to files. One implementation asks Linux; one simulates a disk that crashes and loses power.
public protocol FileAccess: AnyObject {
    /// The entries of a directory in no particular order, without `.` and `..`; nil when there is no such directory.
    func list(_ directory: String) throws(FileAccessError) -> [DirectoryEntry]?
    /// The status of what a path leads to, symbolic links followed; nil when there is nothing.
    func status(_ path: String) throws(FileAccessError) -> FileStatus?
    /// Opens a regular file for reading, symbolic links followed, without ever blocking; nil when there is nothing.
    /// A directory, FIFO, socket or device is an error of code `not_a_regular_file`.
    func open(_ path: String) throws(FileAccessError) -> (any ReadableFile)?
    /// The path with every symbolic link resolved; nil when there is nothing.
    func canonicalPath(_ path: String) throws(FileAccessError) -> String?
    /// Changes with every boot of the machine; tells whether unsynced bytes may have vanished.
    func bootIdentifier() -> String
}

extension FileAccess {
    /// Why what a path leads to cannot be read; nil when it can, and when there is nothing.
    package func reasonAgainstReading(_ path: String) -> FileAccessError? {
        do throws(FileAccessError) {
            _ = try open(path)
            return nil
        } catch {
            return error
        }
    }
}

/// A file operation that failed.
public struct FileAccessError: DescribedError {
    /// What to switch on, such as `permission_denied`.
    public let code: String
    /// What failed, on which path, and why.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// Whether it goes away.
    public let healing: Healing
    /// The errno, 0 when the error did not come from the kernel.
    public let errorNumber: Int32
    /// An error with its text.
    public init(code: String, message: String, hint: String?, healing: Healing, errorNumber: Int32 = 0) {
        self.code = code
        self.message = message
        self.hint = hint
        self.healing = healing
        self.errorNumber = errorNumber
    }
}

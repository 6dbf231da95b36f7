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
    public var name: String
    public var inode: UInt64
    public var kind: FileKind
    public init(name: String, inode: UInt64, kind: FileKind) {
        self.name = name
        self.inode = inode
        self.kind = kind
    }
}

/// What the kernel knows of a file.
public struct FileStatus: Hashable, Sendable {
    public var identity: FileIdentity
    public var kind: FileKind
    /// Bytes, holes included.
    public var size: UInt64
    public var modified: WallTime
    public var linkCount: UInt32
    public var owner: UInt32
    /// Bytes that are allocated on disk; fewer than `size` when the file has holes.
    public var allocated: UInt64
    public init(
        identity: FileIdentity, kind: FileKind, size: UInt64, modified: WallTime, linkCount: UInt32 = 1,
        owner: UInt32 = 0, allocated: UInt64
    ) {
        self.identity = identity
        self.kind = kind
        self.size = size
        self.modified = modified
        self.linkCount = linkCount
        self.owner = owner
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
    func status() throws(FileAccessError) -> FileStatus
    /// Reads up to `buffer.count` bytes at `offset`; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int
    /// The first offset at or behind `offset` that is not in a hole (SEEK_DATA); nil when only a hole follows.
    func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64?
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

/// A file operation that failed.
public struct FileAccessError: DescribedError {
    public let code: String
    public let message: String
    public let hint: String?
    public let healing: Healing
    /// The errno, 0 when the error did not come from the kernel.
    public let errorNumber: Int32
    public init(code: String, message: String, hint: String?, healing: Healing, errorNumber: Int32 = 0) {
        self.code = code
        self.message = message
        self.hint = hint
        self.healing = healing
        self.errorNumber = errorNumber
    }
}

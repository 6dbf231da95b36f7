public import FileAccess
import Glibc
import LogModel

/// A file that the agent has open for reading.
final class SimulatedFile: ReadableFile {
    private let handle: SimulatedHandle

    init(_ inode: SimulatedInode, path: String, on disk: SimulatedDisk) {
        handle = SimulatedHandle(inode, path: path, on: disk, isWriter: false, isAgents: true)
    }

    func status() throws(FileAccessError) -> FileStatus {
        let inode = try handle.begin("fstat")
        return handle.disk.status(of: inode)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        let content = try handle.begin("read").content
        guard let start = Int(exactly: offset), start < content.size else { return 0 }
        let part = content.bytes[start...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }

    func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? {
        let content = try handle.begin("seek_data").content
        return Int(exactly: offset).flatMap { content.nextData(from: $0) }.map { UInt64($0) }
    }

    func writers() -> WriterPresence {
        guard let inode = try? handle.begin("writers"), !inode.hidesWriters else { return .unknown }
        return inode.writerCount > 0 ? .present : .absent
    }
}

/// A file that the agent has open for appending.
final class SimulatedAppendingFile: AppendableFile {
    private let handle: SimulatedHandle
    private var failure: FileAccessError?

    init(_ inode: SimulatedInode, path: String, on disk: SimulatedDisk) {
        handle = SimulatedHandle(inode, path: path, on: disk, isWriter: true, isAgents: true)
    }

    var size: UInt64 { UInt64(handle.inode.content.size) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(FileAccessError) {
        if let failure { throw failure }
        let inode = try handle.begin("before append.write")
        inode.content.write(bytes, at: inode.content.size)
        inode.modified = handle.disk.clock.wallNow()
        _ = try handle.begin("after append.write")
    }

    func synchronize() throws(FileAccessError) {
        if let failure { throw failure }
        do {
            let inode = try handle.begin("before append.sync")
            inode.content.synchronize()
            _ = try handle.begin("after append.sync")
        } catch {
            failure = error
            throw error
        }
    }
}

/// A file that the service has open for writing. Closed by `close()` or with the last reference.
public final class SimulatedWriter {
    private let handle: SimulatedHandle
    /// Whether every write goes to the end, wherever that is then.
    public let appends: Bool
    /// Where the next write goes when it does not append.
    public private(set) var offset: Int

    init(_ inode: SimulatedInode, path: String, on disk: SimulatedDisk, appends: Bool, offset: Int) {
        handle = SimulatedHandle(inode, path: path, on: disk, isWriter: true, isAgents: false)
        self.appends = appends
        self.offset = offset
    }

    /// Writes all of the bytes. Behind the end of the file, as after somebody else cut it, a hole comes first.
    public func write(_ bytes: some Collection<UInt8>) throws(FileAccessError) {
        let inode = try handle.alive("write to")
        let start = appends ? inode.content.size : offset
        inode.content.write(bytes, at: start)
        offset = start + bytes.count
        inode.modified = handle.disk.clock.wallNow()
    }

    /// Writes text as UTF-8.
    public func write(_ text: String) throws(FileAccessError) { try write(Array(text.utf8)) }

    /// Makes what the file holds survive a power cut.
    public func synchronize() throws(FileAccessError) { try handle.alive("sync").content.synchronize() }

    /// Cuts the file, or makes it longer by a hole. The offset stays.
    public func truncate(to size: Int) throws(FileAccessError) {
        let inode = try handle.alive("truncate")
        inode.content.truncate(to: size)
        inode.modified = handle.disk.clock.wallNow()
    }

    /// Closes the file; nothing can be written any more.
    public func close() { handle.close() }
}

/// What keeps an inode alive while somebody has it open.
final class SimulatedHandle {
    let inode: SimulatedInode
    let disk: SimulatedDisk
    private let path: String
    private let isWriter: Bool
    private let boot: Int
    private let agentLife: Int
    private var isOpen = true

    init(_ inode: SimulatedInode, path: String, on disk: SimulatedDisk, isWriter: Bool, isAgents: Bool) {
        self.inode = inode
        self.disk = disk
        self.path = path
        self.isWriter = isWriter
        boot = disk.boot
        agentLife = disk.agentLife
        inode.openCount += 1
        if isWriter { inode.writerCount += 1 }
        if isAgents { disk.agentHandles[ObjectIdentifier(self)] = { [weak self] in self?.close() } }
    }

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        disk.agentHandles[ObjectIdentifier(self)] = nil
        // A power cut has closed everything already.
        guard boot == disk.boot else { return }
        inode.openCount -= 1
        if isWriter { inode.writerCount -= 1 }
        disk.reclaim(inode)
    }

    /// The inode for an operation of the agent.
    func begin(_ label: String) throws(FileAccessError) -> SimulatedInode {
        guard agentLife == disk.agentLife else { throw SimulatedCrash.error }
        try disk.begin(label, path)
        return try alive(label)
    }

    /// The inode for an operation of anybody.
    func alive(_ operation: String) throws(FileAccessError) -> SimulatedInode {
        guard isOpen, boot == disk.boot else { throw .simulated(operation, path, EBADF) }
        return inode
    }
}

public import FileAccess
import Glibc
public import LogModel

/// A disk in memory on which a service writes and the agent reads, and which can lose power.
///
/// There are two sides. What the *agent* does goes through `FileAccess` (and `openForAppending`), calls `hook` first, and ends
/// with a crash of the agent. What the *service*, and whoever else lives on the machine, does are methods of their own; see
/// `SimulatedDisk+Service.swift`. Everything is deterministic: listings too, though in no order that makes sense.
///
/// What it does not do: data that is overwritten in place, renames, removals and truncations count as durable at once and in
/// order; only bytes behind the last sync can be lost. Not for several threads.
public final class SimulatedDisk: FileAccess {
    /// Which number a new inode gets.
    public enum InodeNumbers: Sendable {
        /// The lowest that is free, as on ext4: a number comes back as soon as its file is gone.
        case lowestFree
        /// One that was never used.
        case alwaysNew
    }

    /// Something the agent is about to do.
    public struct Operation: Hashable, Sendable, CustomStringConvertible {
        /// The operation, such as `open`, `read` or `after append.write`.
        public let label: String
        /// The path it was asked for with, or by which its file was opened.
        public let path: String
        /// Label and path.
        public var description: String { "\(label) \(path)" }
    }

    /// Called before every operation of the agent (and after those that write). It may change the disk, as others do between
    /// two calls of the agent; it may throw an error, which the operation then fails with; and it may throw
    /// `SimulatedCrash.error`, after which nothing works for the agent until `restartAgent()`.
    public var hook: ((Operation) throws(FileAccessError) -> Void)?
    /// How many operations the agent has begun.
    public private(set) var operationCount = 0
    /// Whether the agent is dead.
    public private(set) var hasAgentCrashed = false
    /// `st_dev` of every file.
    public var device: UInt64 = 2049
    /// Whether inodes have generations; false is as on most network and overlay file systems.
    public let keepsGenerations: Bool

    let clock: any TimeSource
    let inodeNumbers: InodeNumbers
    let blockSize: Int
    var root: SimulatedInode
    /// Numbers in use.
    var numbers: Set<UInt64> = [2]
    var nextNumber: UInt64 = 12
    private var nextGeneration: UInt32 = 1
    /// How to close the handles that the agent has open, for when the kernel does it.
    var agentHandles: [ObjectIdentifier: () -> Void] = [:]
    /// Handles of an earlier life of the agent are dead.
    private(set) var agentLife = 0
    /// Handles of an earlier boot are dead, whosever they are.
    var boot = 1
    private var isInHook = false

    /// An empty disk. Blocks, the unit of holes, may be made small so that small files have some.
    public init(
        clock: any TimeSource = ManualTime(), inodeNumbers: InodeNumbers = .lowestFree, blockSize: Int = 4096,
        keepsGenerations: Bool = true
    ) {
        self.clock = clock
        self.inodeNumbers = inodeNumbers
        self.blockSize = blockSize
        self.keepsGenerations = keepsGenerations
        root = SimulatedInode(number: 2, generation: 0, body: .directory([:]), modified: clock.wallNow())
        root.linkCount = 1
    }

    // MARK: The agent's side

    /// The entries of a directory; nil when there is no such directory.
    public func list(_ directory: String) throws(FileAccessError) -> [DirectoryEntry]? {
        try begin("list", directory)
        guard let inode = try find(directory), inode.kind == .directory else { return nil }
        guard inode.isReadable else { throw .simulated("list", directory, EACCES) }
        let entries = inode.entries.map { name, inode in
            DirectoryEntry(name: name, inode: inode.number, kind: inode.kind)
        }
        // Like the hashed directories of ext4.
        return entries.sorted { ContentHash($0.name.utf8).rawValue < ContentHash($1.name.utf8).rawValue }
    }

    /// The status of what a path leads to; nil when there is nothing.
    public func status(_ path: String) throws(FileAccessError) -> FileStatus? {
        try begin("status", path)
        return try find(path).map { status(of: $0) }
    }

    /// Opens a regular file for reading; nil when there is nothing.
    public func open(_ path: String) throws(FileAccessError) -> (any ReadableFile)? {
        try begin("open", path)
        guard let inode = try find(path) else { return nil }
        guard inode.kind == .regular else {
            throw FileAccessError(
                code: "not_a_regular_file", message: "Cannot open \(path): it is not a regular file.", hint: nil,
                healing: .byOperator)
        }
        guard inode.isReadable else { throw .simulated("open", path, EACCES) }
        return SimulatedFile(inode, path: path, on: self)
    }

    /// The path with every symbolic link resolved; nil when there is nothing.
    public func canonicalPath(_ path: String) throws(FileAccessError) -> String? {
        try begin("resolve", path)
        return try resolve(path).map { "/" + $0.names.joined(separator: "/") }
    }

    /// Changes with every power cut.
    public func bootIdentifier() -> String { "simulated-boot-\(boot)" }

    /// Opens a file for the agent to append to, creating it if need be; as `FileWriter.append(to:)` does on a real disk.
    public func openForAppending(_ path: String) throws(FileAccessError) -> any AppendableFile {
        try begin("before append.open", path)
        let inode = try findOrCreate(path)
        let file = SimulatedAppendingFile(inode, path: path, on: self)
        try begin("after append.open", path)
        return file
    }

    /// Ends the agent: from now on all its operations fail, and its handles are dead.
    public func crashAgent() {
        hasAgentCrashed = true
        for close in Array(agentHandles.values) { close() }
    }

    /// Begins another life of the agent. Handles of the last one stay dead.
    public func restartAgent() {
        crashAgent()
        hasAgentCrashed = false
        agentLife += 1
    }

    /// Counts an operation of the agent and calls the hook. Operations that the hook itself causes pass silently.
    func begin(_ label: String, _ path: String) throws(FileAccessError) {
        if hasAgentCrashed { throw SimulatedCrash.error }
        guard !isInHook else { return }
        operationCount += 1
        guard let hook else { return }
        isInHook = true
        defer { isInHook = false }
        do { try hook(Operation(label: label, path: path)) } catch {
            if SimulatedCrash.isCrash(error) { crashAgent() }
            throw error
        }
        if hasAgentCrashed { throw SimulatedCrash.error }
    }

    func status(of inode: SimulatedInode) -> FileStatus {
        FileStatus(
            identity: FileIdentity(
                device: device, inode: inode.number, generation: keepsGenerations ? inode.generation : 0),
            kind: inode.kind, size: UInt64(inode.content.size), modified: inode.modified,
            linkCount: UInt32(inode.linkCount), allocated: UInt64(inode.content.allocated))
    }

    // MARK: Inodes

    func makeInode(_ body: SimulatedInode.Body) -> SimulatedInode {
        var number = nextNumber
        if inodeNumbers == .lowestFree {
            number = 12
            while numbers.contains(number) { number += 1 }
        } else {
            nextNumber += 1
        }
        numbers.insert(number)
        defer { nextGeneration += 1 }
        return SimulatedInode(number: number, generation: nextGeneration, body: body, modified: clock.wallNow())
    }

    /// Gives the number back when neither a name nor a handle is left.
    func reclaim(_ inode: SimulatedInode) {
        if inode.linkCount == 0, inode.openCount == 0 { numbers.remove(inode.number) }
    }
}

/// The end of the agent in the middle of an operation.
public enum SimulatedCrash {
    /// Thrown from a hook to kill the agent, and from every operation of a dead agent.
    public static let error = FileAccessError(
        code: "simulated_crash", message: "The simulated agent was killed.", hint: nil, healing: .never)

    /// Whether an error is the agent's death and not a fault of the disk.
    public static func isCrash(_ error: any Error) -> Bool {
        (error as? FileAccessError)?.code == SimulatedCrash.error.code
    }
}

extension FileAccessError {
    /// What a real disk would say; same code, same healing.
    static func simulated(_ operation: String, _ path: String, _ number: Int32) -> FileAccessError {
        let (code, healing): (String, Healing) =
            switch number {
            case EACCES: ("permission_denied", .byOperator)
            case ENOENT, ENOTDIR: ("not_found", .byItself)
            case ELOOP: ("symbolic_link_loop", .byOperator)
            case ENOSPC: ("no_space", .byItself)
            case EIO: ("io_error", .byOperator)
            default: ("file_operation_failed", .byOperator)
            }
        return FileAccessError(
            code: code, message: "Cannot \(operation) \(path): simulated errno \(number).", hint: nil,
            healing: healing, errorNumber: number)
    }
}

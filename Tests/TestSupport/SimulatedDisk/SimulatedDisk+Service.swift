public import FileAccess
import Glibc
public import LogModel

/// What the service, logrotate, an operator and the power company do.
extension SimulatedDisk {
    // MARK: Making things

    /// Makes a directory, and those above it that are missing.
    public func makeDirectory(_ path: String) throws(FileAccessError) {
        var above = ""
        for name in path.split(separator: "/") {
            above += "/" + name
            if try find(above) == nil {
                let (directory, name) = try parent(of: above, "create")
                attach(makeInode(.directory([:])), to: directory, as: name)
            }
        }
    }

    /// Makes a symbolic link, which may lead nowhere.
    public func symlink(_ target: String, at path: String) throws(FileAccessError) {
        try place(makeInode(.symbolicLink(target)), at: path)
    }

    /// Makes something that is neither file nor directory, such as a FIFO.
    public func makeSpecial(_ path: String) throws(FileAccessError) { try place(makeInode(.special), at: path) }

    /// Gives a file one more name.
    public func link(_ path: String, to newPath: String) throws(FileAccessError) {
        try place(try required(path, "link"), at: newPath)
    }

    // MARK: Writing

    /// Opens a file with O_APPEND, making it if there is none.
    public func openForAppend(_ path: String) throws(FileAccessError) -> SimulatedWriter {
        let inode = try findOrCreate(path)
        return SimulatedWriter(inode, path: path, on: self, appends: true, offset: inode.content.size)
    }

    /// Opens a file without O_APPEND, making it if there is none, as `>` and `nohup` do: its writer keeps its own offset.
    public func openForWriting(
        _ path: String, at offset: Int = 0, truncating: Bool = false
    ) throws(FileAccessError) -> SimulatedWriter {
        let writer = SimulatedWriter(try findOrCreate(path), path: path, on: self, appends: false, offset: offset)
        if truncating { try writer.truncate(to: 0) }
        return writer
    }

    /// Opens, appends and closes.
    public func append(_ path: String, _ bytes: some Collection<UInt8>) throws(FileAccessError) {
        try openForAppend(path).write(bytes)
    }

    /// Opens, appends text and closes.
    public func append(_ path: String, _ text: String) throws(FileAccessError) {
        try append(path, Array(text.utf8))
    }

    /// Makes a new file, in the place of what had its name, with this content.
    public func create(_ path: String, _ bytes: some Collection<UInt8> = []) throws(FileAccessError) {
        let (directory, name) = try parent(of: path, "create")
        if directory.entries[name] != nil { detach(name, from: directory) }
        try openForAppend(path).write(bytes)
    }

    // MARK: Moving, cutting, removing

    /// Renames; what had the new name loses it.
    public func rename(_ path: String, to newPath: String) throws(FileAccessError) {
        let (source, name) = try parent(of: path, "rename")
        guard let inode = source.entries[name] else { throw .simulated("rename", path, ENOENT) }
        let (target, newName) = try parent(of: newPath, "rename")
        // Two names of one file: nothing happens (rename(2)).
        if let existing = target.entries[newName] {
            if existing === inode { return }
            guard existing.kind != .directory else { throw .simulated("rename", newPath, EISDIR) }
            detach(newName, from: target)
        }
        attach(inode, to: target, as: newName)
        detach(name, from: source)
    }

    /// Removes a name. The file lives on as long as it has another one or somebody has it open.
    public func unlink(_ path: String) throws(FileAccessError) {
        let (directory, name) = try parent(of: path, "remove")
        guard directory.entries[name] != nil else { throw .simulated("remove", path, ENOENT) }
        detach(name, from: directory)
    }

    /// Cuts a file, or makes it longer by a hole.
    public func truncate(_ path: String, to size: Int = 0) throws(FileAccessError) {
        try changing(path, "truncate") { $0.truncate(to: size) }
    }

    /// Punches a hole and keeps the size.
    public func punchHole(_ path: String, _ range: Range<Int>) throws(FileAccessError) {
        try changing(path, "punch a hole into") { $0.punch(range) }
    }

    /// Removes bytes from the head in place; a whole number of blocks, and not all there are.
    public func collapse(_ path: String, bytes: Int) throws(FileAccessError) {
        guard bytes % blockSize == 0, bytes < (try required(path, "collapse")).content.size else {
            throw .simulated("collapse", path, EINVAL)
        }
        try changing(path, "collapse") { $0.collapse(blocks: bytes / blockSize) }
    }

    /// Copies a file's present content to a new file in the place of what had its name. Holes become zeroes.
    public func copy(_ path: String, to newPath: String) throws(FileAccessError) {
        try create(newPath, try required(path, "copy").content.bytes)
    }

    /// Replaces a file by `path.gz` as gzip does: the new one is complete before the old one goes.
    public func gzip(_ path: String, compress: ([UInt8]) -> [UInt8]) throws(FileAccessError) {
        try create(path + ".gz", compress(try required(path, "compress").content.bytes))
        try unlink(path)
    }

    // MARK: Rights, answers, looking

    /// Takes or gives the agent the right to read a file, or to look into a directory.
    public func setReadable(_ path: String, _ isReadable: Bool) throws(FileAccessError) {
        try required(path, "change the mode of").isReadable = isReadable
    }

    /// Makes `writers()` answer `unknown` for a file, as for one of another user.
    public func hideWriters(of path: String, _ areHidden: Bool = true) throws(FileAccessError) {
        try required(path, "look up").hidesWriters = areHidden
    }

    /// The content of a file; nil when there is none. Not an operation of the agent.
    public func contents(_ path: String) -> [UInt8]? {
        guard let inode = try? find(path), inode.kind == .regular else { return nil }
        return inode.content.bytes
    }

    /// The status of a file without being an operation of the agent.
    public func peek(_ path: String) -> FileStatus? { (try? find(path)).map { status(of: $0) } }

    /// The names in a directory, sorted; not an operation of the agent.
    public func names(in directory: String) -> [String] {
        ((try? find(directory))?.entries.keys).map { $0.sorted() } ?? []
    }

    /// Sets the time at which a file was last changed.
    public func setModified(_ path: String, _ time: WallTime) throws(FileAccessError) {
        try required(path, "touch").modified = time
    }

    // MARK: Power

    /// Makes what a file holds survive a power cut.
    public func synchronize(_ path: String) throws(FileAccessError) {
        try required(path, "sync").content.synchronize()
    }

    /// Makes everything that is on the disk now survive a power cut.
    public func synchronizeAll() { for inode in files(root) { inode.content.synchronize() } }

    /// Cuts the power and boots again. Of each file's bytes behind its last sync a prefix survives whose length `seed`
    /// decides; all handles, the service's and the agent's, are dead; files without a name are gone; boot identifier and
    /// device are new ones.
    public func powerCut(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        restartAgent()
        boot += 1
        device += 1
        let survivors = inodes(root)
        for inode in survivors {
            inode.openCount = 0
            inode.writerCount = 0
            if inode.kind == .regular { inode.content.losePower(&random) }
        }
        numbers = Set(survivors.map(\.number))
    }

    // MARK: -

    private func required(_ path: String, _ operation: String) throws(FileAccessError) -> SimulatedInode {
        guard let inode = try find(path) else { throw .simulated(operation, path, ENOENT) }
        return inode
    }

    private func changing(
        _ path: String, _ operation: String, _ change: (inout SimulatedContent) -> Void
    ) throws(FileAccessError) {
        let inode = try required(path, operation)
        change(&inode.content)
        inode.modified = clock.wallNow()
    }

    private func place(_ inode: SimulatedInode, at path: String) throws(FileAccessError) {
        let (directory, name) = try parent(of: path, "create")
        guard directory.entries[name] == nil else {
            reclaim(inode)
            throw .simulated("create", path, EEXIST)
        }
        attach(inode, to: directory, as: name)
    }

    private func files(_ inode: SimulatedInode) -> [SimulatedInode] { inodes(inode).filter { $0.kind == .regular } }

    /// Everything that has a name at or below an inode, once each, in the order of inode numbers.
    private func inodes(_ inode: SimulatedInode) -> [SimulatedInode] {
        var found: [UInt64: SimulatedInode] = [:]
        var waiting = [inode]
        while let next = waiting.popLast() {
            if found.updateValue(next, forKey: next.number) == nil { waiting += next.entries.values }
        }
        return found.values.sorted { $0.number < $1.number }
    }
}

import Glibc
import LogModel

/// A directory that is open, in which names are looked up and changed without its path being walked again.
///
/// What stands in its path may be renamed or replaced by a symbolic link meanwhile: what is done here is done in the directory
/// that was opened. No symbolic link is followed, neither on the way to it nor in it.
///
/// May be used by several threads at once, though not for the same name.
public final class HeldDirectory: Sendable {
    /// Where it was when it was opened.
    public let path: String
    private let descriptor: Descriptor
    private let writer: FileWriter

    private init(_ path: String, _ descriptor: Descriptor, _ writer: FileWriter) {
        self.path = path
        self.descriptor = descriptor
        self.writer = writer
    }

    /// Opens a directory, name by name from the root.
    ///
    /// - Parameters:
    ///   - path: absolute; see `FileAccess.canonicalPath` for one in which links are resolved.
    ///   - writer: what makes the changes.
    /// - Returns: the directory, open for as long as it is held.
    /// - Throws: `symbolic_link` where one stands in the path, `not_found` where nothing does.
    public static func open(
        _ path: String, writer: FileWriter = FileWriter()
    ) throws(FileAccessError) -> HeldDirectory {
        guard path.hasPrefix("/") else {
            throw FileAccessError(
                code: "relative_path", message: "Cannot open the directory \(path): the path is not absolute.",
                hint: "Begin it with `/`.", healing: .byOperator)
        }
        let names = path.split(separator: "/").map(String.init)
        do {
            let opened = try SystemCalls.openDirectory(names)
            return HeldDirectory("/" + names.joined(separator: "/"), opened, writer)
        } catch {
            throw error.number == ELOOP ? .symbolicLink(path, "in its path") : .system(.open, path, error)
        }
    }

    /// The path of a name, for messages.
    public func path(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// What the kernel knows of the directory itself.
    public func status() throws(FileAccessError) -> FileStatus {
        do { return FileStatus(try SystemCalls.status(descriptor.number), generation: 0) } catch {
            throw .system(.status, path, error)
        }
    }

    /// What a name stands for, links not followed and without a generation; nil when there is nothing.
    public func status(_ name: String) throws(FileAccessError) -> FileStatus? {
        try seen(name).map { FileStatus($0, generation: 0) }
    }

    private func seen(_ name: String) throws(FileAccessError) -> stat? {
        do { return try SystemCalls.status(descriptor.number, try Self.single(name)) } catch {
            if error.number == ENOENT { return nil }
            throw .system(.status, path(name), error)
        }
    }

    /// Its entries, in no particular order.
    public func list() throws(FileAccessError) -> [DirectoryEntry] {
        do { return try SystemCalls.entries(of: descriptor.number) } catch { throw .system(.list, path, error) }
    }

    /// How a file is opened.
    public enum Access: Sendable {
        case reading
        /// Reading, and changing what is there.
        case changing
    }

    /// Opens a regular file without ever waiting; nil when there is none.
    ///
    /// - Throws: `symbolic_link` for a link, `not_a_regular_file` for a directory, FIFO, socket or device, which is not opened.
    public func open(_ name: String, for access: Access) throws(FileAccessError) -> HeldFile? {
        guard let seen = try seen(name) else { return nil }
        try requireRegular(name, seen)
        let flags = (access == .reading ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let opened: Descriptor
        let status: stat
        do {
            opened = Descriptor(owning: try SystemCalls.open(descriptor.number, try Self.single(name), flags))
            status = try SystemCalls.status(opened.number)
        } catch {
            switch error.number {
            case ENOENT: return nil
            case ELOOP: throw .symbolicLink(path(name), "")
            default: throw .system(.open, path(name), error)
            }
        }
        // Between the two calls the name may have got something else.
        try requireRegular(name, status)
        return HeldFile(opened, path: path(name), writer: writer)
    }

    private func requireRegular(_ name: String, _ status: stat) throws(FileAccessError) {
        switch FileKind(mode: status.st_mode) {
        case .regular: return
        case .symbolicLink: throw .symbolicLink(path(name), "")
        default: throw .notARegularFile(path(name), status.st_mode)
        }
    }

    /// Creates a file that is not there yet, open for changing; its mode is `permissions` whatever the process's mask.
    public func create(_ name: String, permissions: UInt32) throws(FileAccessError) -> HeldFile {
        let created = try writer.step("directory.create", .create, path(name)) { () throws(Errno) in
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY
            return Descriptor(
                owning: try SystemCalls.open(
                    descriptor.number, try Self.single(name), flags, mode: permissions & 0o700))
        }
        let file = HeldFile(created, path: path(name), writer: writer)
        if permissions & 0o7777 != permissions & 0o700 { try file.setPermissions(permissions) }
        return file
    }

    /// Gives a file another name, here or in another directory of the same file system, unless that is taken.
    ///
    /// - Throws: `file_exists` when there is something; nothing is ever replaced.
    public func rename(
        _ name: String, to newName: String, in target: HeldDirectory? = nil
    ) throws(FileAccessError) {
        let target = target ?? self
        try writer.step("directory.rename", .rename, path(name)) { () throws(Errno) in
            try SystemCalls.renameNew(
                descriptor.number, try Self.single(name), to: target.descriptor.number, try Self.single(newName))
        }
    }

    /// Removes a name; false when there was none.
    @discardableResult
    public func remove(_ name: String) throws(FileAccessError) -> Bool {
        try writer.step("directory.remove", .remove, path(name)) { () throws(Errno) -> Bool in
            do throws(Errno) { try SystemCalls.unlink(descriptor.number, try Self.single(name)) } catch {
                if error.number == ENOENT { return false }
                throw error
            }
            return true
        }
    }

    /// Returns when names that were changed survive a power cut.
    public func synchronize() throws(FileAccessError) {
        try writer.step("directory.sync", .synchronize, path) { () throws(Errno) in
            try SystemCalls.synchronizeDirectory(descriptor.number)
        }
    }

    /// A name that leads nowhere else.
    private static func single(_ name: String) throws(Errno) -> String {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")) else {
            throw Errno(EINVAL)
        }
        return name
    }
}

import CLinux
import Glibc
package import LogModel

/// The state directory on a file system of this machine, and one of the databases in it. For the ledger it is locked for one
/// agent.
///
/// SAFETY: the pointers that libc hands out (directory entries, the errno text) are read before the next call and never
/// kept; buffers are lent to libc for one call each.
package final class LocalStateDirectory: LedgerStorage {
    private let directory: String
    package let databaseName: String
    private let isLocking: Bool
    private var lock: Int32 = -1

    package init(_ directory: String) {
        self.directory = directory
        (databaseName, isLocking) = (LedgerFileName.database, true)
    }

    /// For the history, in a directory that the ledger has locked already.
    package init(ofHistoryIn directory: String) {
        self.directory = directory
        (databaseName, isLocking) = (LedgerFileName.history, false)
    }

    deinit { release() }

    package var databasePath: String { path(databaseName) }
    package var vfsName: String? { nil }
    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    package func prepare() throws(LedgerError) -> StoragePreparation {
        try createDirectory(directory)
        let wasUsedBefore = isLocking ? try takeLock() : false
        let kind = FileSystemKind(magic: outrider_file_system_magic(directory))
        return StoragePreparation(
            takesWriteAheadLog: kind.takesWriteAheadLog, wasUsedBefore: wasUsedBefore,
            notices: kind.notices(directory: directory))
    }

    private func createDirectory(_ path: String) throws(LedgerError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure("created", errno)
        }
        try createDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("created", errno) }
    }

    /// Takes the lock, unless it is held; the kernel drops it with the process, however that ends. True when an agent had
    /// held it before.
    private func takeLock() throws(LedgerError) -> Bool {
        if lock >= 0 {
            if identity(LedgerFileName.lock) == identity(of: lock) { return true }
            release()
        }
        let descriptor = open(path(LedgerFileName.lock), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("locked", errno) }
        let holder = firstLine(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw failure("locked", number) }
            let who = holder.split(separator: " ").first.map { " with pid \($0)" } ?? ""
            throw LedgerError(
                .inUse, "state directory \(directory) is in use by outrider\(who)",
                hint: "stop that one, or give this one a state directory of its own", healing: .byOperator)
        }
        let line = Array("\(getpid()) \(processStartTime())\n".utf8)
        // The line is for people; without it the lock holds all the same.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, line, line.count, 0) }
        lock = descriptor
        return !holder.isEmpty
    }

    package func release() {
        guard lock >= 0 else { return }
        close(lock)
        lock = -1
    }

    private func firstLine(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)
    }

    /// Clock ticks between boot and the start of this process: field 22 of proc(5)'s stat, by which a pid that is used
    /// again is told apart.
    private func processStartTime() -> String {
        let bytes = contents("/proc/self/stat", offset: 0, count: 1024)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return "0" }
        let fields = text[end...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : "0"
    }

    package func names() throws(LedgerError) -> [String] {
        guard let listing = opendir(directory) else { throw failure("listed", errno) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func createDatabase() throws(LedgerError) {
        let descriptor = open(databasePath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw failure("written", errno)
        }
        close(descriptor)
    }

    package func rename(_ name: String, to newName: String) throws(LedgerError) {
        // Never over a file that is there.
        guard identity(newName) == nil else { throw failure("written", EEXIST) }
        guard Glibc.rename(path(name), path(newName)) == 0 else { throw failure("written", errno) }
    }

    package func remove(_ name: String) throws(LedgerError) {
        guard unlink(path(name)) == 0 || errno == ENOENT else { throw failure("written", errno) }
    }

    package var freeSpace: Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    package func synchronizeNames() {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // A file system that cannot sync directories leaves nothing to do.
        _ = fsync(descriptor)
        close(descriptor)
    }

    package func identity(_ name: String) -> FileIdentity? {
        var status = stat()
        guard stat(path(name), &status) == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    private func identity(of descriptor: Int32) -> FileIdentity? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    package func read(_ name: String, offset: Int, count: Int) -> [UInt8] {
        contents(path(name), offset: offset, count: count)
    }

    private func contents(_ path: String, offset: Int, count: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &buffer, count, offset)
        return got == count ? buffer : Array(buffer.prefix(max(0, got)))
    }

    private func failure(_ action: String, _ number: Int32) -> LedgerError {
        let message = "state directory \(directory) cannot be \(action): \(String(cString: strerror(number)))"
        switch number {
        case ENOSPC, EDQUOT:
            return LedgerError(.diskFull, message, hint: "free some space on its file system", healing: .byItself)
        case EROFS:
            return LedgerError(.readOnly, message, hint: "mount its file system read-write", healing: .byOperator)
        case EIO:
            return LedgerError(
                .inputOutput, message, hint: "look for disk errors in the kernel's log (dmesg)", healing: .byItself)
        default:
            return LedgerError(
                .directory, message, hint: "name a directory that the agent's user may create and write",
                healing: .byOperator)
        }
    }
}

import Glibc

/// What changes files: the agent's own, in its state directory or where an operator told it to write.
///
/// May be used by several threads at once, though not for the same path.
public struct FileWriter: Sendable {
    private let hook: CrashHook?

    /// Writes to this machine's files.
    public init() { hook = nil }

    /// Writes, and tells `hook` before and after each system call.
    package init(crashPoints hook: @escaping CrashHook) { self.hook = hook }

    /// Puts `bytes` in the place of what `path` held, so that at any moment, also after a power cut, the path leads to all of
    /// the old content or all of the new.
    ///
    /// The new content is written beside it as `.NAME.new`, which a crash may leave behind and the next call overwrites.
    public func replace(
        _ path: String, with bytes: [UInt8], mode: UInt32 = 0o640
    ) throws(FileAccessError) {
        let (directory, name) = split(path)
        let draft = "\(directory == "/" ? "" : directory)/.\(name).new"
        var crashed = false
        do {
            try write(bytes, toDraft: draft, mode: mode, &crashed)
            try step("replace.rename", .rename, path, &crashed) { () throws(Errno) in
                try SystemCalls.rename(draft, to: path)
            }
        } catch {
            if !crashed { try? SystemCalls.unlink(draft) }
            throw error
        }
        try synchronize(directory: directory, "replace.sync_directory")
    }

    /// Opens a file to append to, creating it with `mode` if there is none.
    public func append(to path: String, mode: UInt32 = 0o640) throws(FileAccessError) -> AppendingFile {
        let descriptor = try step("append.open", .open, path) { () throws(Errno) in
            Descriptor(
                owning: try SystemCalls.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK, mode: mode))
        }
        return try AppendingFile(descriptor, path: path, directory: split(path).directory, writer: self)
    }

    /// Creates a directory, and those above it that are missing. One that is there is left as it is.
    public func makeDirectories(_ path: String, mode: UInt32 = 0o750) throws(FileAccessError) {
        if let status = try? SystemCalls.status(path), FileKind(mode: status.st_mode) == .directory { return }
        let (parent, _) = split(path)
        if parent != path { try makeDirectories(parent, mode: mode) }
        try step("make_directory", .makeDirectory, path) { () throws(Errno) in
            do throws(Errno) { try SystemCalls.makeDirectory(path, mode: mode) } catch {
                // Somebody else was faster; but what is there may also be a file.
                guard error.number == EEXIST, let status = try? SystemCalls.status(path),
                    FileKind(mode: status.st_mode) == .directory
                else { throw error }
            }
        }
        try synchronize(directory: parent, "make_directory.sync_directory")
    }

    /// Renames a file within one file system, in place of what `new` led to, and makes that durable.
    public func rename(_ old: String, to new: String) throws(FileAccessError) {
        try step("rename", .rename, old) { () throws(Errno) in try SystemCalls.rename(old, to: new) }
        let (source, target) = (split(old).directory, split(new).directory)
        try synchronize(directory: target, "rename.sync_directory")
        if source != target { try synchronize(directory: source, "rename.sync_directory") }
    }

    /// Removes a file; false when there was none.
    @discardableResult
    public func remove(_ path: String) throws(FileAccessError) -> Bool {
        let existed = try step("remove", .remove, path) { () throws(Errno) -> Bool in
            do throws(Errno) { try SystemCalls.unlink(path) } catch {
                if error.number == ENOENT { return false }
                throw error
            }
            return true
        }
        if existed { try synchronize(directory: split(path).directory, "remove.sync_directory") }
        return existed
    }

    private func write(
        _ bytes: [UInt8], toDraft draft: String, mode: UInt32, _ crashed: inout Bool
    ) throws(FileAccessError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NOCTTY
        let descriptor = try step("replace.create", .create, draft, &crashed) { () throws(Errno) in
            Descriptor(owning: try SystemCalls.open(draft, flags, mode: mode))
        }
        try step("replace.write", .write, draft, &crashed) { () throws(Errno) in
            try SystemCalls.writeAll(descriptor.number, bytes)
        }
        try step("replace.sync", .synchronize, draft, &crashed) { () throws(Errno) in
            try SystemCalls.synchronize(descriptor.number)
        }
    }

    func synchronize(directory: String, _ label: String) throws(FileAccessError) {
        try step(label, .synchronize, directory) { () throws(Errno) in
            let descriptor = Descriptor(owning: try SystemCalls.open(directory, O_RDONLY | O_DIRECTORY))
            try SystemCalls.synchronizeDirectory(descriptor.number)
        }
    }

    /// Makes one system call between its two crash points.
    func step<Result>(
        _ label: String, _ operation: FileOperation, _ path: String, _ call: () throws(Errno) -> Result
    ) throws(FileAccessError) -> Result {
        var crashed = false
        return try step(label, operation, path, &crashed, call)
    }

    private func step<Result>(
        _ label: String, _ operation: FileOperation, _ path: String, _ crashed: inout Bool,
        _ call: () throws(Errno) -> Result
    ) throws(FileAccessError) -> Result {
        try reach(CrashPoint(.before, label), &crashed)
        let result: Result
        do { result = try call() } catch { throw .system(operation, path, error) }
        try reach(CrashPoint(.after, label), &crashed)
        return result
    }

    private func reach(_ point: CrashPoint, _ crashed: inout Bool) throws(FileAccessError) {
        guard let hook else { return }
        do { try hook(point) } catch {
            crashed = true
            throw error
        }
    }

    /// The directory and the name of a path.
    private func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (directory, String(path[path.index(after: slash)...]))
    }
}

public import FileAccess
public import LogModel

/// The first half of rotating by renaming: the log gets the name of a generation, and a new one takes its place. Whoever has it open
/// goes on writing to the generation until it opens its log anew.
///
/// A crash leaves the log under one of its two names, and perhaps no new one, which `create` makes.
public struct LogRename: Sendable {
    private let directory: HeldDirectory
    private let names: GenerationNames
    private let guarding: LogGuard
    private let user: UInt32

    /// For one log.
    ///
    /// - Parameters:
    ///   - directory: where it lies.
    ///   - names: how it and its generations are called.
    ///   - guarding: what is refused.
    ///   - user: by whose rights this is done.
    public init(_ directory: HeldDirectory, _ names: GenerationNames, guarding: LogGuard, user: UInt32) {
        self.directory = directory
        self.names = names
        self.guarding = guarding
        self.user = user
    }

    /// Sets the log aside.
    ///
    /// - Parameters:
    ///   - now: names the generation.
    ///   - creation: how the next log is made; nil where its writer makes it.
    /// - Returns: the generation; nil when there is no log.
    /// - Throws: what was refused, or failed; the log has its own name then, unless the disk failed behind the renaming.
    public func setAside(at now: WallTime, creating creation: LogCreation?) throws(RotationError) -> Generation? {
        guard let file = try filing({ () throws(FileAccessError) in try directory.open(names.live, for: .reading) })
        else { return nil }
        let status = try filing { () throws(FileAccessError) in try file.status() }
        try guarding.check(names.live, status, in: directory, user: user)
        let name = try filing { () throws(FileAccessError) in
            let name = names.unused(at: now, taken: Set(try directory.list().map(\.name)))
            try directory.rename(names.live, to: name)
            return name
        }
        try takeBack(name, unlessItIs: status)
        return try filing { () throws(FileAccessError) in
            try directory.synchronize()
            if let creation { try create(like: status, creation) }
            return names.generation(name)
        }
    }

    /// Between looking and renaming the name may have got another file, which nobody has checked.
    private func takeBack(_ name: String, unlessItIs expected: FileStatus) throws(RotationError) {
        let found = try filing { () throws(FileAccessError) in try directory.status(name) }
        if found?.identity.inode == expected.identity.inode, found?.identity.device == expected.identity.device {
            return
        }
        try filing { () throws(FileAccessError) in try directory.rename(name, to: names.live) }
        throw RotationError(
            "log_replaced", "\(directory.path(names.live)) is not rotated: it was replaced at this moment.",
            hint: "find out what else rotates it", healing: .byItself)
    }

    /// Makes the next log where there is none; its writer may have been faster.
    ///
    /// - Parameters:
    ///   - former: the log that was set aside.
    ///   - creation: what is to be different.
    /// - Throws: what the disk or the kernel refused; an empty log may be there already then, with mode 0600.
    public func create(like former: FileStatus, _ creation: LogCreation) throws(FileAccessError) {
        guard try directory.status(names.live) == nil else { return }
        let permissions = creation.permissions ?? former.permissions & 0o777
        let created: HeldFile
        do {
            created = try directory.create(names.live, permissions: 0o600)
        } catch {
            if error.code == "file_exists" { return }
            throw error
        }
        let (owner, group) = (creation.owner ?? former.owner, creation.group ?? former.group)
        let status = try created.status()
        if status.owner != owner || status.group != group { try created.setOwner(owner, group: group) }
        try created.setPermissions(permissions)
        try directory.synchronize()
    }
}

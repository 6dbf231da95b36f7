import Glibc
import LogModel

/// What was being done when the kernel refused; the words stand in the message.
package enum FileOperation: String {
    case list = "list the directory"
    case status = "look up"
    case open = "open"
    case read = "read"
    case seekData = "look for data in"
    case resolve = "resolve the path"
    case create = "create"
    case write = "write to"
    case synchronize = "bring to disk"
    case rename = "rename"
    case remove = "remove"
    case makeDirectory = "create the directory"
    case changeAttributes = "change owner, mode or times of"
    case truncate = "cut"
    case punch = "take blocks out of"
    case signal = "signal"
    case watch = "watch"
    case poll = "wait for events on"
    case startThread = "start the thread"
    case listen = "listen at"
    case connect = "connect to"
}

extension FileAccessError {
    /// The error of a system call, with advice that fits its errno.
    package static func system(_ operation: FileOperation, _ path: String, _ error: Errno) -> FileAccessError {
        let advice = Advice(operation, path, error)
        let reason = advice.reason ?? String(cString: strerror(error.number))
        return FileAccessError(
            code: advice.code, message: "Cannot \(operation.rawValue) \(path): \(reason).", hint: advice.hint,
            healing: advice.healing, errorNumber: error.number)
    }

    /// A symbolic link stands where none is followed; `place` says where, if that is not the path itself.
    static func symbolicLink(_ path: String, _ place: String) -> FileAccessError {
        FileAccessError(
            code: "symbolic_link",
            message:
                "Cannot open \(path): \(place.isEmpty ? "it is a symbolic link" : "there is a symbolic link \(place)").",
            hint: "Name the place that the link leads to.", healing: .byOperator, errorNumber: ELOOP)
    }

    /// The path leads to something that is not a regular file.
    static func notARegularFile(_ path: String, _ mode: UInt32) -> FileAccessError {
        FileAccessError(
            code: "not_a_regular_file",
            message: "Cannot open \(path): it is \(describeKind(mode)), not a regular file.",
            hint: "Leave it out with `exclude`, or name the files instead.", healing: .byOperator)
    }
}

/// Turns an errno into a code to switch on, a reason for people and something to do.
private struct Advice {
    var code: String
    var reason: String?
    var hint: String?
    var healing: Healing

    init(_ operation: FileOperation, _ path: String, _ error: Errno) {
        code = "file_operation_failed"
        healing = .byOperator
        switch error.number {
        case EACCES, EPERM: permission(path)
        case EMFILE where operation == .watch:
            code = "watch_limit_reached"
            reason = "the limit on inotify instances or on open files is reached"
            hint =
                "Raise the sysctl fs.inotify.max_user_instances, or LimitNOFILE= of the service; until then it is "
                + "looked at regularly instead."
        case EMFILE: files("this process", "Raise LimitNOFILE= of the service (or `ulimit -n`)")
        case ENFILE: files("the whole machine", "Raise the sysctl fs.file-max")
        case ENOSPC where operation == .watch:
            code = "watch_limit_reached"
            reason = "the limit on inotify watches is reached"
            hint = "Raise the sysctl fs.inotify.max_user_watches; until then it is looked at regularly instead."
        case ENOSPC, EDQUOT:
            code = "no_space"
            hint = "Free space on its file system; it is tried again."
            healing = .byItself
        case EROFS:
            code = "read_only_file_system"
            hint = "Mount it writable, or choose another place."
        case EIO:
            code = "io_error"
            hint = "Look at `dmesg`: the disk or its connection is failing."
        case ELOOP:
            code = "symbolic_link_loop"
            hint = "Remove the symbolic links that lead to each other."
        case ENAMETOOLONG: code = "name_too_long"
        case EEXIST:
            code = "file_exists"
            reason = "there is something of the new name already"
            hint = "Move it away; nothing is ever replaced."
        case EOPNOTSUPP:
            code = "not_supported"
            reason = "its file system cannot"
        case ENOENT, ENOTDIR:
            code = "not_found"
            healing = .byItself
        case EAGAIN, EBUSY, ETXTBSY:
            code = "busy"
            reason = "another process holds it"
            hint = "It is tried again."
            healing = .byItself
        case ESTALE, ENODEV, ENXIO, ENOTCONN:
            code = "stale_handle"
            hint = "Its file system went away; it is opened again when it is back."
            healing = .byItself
        case ENOMEM:
            code = "no_memory"
            healing = .byItself
        default: break
        }
    }

    private mutating func files(_ whose: String, _ cure: String) {
        code = "too_many_open_files"
        reason = "too many open files in \(whose)"
        hint = "\(cure), or name fewer files in the configuration."
    }

    private mutating func permission(_ path: String) {
        code = "permission_denied"
        let name = AccountNames.user(geteuid())
        let me = "user \(name)"
        guard let barrier = Barrier(path) else {
            reason = "permission denied for \(me)"
            hint = "Give \(me) the right with a group or an ACL (`setfacl -m u:\(name):rX \(path)`)."
            return
        }
        let group = AccountNames.group(barrier.group)
        reason =
            "permission denied for \(me): \(barrier.path) belongs to \(AccountNames.user(barrier.owner)):\(group) "
            + "with mode \(octal(barrier.mode))"
        hint =
            "Add \(me) to the group \(group) if the mode lets the group read, or run "
            + "`setfacl -m u:\(name):\(barrier.isDirectory ? "rx" : "r") \(barrier.path)`."
    }
}

/// The nearest thing on a path whose status can be seen: the file itself, or the directory that hides it.
private struct Barrier {
    var path: String
    var owner: UInt32
    var group: UInt32
    var mode: UInt32
    var isDirectory: Bool

    init?(_ path: String) {
        var path = path
        while true {
            if let status = try? SystemCalls.status(path) {
                self.path = path
                owner = status.st_uid
                group = status.st_gid
                mode = status.st_mode & 0o7777
                isDirectory = FileKind(mode: status.st_mode) == .directory
                return
            }
            guard let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }
}

private func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

private func describeKind(_ mode: UInt32) -> String {
    switch mode & UInt32(S_IFMT) {
    case UInt32(S_IFDIR): "a directory"
    case UInt32(S_IFIFO): "a FIFO"
    case UInt32(S_IFSOCK): "a socket"
    case UInt32(S_IFCHR), UInt32(S_IFBLK): "a device"
    default: "something else"
    }
}

import CLinux
import Glibc

// SAFETY: as in SystemCallsUnsafe.swift.
extension SystemCalls {
    static func open(_ directory: Int32, _ name: String, _ flags: Int32, mode: UInt32 = 0) throws(Errno) -> Int32 {
        try check(name) { outrider_open_at(directory, $0, flags, mode) }
    }

    /// A directory that is reached from the root without following a symbolic link: ELOOP where one stands.
    static func openDirectory(_ names: [String]) throws(Errno) -> Descriptor {
        var current = Descriptor(owning: try check("/") { outrider_enter(AT_FDCWD, $0) })
        for name in names {
            let above = current.number
            do throws(Errno) { current = Descriptor(owning: try check(name) { outrider_enter(above, $0) }) } catch {
                // The kernel says ENOTDIR of a link, too.
                guard let status = try? status(above, name), FileKind(mode: status.st_mode) == .symbolicLink else {
                    throw error
                }
                throw Errno(ELOOP)
            }
        }
        return Descriptor(owning: try open(current.number, ".", O_RDONLY | O_DIRECTORY))
    }

    /// Of the name itself, not of what a symbolic link leads to.
    static func status(_ directory: Int32, _ name: String) throws(Errno) -> stat {
        var status = stat()
        _ = try check(name) { fstatat(directory, $0, &status, AT_SYMLINK_NOFOLLOW) }
        return status
    }

    static func renameNew(
        _ directory: Int32, _ name: String, to newDirectory: Int32, _ newName: String
    ) throws(Errno) {
        let target = try terminated(newName)
        _ = try check(name) { outrider_rename_new(directory, $0, newDirectory, target) }
    }

    static func unlink(_ directory: Int32, _ name: String) throws(Errno) {
        _ = try check(name) { unlinkat(directory, $0, 0) }
    }

    /// A descriptor of its own for the same directory, to list it from its beginning.
    static func entries(of directory: Int32) throws(Errno) -> [DirectoryEntry] {
        try entries(owning: try open(directory, ".", O_RDONLY | O_DIRECTORY | O_NONBLOCK))
    }

    static func changeOwner(_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) throws(Errno) {
        _ = try check { fchown(descriptor, owner, group) }
    }

    static func changeMode(_ descriptor: Int32, _ permissions: UInt32) throws(Errno) {
        _ = try check { fchmod(descriptor, permissions) }
    }

    /// Sets the times of the last access and of the last change of content, in nanoseconds since 1970.
    static func changeTimes(_ descriptor: Int32, accessed: Int64, modified: Int64) throws(Errno) {
        let times = [accessed, modified].map { time in
            let seconds = time.quotientAndRemainder(dividingBy: 1_000_000_000)
            let isBefore = seconds.remainder < 0
            return timespec(
                tv_sec: Int(seconds.quotient) - (isBefore ? 1 : 0),
                tv_nsec: Int(seconds.remainder) + (isBefore ? 1_000_000_000 : 0))
        }
        _ = try check { futimens(descriptor, times) }
    }

    static func punchHole(_ descriptor: Int32, from offset: UInt64, count: UInt64) throws(Errno) {
        let (offset, count) = try (position(offset), position(count))
        _ = try check { outrider_punch_hole(descriptor, offset, count) }
    }

    static func collapse(_ descriptor: Int32, from offset: UInt64, count: UInt64) throws(Errno) {
        let (offset, count) = try (position(offset), position(count))
        _ = try check { outrider_collapse_range(descriptor, offset, count) }
    }

    private static func position(_ number: UInt64) throws(Errno) -> Int64 {
        guard let position = Int64(exactly: number) else { throw Errno(EFBIG) }
        return position
    }
}

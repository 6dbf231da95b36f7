import Glibc

/// Takes connections of processes on this machine at a name in a directory. Only its own user and root get through.
///
/// The directory's path may be of any length: the name is reached through the open directory, because an address has room for
/// 107 bytes only.
public final class LocalListener: Sendable {
    /// For a `PollSet`: ready to be read when somebody connects.
    public var descriptor: Int32 { socket.number }
    /// Where it listens.
    public let path: String
    private let socket: Descriptor
    private let inode: UInt64

    /// Listens at `name` in `directory`, in place of whatever a process that is gone has left there. The caller must know that
    /// it is gone, such as by the lock on a state directory.
    public init(directory: String, name: String) throws(FileAccessError) {
        path = "\(directory)/\(name)"
        do throws(Errno) {
            let reached = try ReachedDirectory(directory)
            do throws(Errno) { try SystemCalls.unlink(reached.path(name)) } catch {
                if error.number != ENOENT { throw error }
            }
            socket = Descriptor(owning: try SystemCalls.listenLocally(reached.path(name)))
            inode = UInt64(try SystemCalls.status(reached.path(name)).st_ino)
        } catch {
            throw .system(.listen, "\(directory)/\(name)", error)
        }
    }

    /// The next connection; nil when nobody waits.
    public func accept() throws(FileAccessError) -> LocalConnection? {
        do throws(Errno) {
            return LocalConnection(Descriptor(owning: try SystemCalls.acceptLocally(socket.number)), path: path)
        } catch {
            if error.number == EAGAIN || error.number == ECONNABORTED { return nil }
            throw .system(.listen, path, error)
        }
    }

    /// Whether the name still leads here; not when the directory was removed or replaced.
    public var isInPlace: Bool { (try? SystemCalls.status(path)).map { UInt64($0.st_ino) == inode } ?? false }

    /// Takes the name away, so that nobody connects any more.
    public func removeName() { try? SystemCalls.unlink(path) }
}

/// An open directory, and short paths of what is in it.
struct ReachedDirectory {
    private let descriptor: Descriptor

    init(_ directory: String) throws(Errno) {
        descriptor = Descriptor(owning: try SystemCalls.open(directory, O_RDONLY | O_DIRECTORY))
    }

    /// Good for as long as this value lives.
    func path(_ name: String) -> String { "/proc/self/fd/\(descriptor.number)/\(name)" }
}

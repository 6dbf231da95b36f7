import Glibc
public import LogModel

/// A connection between two processes of this machine. Calls block, at most until their deadline; one thread at a time.
///
/// SAFETY: `block` is allocated and freed within one call, and only as many of its bytes are copied as the kernel reports.
public final class LocalConnection: Sendable {
    private let socket: Descriptor
    private let path: String
    private let time = LinuxTime()

    init(_ socket: Descriptor, path: String) {
        self.socket = socket
        self.path = path
    }

    /// Connects to the listener at `name` in `directory`; nil when there is none.
    public static func connect(directory: String, name: String) throws(FileAccessError) -> LocalConnection? {
        let path = "\(directory)/\(name)"
        do throws(Errno) {
            let reached = try ReachedDirectory(directory)
            let descriptor = Descriptor(owning: try SystemCalls.connectLocally(reached.path(name)))
            return LocalConnection(descriptor, path: path)
        } catch {
            if [ENOENT, ENOTDIR, ECONNREFUSED].contains(error.number) { return nil }
            throw .system(.connect, path, error)
        }
    }

    /// Whether the other side is root or the user of this process.
    public func isTrusted() throws(FileAccessError) -> Bool {
        do {
            let user = try SystemCalls.peerUser(socket.number)
            return user == 0 || user == geteuid()
        } catch {
            throw .system(.connect, path, error)
        }
    }

    /// Reads to the other side's end, or until `isComplete` says of what has come that it is enough. Fails with the code
    /// `message_too_long` beyond `limit` bytes, and with `timed_out` at the deadline.
    public func read(
        limit: Int, deadline: MonotonicTime, until isComplete: ([UInt8]) -> Bool = { _ in false }
    ) throws(FileAccessError) -> [UInt8] {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
        defer { block.deallocate() }
        var bytes: [UInt8] = []
        while !isComplete(bytes) {
            try waitReady(writing: false, until: deadline)
            let count = try ifReady(.read) { () throws(Errno) in try SystemCalls.receive(socket.number, into: block) }
            guard let count else { continue }
            if count == 0 { break }
            bytes += block.prefix(count)
            if bytes.count > limit { throw tooLong(limit) }
        }
        return bytes
    }

    /// Writes all of the bytes. Fails with `timed_out` at the deadline.
    public func write(_ bytes: [UInt8], deadline: MonotonicTime) throws(FileAccessError) {
        var offset = 0
        while offset < bytes.count {
            try waitReady(writing: true, until: deadline)
            let count = try ifReady(.write) { () throws(Errno) in
                try bytes.withUnsafeBufferPointer { (all) throws(Errno) in
                    let rest = UnsafeBufferPointer(rebasing: all[offset...])
                    return try SystemCalls.send(socket.number, UnsafeRawBufferPointer(rest))
                }
            }
            offset += count ?? 0
        }
    }

    private func ifReady(
        _ operation: FileOperation, _ call: () throws(Errno) -> Int
    ) throws(FileAccessError) -> Int? {
        do throws(Errno) { return try call() } catch {
            if error.number == EAGAIN { return nil }
            throw .system(operation, path, error)
        }
    }

    private func waitReady(writing: Bool, until deadline: MonotonicTime) throws(FileAccessError) {
        let (seconds, attoseconds) = deadline.since(time.monotonicNow()).components
        let rest = seconds >= 1_000_000 ? 1_000_000_000 : seconds * 1000 + attoseconds / 1_000_000_000_000_000
        do throws(Errno) {
            let isReady = try SystemCalls.waitReady(socket.number, writing: writing, milliseconds: Int32(rest))
            guard isReady else { throw Errno(ETIMEDOUT) }
        } catch {
            if error.number == ETIMEDOUT { throw timedOut }
            throw .system(.poll, path, error)
        }
    }

    private var timedOut: FileAccessError {
        FileAccessError(
            code: "timed_out", message: "The other side of \(path) did not go on in time.", hint: "Try again.",
            healing: .byItself, errorNumber: ETIMEDOUT)
    }

    private func tooLong(_ limit: Int) -> FileAccessError {
        FileAccessError(
            code: "message_too_long", message: "The other side of \(path) sent more than \(limit) bytes.", hint: nil,
            healing: .never)
    }
}

import Glibc
import LogModel

/// Lets a pipe on standard input be read like a file under the path `/dev/stdin`; every other path goes to the base.
///
/// A pipe cannot be read twice, so the newest `window` bytes are kept for consumers that lag; one that lags further behind
/// loses lines, which are accounted as unreadable. When the writer has closed its end, a last line without `\n` is given one. The writer is held back by the pipe itself: no more than `readAhead`
/// bytes are taken beyond what was read by the furthest consumer. Belongs to one thread.
public final class StandardInputFiles: FileAccess {
    /// The path under which standard input is read.
    public static let path = "/dev/stdin"
    private let base: any FileAccess
    private let input: StandardInputFile

    /// Nil when standard input is a regular file: that is read, and positioned, as what it is.
    public init?(over base: any FileAccess) {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return nil }
        self.base = base
        input = StandardInputFile(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    }

    /// The writer has closed its end, and everything was taken from the pipe.
    public var isAtEnd: Bool { input.isAtEnd }

    /// As the base lists it; in `/dev` the pipe stands in for the entry `stdin`, as a regular file.
    public func list(_ directory: String) throws(FileAccessError) -> [DirectoryEntry]? {
        let entries = try base.list(directory)
        guard directory == "/dev" else { return entries }
        return (entries ?? []).filter { $0.name != "stdin" }
            + [DirectoryEntry(name: "stdin", inode: input.identity.inode, kind: .regular)]
    }

    /// Takes what is in the pipe, without waiting, when the path is standard input: the size is what was received so far.
    public func status(_ path: String) throws(FileAccessError) -> FileStatus? {
        path == Self.path ? try input.status() : try base.status(path)
    }

    /// The pipe is one file, however often it is opened, and stays open.
    public func open(_ path: String) throws(FileAccessError) -> (any ReadableFile)? {
        path == Self.path ? input : try base.open(path)
    }

    /// Standard input is its own canonical path, though `/dev/stdin` is a symbolic link.
    public func canonicalPath(_ path: String) throws(FileAccessError) -> String? {
        path == Self.path ? path : try base.canonicalPath(path)
    }

    /// That of the base.
    public func bootIdentifier() -> String { base.bootIdentifier() }

    /// Blocks until there is something to read, or the writer closes its end.
    public static func waitForInput() {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, -1) < 0, errno == EINTR {}
    }
}

/// The bytes of a pipe as far as they are kept: the first ones, by which a file is recognised, and the newest.
private final class StandardInputFile: ReadableFile {
    private static let window = 8 << 20
    private static let readAhead = 1 << 20
    let identity: FileIdentity
    private var first: [UInt8] = []
    private var kept: [UInt8] = []
    /// The offset of `kept[0]`.
    private var keptFrom: UInt64 = 0
    private var furthestRead: UInt64 = 0
    private(set) var isAtEnd = false

    init(identity: FileIdentity) { self.identity = identity }

    private var size: UInt64 { keptFrom + UInt64(kept.count) }

    func status() throws(FileAccessError) -> FileStatus {
        try fill()
        return FileStatus(
            identity: identity, kind: .regular, size: size, modified: .unixEpoch, allocated: size)
    }

    /// Takes what is in the pipe, without waiting for more.
    private func fill() throws(FileAccessError) {
        while !isAtEnd, size < furthestRead + UInt64(Self.readAhead) {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 0) > 0 else { return }
            var failure: FileAccessError?
            let block = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
                let got = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
                if got < 0, errno != EINTR, errno != EAGAIN {
                    failure = .system(.read, StandardInputFiles.path, Errno(errno))
                }
                if got == 0 { isAtEnd = true }
                count = max(0, got)
                // Nothing more can come: a last line without its end is whole.
                if isAtEnd, let last = kept.last, last != 0x0A {
                    buffer[0] = 0x0A
                    count = 1
                }
            }
            if let failure { throw failure }
            if first.count < HeadFingerprint.maximumLength {
                first.append(contentsOf: block.prefix(HeadFingerprint.maximumLength - first.count))
            }
            kept.append(contentsOf: block)
        }
        trim()
    }

    private func trim() {
        guard kept.count > 2 * Self.window else { return }
        let excess = kept.count - Self.window
        kept.removeFirst(excess)
        keptFrom += UInt64(excess)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
        let end = offset + UInt64(buffer.count)
        if end <= UInt64(first.count) {
            buffer.copyBytes(from: first[Int(offset)..<Int(end)])
            return buffer.count
        }
        guard offset >= keptFrom, offset < size else { return 0 }
        let lower = Int(offset - keptFrom)
        let upper = min(kept.count, lower + buffer.count)
        buffer.copyBytes(from: kept[lower..<upper])
        furthestRead = max(furthestRead, offset + UInt64(upper - lower))
        return upper - lower
    }

    func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? { offset }

    func writers() -> WriterPresence { isAtEnd ? .absent : .present }
}

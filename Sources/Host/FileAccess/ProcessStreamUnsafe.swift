import CLinux
import Glibc

/// One of the three streams that every process is started with.
///
/// SAFETY: `block` is allocated and freed within one call, and only as many of its bytes are copied as the read reports.
public enum ProcessStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2

    /// Writes all of the bytes. An error with `errorNumber` EPIPE says that nobody reads them any more.
    public func write(_ bytes: [UInt8]) throws(FileAccessError) {
        do { try SystemCalls.writeAll(rawValue, bytes) } catch { throw .system(.write, name, error) }
    }

    /// Waits for bytes and returns some of them; none at the end.
    public func read(atMost count: Int) throws(FileAccessError) -> [UInt8] {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { block.deallocate() }
        do { return Array(block.prefix(try SystemCalls.read(rawValue, into: block))) } catch {
            throw .system(.read, name, error)
        }
    }

    /// Whether a person looks at it.
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// The size of the terminal, in characters; nil where there is none that says it.
    public var terminalSize: (columns: Int, rows: Int)? {
        var (columns, rows): (CInt, CInt) = (0, 0)
        guard outrider_terminal_size(rawValue, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        return (Int(columns), Int(rows))
    }

    private var name: String {
        switch self {
        case .input: "standard input"
        case .output: "standard output"
        case .error: "standard error"
        }
    }
}

extension FileAccessError {
    /// Whether the other side of a pipe or socket is gone (EPIPE).
    public var isBrokenPipe: Bool { errorNumber == EPIPE }
}

import FileAccess
import Glibc

/// A directory on a real disk that goes with its last reference, and everything in it.
public final class TemporaryDirectory: Sendable {
    /// Its canonical path.
    public let path: String

    /// Makes it below `TMPDIR`, or below /tmp.
    public init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/outrider-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made, let canonical = try LinuxFileAccess().canonicalPath(made) else {
            throw TemporaryDirectoryError(number: errno)
        }
        path = canonical
    }

    deinit { TemporaryDirectory.remove(path) }

    private static func remove(_ directory: String) {
        for entry in (try? LinuxFileAccess().list(directory)) ?? [] {
            let path = "\(directory)/\(entry.name)"
            if entry.kind == .directory {
                remove(path)
            } else if unlink(path) != 0 {
                // A name that is not UTF-8.
                _ = try? FileWriter().remove(path)
            }
        }
        rmdir(directory)
    }

    /// The path of something in it.
    public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// No temporary directory could be made.
public struct TemporaryDirectoryError: Error {
    /// The errno.
    public let number: Int32
}

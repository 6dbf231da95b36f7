import CLinux
import FileAccess
import Glibc
import LogModel
import TestSupport
import Testing

/// Both implementations of `FileAccess`, with the means to change their files.
enum DiskKind: String, CaseIterable, CustomTestStringConvertible {
    case real
    case simulated

    var testDescription: String { rawValue }

    func make() throws -> any DiskUnderTest {
        switch self {
        case .real: try RealDisk()
        case .simulated: try SimulatedDiskUnderTest()
        }
    }
}

/// What a test does to a disk as the service would.
protocol DiskUnderTest {
    var access: any FileAccess { get }
    /// A canonical directory that is empty at first.
    var root: String { get }
    func makeDirectory(_ path: String) throws
    func append(_ path: String, _ bytes: [UInt8]) throws
    func rename(_ path: String, to newPath: String) throws
    func unlink(_ path: String) throws
    func link(_ path: String, to newPath: String) throws
    func symlink(_ target: String, at path: String) throws
    func truncate(_ path: String, to size: Int) throws
    func punchHole(_ path: String, _ range: Range<Int>) throws
    /// Opens for writing; the file is closed by the returned closure.
    func openWriter(_ path: String, appends: Bool) throws -> DiskWriter
}

/// A file that is open for writing.
struct DiskWriter {
    var write: ([UInt8]) throws -> Void
    var close: () -> Void
}

extension DiskUnderTest {
    func append(_ path: String, _ text: String) throws { try append(path, Array(text.utf8)) }

    func callAsFunction(_ name: String) -> String { "\(root)/\(name)" }

    /// The whole content of an open file, read in pieces.
    func contents(_ file: any ReadableFile, pieceSize: Int = 7) throws -> String {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 1)
        defer { piece.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try file.read(into: piece, at: UInt64(bytes.count))
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }
}

/// An errno from the C library.
struct SystemFailure: Error {
    let call: String
    let number: Int32
}

func check(_ call: String, _ result: Int32) throws {
    if result == -1 { throw SystemFailure(call: call, number: errno) }
}

private struct RealDisk: DiskUnderTest {
    let access: any FileAccess = LinuxFileAccess()
    private let directory: TemporaryDirectory
    var root: String { directory.path }

    init() throws { directory = try TemporaryDirectory() }

    func makeDirectory(_ path: String) throws { try check("mkdir", mkdir(path, 0o755)) }

    func append(_ path: String, _ bytes: [UInt8]) throws {
        let writer = try openWriter(path, appends: true)
        defer { writer.close() }
        try writer.write(bytes)
    }

    func rename(_ path: String, to newPath: String) throws { try check("rename", Glibc.rename(path, newPath)) }
    func unlink(_ path: String) throws { try check("unlink", Glibc.unlink(path)) }
    func link(_ path: String, to newPath: String) throws { try check("link", Glibc.link(path, newPath)) }
    func symlink(_ target: String, at path: String) throws { try check("symlink", Glibc.symlink(target, path)) }
    func truncate(_ path: String, to size: Int) throws { try check("truncate", Glibc.truncate(path, size)) }

    func punchHole(_ path: String, _ range: Range<Int>) throws {
        let descriptor = outrider_open(path, O_WRONLY, 0)
        try check("open", descriptor)
        defer { close(descriptor) }
        try check("fallocate", outrider_punch_hole(descriptor, Int64(range.lowerBound), Int64(range.count)))
    }

    func openWriter(_ path: String, appends: Bool) throws -> DiskWriter {
        let descriptor = outrider_open(path, O_WRONLY | O_CREAT | (appends ? O_APPEND : 0), 0o644)
        try check("open", descriptor)
        return DiskWriter(
            write: { try check("write", Int32(Glibc.write(descriptor, $0, $0.count))) }, close: { close(descriptor) })
    }
}

private struct SimulatedDiskUnderTest: DiskUnderTest {
    let disk = SimulatedDisk()
    var access: any FileAccess { disk }
    let root = "/var/log/service"

    init() throws { try disk.makeDirectory(root) }

    func makeDirectory(_ path: String) throws { try disk.makeDirectory(path) }
    func append(_ path: String, _ bytes: [UInt8]) throws { try disk.append(path, bytes) }
    func rename(_ path: String, to newPath: String) throws { try disk.rename(path, to: newPath) }
    func unlink(_ path: String) throws { try disk.unlink(path) }
    func link(_ path: String, to newPath: String) throws { try disk.link(path, to: newPath) }
    func symlink(_ target: String, at path: String) throws { try disk.symlink(target, at: path) }
    func truncate(_ path: String, to size: Int) throws { try disk.truncate(path, to: size) }
    func punchHole(_ path: String, _ range: Range<Int>) throws { try disk.punchHole(path, range) }

    func openWriter(_ path: String, appends: Bool) throws -> DiskWriter {
        let writer = appends ? try disk.openForAppend(path) : try disk.openForWriting(path)
        return DiskWriter(write: { try writer.write($0) }, close: { writer.close() })
    }
}

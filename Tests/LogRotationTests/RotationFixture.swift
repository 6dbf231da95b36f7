import Compression
import FileAccess
import Glibc
import LogModel
import LogRotation
import Synchronization
import TestSupport
import Testing

/// A directory with a log in it.
final class RotationFixture {
    static let generation = "app.log-20251123_100500"
    let temporary: TemporaryDirectory
    let path: String
    let names: GenerationNames
    let now = WallTime(nanoseconds: 1_763_892_300_000_000_000)
    var guarding = LogGuard()
    private let reached = Reached()

    /// Which crash points were reached by the directory that was made last.
    var seen: [CrashPoint] { reached.points.withLock { $0 } }

    private final class Reached: Sendable {
        let points = Mutex<[CrashPoint]>([])
        let isDead = Mutex(false)
    }

    init() throws {
        temporary = try TemporaryDirectory()
        path = try #require(try LinuxFileAccess().canonicalPath(temporary.path))
        names = try GenerationNames(live: "app.log")
    }

    /// The directory, in which whoever holds it dies at `point`.
    func directory(dyingAt point: CrashPoint? = nil) throws -> HeldDirectory {
        let reached = reached
        reached.points.withLock { $0 = [] }
        reached.isDead.withLock { $0 = false }
        return try HeldDirectory.open(
            path,
            writer: FileWriter { next throws(FileAccessError) in
                reached.points.withLock { $0.append(next) }
                if next == point { reached.isDead.withLock { $0 = true } }
                if reached.isDead.withLock({ $0 }) {
                    throw FileAccessError(code: "crash", message: "Crash.", hint: nil, healing: .never)
                }
            })
    }

    func write(_ text: String, to name: String = "app.log") throws {
        try FileWriter().replace("\(path)/\(name)", with: Array(text.utf8), mode: 0o640)
    }

    func setAside(
        _ directory: HeldDirectory, creating creation: LogCreation? = LogCreation()
    ) throws -> Generation? {
        try LogRename(directory, names, guarding: guarding, user: geteuid()).setAside(at: now, creating: creation)
    }

    var files: [String] { get throws { try directory().list().map(\.name).sorted() } }

    func text(_ name: String) throws -> String {
        let file = try #require(try directory().open(name, for: .reading))
        var text: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        if name.hasSuffix(".gz") {
            let reader = try GzipReader(name: name) { try file.read(into: $0, at: $1) }
            while true {
                let count = try reader.read(into: buffer)
                if count == 0 { break }
                text += buffer[..<count]
            }
        } else {
            while true {
                let count = try file.read(into: buffer, at: UInt64(text.count))
                if count == 0 { break }
                text += buffer[..<count]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? any DescribedError)?.code ?? "\(error)" }
    }
}

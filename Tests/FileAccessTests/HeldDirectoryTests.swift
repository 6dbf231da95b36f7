import FileAccess
import Glibc
import LogModel
import Synchronization
import TestSupport
import Testing

@Suite("Directories that are held open")
struct HeldDirectoryTests {
    private let directory: TemporaryDirectory
    /// Without links in its path, which a temporary directory may have.
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = try #require(try LinuxFileAccess().canonicalPath(directory.path))
    }

    private func held(_ name: String = "") throws -> HeldDirectory { try HeldDirectory.open("\(path)/\(name)") }

    private func write(_ text: String, to name: String) throws {
        try FileWriter().replace(directory(name), with: Array(text.utf8))
    }

    private func text(_ file: HeldFile?) throws -> String {
        let file = try #require(file)
        return try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            String(decoding: buffer[..<(try file.read(into: buffer, at: 0))], as: UTF8.self)
        }
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? FileAccessError)?.code ?? "\(error)" }
    }

    @Test("a symbolic link anywhere in the path is refused, and what is missing is said")
    func links() throws {
        try FileWriter().makeDirectories(directory("a/b/c"))
        try check("symlink", symlink(directory("a"), directory("link")))
        try check("symlink", symlink("c", directory("a/b/last")))
        #expect(try held("a/b/c").path == "\(path)/a/b/c")
        #expect(try HeldDirectory.open("/").path("etc") == "/etc")
        #expect(code { _ = try held("link/b/c") } == "symbolic_link")
        #expect(code { _ = try held("a/b/last") } == "symbolic_link")
        #expect(code { _ = try held("a/x/c") } == "not_found")
        try write("", to: "file")
        #expect(code { _ = try held("file") } == "not_found")
        #expect(code { _ = try HeldDirectory.open("relative") } == "relative_path")
    }

    @Test("what is done is done in the directory that was opened, whatever its path leads to by then")
    func swap() throws {
        try FileWriter().makeDirectories(directory("logs"))
        try FileWriter().makeDirectories(directory("trap"))
        let logs = try held("logs")
        try write("mine", to: "logs/app.log")
        try write("theirs", to: "trap/app.log")
        try check("rename", rename(directory("logs"), directory("elsewhere")))
        try check("symlink", symlink("trap", directory("logs")))
        #expect(try text(logs.open("app.log", for: .reading)) == "mine")
        try logs.rename("app.log", to: "app.log-1")
        try logs.create("app.log", permissions: 0o604).write(Array("new".utf8).withUnsafeBytes { $0 })
        #expect(try logs.remove("app.log-1"))
        #expect(try !logs.remove("app.log-1"))
        #expect(try held("elsewhere").list().map(\.name) == ["app.log"])
        #expect(try held("trap").list().map(\.name) == ["app.log"])
        #expect(try held("elsewhere").status("app.log")?.permissions == 0o604)
    }

    @Test("links, FIFOs, directories and names that lead elsewhere are not opened")
    func kinds() throws {
        let held = try held()
        try write("x", to: "file")
        try check("symlink", symlink("file", directory("link")))
        try check("mkfifo", mkfifo(directory("fifo"), 0o600))
        try FileWriter().makeDirectories(directory("folder"))
        #expect(code { _ = try held.open("link", for: .reading) } == "symbolic_link")
        #expect(code { _ = try held.open("fifo", for: .changing) } == "not_a_regular_file")
        #expect(code { _ = try held.open("folder", for: .reading) } == "not_a_regular_file")
        #expect(try held.open("nothing", for: .reading) == nil)
        #expect(try held.status("link")?.kind == .symbolicLink)
        for name in ["", ".", "..", "folder/../file", "/etc/passwd"] {
            #expect(code { _ = try held.open(name, for: .reading) } != nil, "\(name)")
            #expect(code { _ = try held.remove(name) } != nil, "\(name)")
        }
        #expect(code { _ = try held.create("link", permissions: 0o600) } == "file_exists")
    }

    @Test("a new name never takes the place of something")
    func renameToWhatIsThere() throws {
        try write("old", to: "a")
        try write("new", to: "b")
        try FileWriter().makeDirectories(directory("other"))
        let (here, other) = (try held(), try held("other"))
        #expect(code { try here.rename("a", to: "b") } == "file_exists")
        try here.rename("a", to: "a", in: other)
        #expect(try text(other.open("a", for: .reading)) == "old")
        #expect(try here.status("a") == nil)
        #expect(code { try here.rename("nothing", to: "c") } == "not_found")
    }

    @Test("owner, mode, times and content are as they were set")
    func attributes() throws {
        let file = try held().create("f", permissions: 0o640)
        let bytes = [UInt8](repeating: 7, count: 3 * 4096)
        try bytes.withUnsafeBytes { bytes throws in try file.write(bytes) }
        try file.setTimes(accessed: WallTime(nanoseconds: 5), modified: WallTime(nanoseconds: -1))
        try file.synchronize()
        var status = try file.status()
        #expect(status.modified == WallTime(nanoseconds: -1))
        #expect(status.permissions == 0o640 && status.owner == geteuid() && status.linkCount == 1)
        if geteuid() == 0 {
            try file.setOwner(12_345, group: 54_321)
            status = try file.status()
            #expect(status.owner == 12_345 && status.group == 54_321)
        }
        try file.punchHole(0..<4096)
        #expect(try file.nextData(from: 0) == 4096 && file.status().size == 3 * 4096)
        try file.truncate(to: 4097)
        #expect(try file.status().size == 4097)
        #expect(file.writers() == .present)
    }

    @Test("whole blocks are taken out of the beginning, where the file system can")
    func collapse() throws {
        let file = try held().create("f", permissions: 0o600)
        let bytes = (0..<3 * 4096).map { UInt8($0 / 4096) }
        try bytes.withUnsafeBytes { bytes throws in try file.write(bytes) }
        do {
            try file.collapse(0..<4096)
        } catch {
            #expect(error.code == "not_supported")
            return
        }
        #expect(try file.status().size == 2 * 4096)
        #expect(try text(file).utf8.first == 1)
        #expect(code { try file.collapse(0..<100) } != nil)
        #expect(try file.status().size == 2 * 4096)
    }

    @Test("every change passes a crash point before and after it")
    func crashPoints() throws {
        let seen = Mutex<[CrashPoint]>([])
        let writer = FileWriter { point throws(FileAccessError) in seen.withLock { $0.append(point) } }
        let held = try HeldDirectory.open(path, writer: writer)
        let file = try held.create("f", permissions: 0o600)
        try file.truncate(to: 9)
        try file.synchronize()
        try held.rename("f", to: "g")
        try held.remove("g")
        try held.synchronize()
        let labels = [
            "directory.create", "file.truncate", "file.sync", "directory.rename", "directory.remove", "directory.sync",
        ]
        #expect(
            seen.withLock { $0.map(\.description) } == labels.flatMap { ["before \($0)", "after \($0)"] })
    }
}

import FileAccess
import Glibc
import LogModel
import Synchronization
import TestSupport
import Testing

@Suite("Writing files")
struct FileWriterTests {
    private let directory: TemporaryDirectory
    private static let crash = FileAccessError(code: "crash", message: "Crash.", hint: nil, healing: .never)

    init() throws { directory = try TemporaryDirectory() }

    private func text(_ name: String) throws -> String? {
        guard let file = try LinuxFileAccess().open(directory(name)) else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        return String(decoding: buffer[..<(try file.read(into: buffer, at: 0))], as: UTF8.self)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func names() throws -> [String] {
        try #require(try LinuxFileAccess().list(directory.path)).map(\.name).sorted()
    }

    /// The crash points that `body` passes, in order.
    private func points(_ body: (FileWriter) throws -> Void) throws -> [CrashPoint] {
        let seen = Mutex<[CrashPoint]>([])
        try body(FileWriter { point throws(FileAccessError) in seen.withLock { $0.append(point) } })
        return seen.withLock { $0 }
    }

    @Test("a replaced file has the new content, its mode, and nothing is left beside it")
    func replace() throws {
        try FileWriter().replace(directory("state"), with: bytes("one"))
        try FileWriter().replace(directory("state"), with: bytes("two"))
        #expect(try text("state") == "two")
        #expect(try names() == ["state"])
        var status = stat()
        try check("stat", stat(directory("state"), &status))
        #expect(status.st_mode & 0o777 == 0o640)
    }

    @Test("a crash at any point of a replacement leaves all of the old content or all of the new")
    func replaceCrashes() throws {
        let path = directory("state")
        let all = try points { try $0.replace(path, with: bytes("old")) }
        #expect(
            all.map(\.description) == [
                "before replace.create", "after replace.create", "before replace.write", "after replace.write",
                "before replace.sync", "after replace.sync", "before replace.rename", "after replace.rename",
                "before replace.sync_directory", "after replace.sync_directory",
            ])
        for (index, point) in all.enumerated() {
            try FileWriter().replace(path, with: bytes("old"))
            let writer = FileWriter { reached throws(FileAccessError) in if reached == point { throw Self.crash } }
            let error = #expect(throws: FileAccessError.self) { try writer.replace(path, with: bytes("new")) }
            #expect(error?.code == "crash")
            // The rename is the seventh of the calls' sides.
            #expect(try text("state") == (index < 7 ? "old" : "new"))
            // What the crash left behind is no obstacle.
            try FileWriter().replace(path, with: bytes("next"))
            #expect(try text("state") == "next")
            #expect(try names() == ["state"])
        }
    }

    @Test("a replacement that fails leaves no draft and names the path")
    func replaceFails() throws {
        try check("mkdir", mkdir(directory("state"), 0o755))
        let error = #expect(throws: FileAccessError.self) {
            try FileWriter().replace(directory("state"), with: bytes("x"))
        }
        #expect(error?.message.contains(directory("state")) == true)
        #expect(try names() == ["state"])
    }

    @Test("a draft is not written through a link that lies in its place")
    func draftIsNotFollowed() throws {
        try FileWriter().replace(directory("victim"), with: bytes("precious"))
        try check("symlink", symlink(directory("victim"), directory(".state.new")))
        #expect(throws: FileAccessError.self) { try FileWriter().replace(directory("state"), with: bytes("x")) }
        #expect(try text("victim") == "precious")
    }

    @Test("what is appended is behind what was there")
    func appending() throws {
        let first = try FileWriter().append(to: directory("record"))
        try first.append("one\n")
        try first.synchronize()
        let second = try FileWriter().append(to: directory("record"))
        #expect(second.size == 4)
        try second.append("two\n")
        try second.append("")
        #expect(second.size == 8)
        #expect(try text("record") == "one\ntwo\n")
    }

    @Test("when only a part of a block fits, that part is taken back and the file goes on as if nothing had been")
    func shortWrite() async {
        // A limit on the size of files makes write(2) short first, and fail then. It holds for a whole process: a child's.
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10, rlim_max: rlim_t.max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let file = try FileWriter().append(to: directory("record"))
            try file.append("1234567\n")
            let error = #expect(throws: FileAccessError.self) { try file.append("abcdefg\n") }
            #expect(error?.errorNumber == EFBIG)
            #expect(file.size == 8)
            try file.append("9\n")
            #expect(try LinuxFileAccess().status(directory("record"))?.size == 10)
        }
    }

    @Test("after a sync that failed nothing more is promised")
    func failedSync() throws {
        let fails = Mutex(true)
        let io = FileAccessError.system(.synchronize, "record", Errno(EIO))
        let writer = FileWriter { point throws(FileAccessError) in
            if point.label == "append.sync", fails.withLock({ $0 }) { throw io }
        }
        let file = try writer.append(to: directory("record"))
        try file.append("x")
        #expect(throws: FileAccessError.self) { try file.synchronize() }
        fails.withLock { $0 = false }
        #expect(throws: FileAccessError.self) { try file.synchronize() }
        #expect(throws: FileAccessError.self) { try file.append("y") }
        #expect(try text("record") == "x")
    }

    @Test("appending to a FIFO or directory is refused without waiting", .timeLimit(.minutes(10)))
    func appendRefused() throws {
        try check("mkfifo", mkfifo(directory("pipe"), 0o644))
        #expect(throws: FileAccessError.self) { try FileWriter().append(to: directory("pipe")) }
        #expect(throws: FileAccessError.self) { try FileWriter().append(to: directory.path) }
    }

    @Test("missing directories are made, and those that are there are left alone")
    func directories() throws {
        try FileWriter().makeDirectories(directory("a/b/c"))
        try FileWriter().makeDirectories(directory("a/b/c"))
        #expect(try LinuxFileAccess().status(directory("a/b/c"))?.kind == .directory)
        try FileWriter().replace(directory("a/file"), with: [])
        #expect(throws: FileAccessError.self) { try FileWriter().makeDirectories(directory("a/file")) }
        #expect(throws: FileAccessError.self) { try FileWriter().makeDirectories(directory("a/file/below")) }
    }

    @Test("a file is renamed and removed, and a missing one is told")
    func renameAndRemove() throws {
        try FileWriter().replace(directory("a"), with: bytes("x"))
        try FileWriter().rename(directory("a"), to: directory("b"))
        #expect(try names() == ["b"])
        #expect(try FileWriter().remove(directory("b")))
        #expect(try !FileWriter().remove(directory("b")))
        let error = #expect(throws: FileAccessError.self) {
            try FileWriter().rename(directory("a"), to: directory("b"))
        }
        #expect(error?.code == "not_found")
    }
}

import CLinux
import FileAccess
import Glibc
import LogModel
import TestSupport
import Testing

@Suite("Linux files")
struct LinuxFileAccessTests {
    private let access = LinuxFileAccess()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ name: String, _ text: String = "x") throws {
        try FileWriter().append(to: directory(name)).append(text)
    }

    @Test("a FIFO is refused without waking or waiting for its writer", .timeLimit(.minutes(10)))
    func fifo() throws {
        try check("mkfifo", mkfifo(directory("pipe"), 0o644))
        let error = #expect(throws: FileAccessError.self) { try access.open(directory("pipe")) }
        #expect(error?.code == "not_a_regular_file")
        #expect(error?.message.contains("a FIFO") == true)
        #expect(try access.status(directory("pipe"))?.kind == .other)
        // Somebody who opens it for writing without waiting still finds no reader.
        #expect(outrider_open(directory("pipe"), O_WRONLY | O_NONBLOCK, 0) == -1)
    }

    @Test("a device is refused")
    func device() {
        #expect(throws: FileAccessError.self) { try access.open("/dev/null") }
    }

    @Test(
        "a file of another user says who owns it and what to do",
        .enabled(if: geteuid() == 0, "needs root to become another user"))
    func permissionDenied() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let path = directory("secret.log")
            try FileWriter().append(to: path).append("x")
            try check("chmod", chmod(directory.path, 0o755))
            try check("chmod", chmod(path, 0o600))
            try becomeNobody()
            let error = #expect(throws: FileAccessError.self) { try LinuxFileAccess().open(path) }
            #expect(error?.code == "permission_denied")
            #expect(error?.errorNumber == EACCES)
            #expect(error?.healing == .byOperator)
            #expect(error?.message.contains("\(path) belongs to root:root with mode 0600") == true)
            #expect(error?.hint?.contains("`setfacl -m u:nobody:r \(path)`") == true)
            try becomeRoot()
        }
    }

    @Test(
        "a closed directory on the way is named as what is in the way",
        .enabled(if: geteuid() == 0, "needs root to become another user"))
    func closedDirectory() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            try check("chmod", chmod(directory.path, 0o755))
            try check("mkdir", mkdir(directory("closed"), 0o700))
            try FileWriter().append(to: directory("closed/app.log")).append("x")
            try becomeNobody()
            let access = LinuxFileAccess()
            for call in [
                { _ = try access.list(directory("closed")) }, { _ = try access.status(directory("closed/app.log")) },
                { _ = try access.open(directory("closed/app.log")) },
            ] as [() throws -> Void] {
                let error = #expect(throws: FileAccessError.self) { try call() }
                #expect(error?.code == "permission_denied")
                #expect(error?.message.contains("\(directory("closed")) belongs to root:root with mode 0700") == true)
                #expect(error?.hint?.contains("`setfacl -m u:nobody:rx \(directory("closed"))`") == true)
            }
            try becomeRoot()
        }
    }

    @Test(
        "whether somebody writes is unknown for a file of another user, which can be read all the same",
        .enabled(if: geteuid() == 0, "needs root to become another user"))
    func writersOfOthers() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let path = directory("app.log")
            try FileWriter().append(to: path).append("x")
            try check("chmod", chmod(directory.path, 0o755))
            try check("chmod", chmod(path, 0o644))
            try becomeNobody()
            let file = try #require(try LinuxFileAccess().open(path))
            #expect(file.writers() == .unknown)
            #expect(try file.status().size == 1)
            try becomeRoot()
        }
    }

    @Test("a lease that a writer breaks does not kill the agent")
    func brokenLease() throws {
        // It raises SIGURG. Were it SIGIO, the default, this process would end here.
        try write("app.log")
        let descriptor = outrider_open(directory("app.log"), O_RDONLY, 0)
        defer { close(descriptor) }
        for _ in 0..<2 {
            try check("lease", outrider_take_lease(descriptor))
            // Without waiting, so that it breaks the lease and does not wait for its end.
            let opened = outrider_open(directory("app.log"), O_WRONLY | O_NONBLOCK, 0)
            #expect(opened == -1)
            #expect(outrider_give_lease_back(descriptor) == -1)
            #expect(errno == EAGAIN)
        }
        try check("lease", outrider_take_lease(descriptor))
        try check("lease", outrider_give_lease_back(descriptor))
    }

    @Test(
        "names that are not UTF-8 can be listed, opened and written",
        arguments: [
            [0xFF], [0x61, 0x80, 0x62], [0xC3], [0xF4, 0x8F, 0xBE, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xC3, 0xA4, 0xFE],
        ] as [[UInt8]])
    func namesOfBytes(name: [UInt8]) throws {
        let bytes = Array(directory.path.utf8) + [UInt8(ascii: "/")] + name + [0]
        let descriptor = bytes.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { outrider_open($0, O_WRONLY | O_CREAT, 0o644) } ?? -1
        }
        try check("open", descriptor)
        close(descriptor)
        let entry = try #require(try access.list(directory.path)?.first)
        #expect(try access.open(directory(entry.name)) != nil)
        #expect(try access.canonicalPath(directory(entry.name)) == directory(entry.name))
        #expect(try FileWriter().remove(directory(entry.name)))
        #expect(try access.list(directory.path)?.isEmpty == true)
    }

    @Test("a path with a NUL is an error and not another path")
    func nul() throws {
        try write("a")
        #expect(throws: FileAccessError.self) { try access.open(directory("a\0b")) }
    }

    @Test("reading leaves the access time alone")
    func accessTime() throws {
        try write("a", "hello")
        var times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 2000, tv_nsec: 0)]
        try check("utimensat", utimensat(AT_FDCWD, directory("a"), &times, 0))
        let file = try #require(try access.open(directory("a")))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try file.read(into: buffer, at: 0) == 5)
        var status = stat()
        try check("stat", stat(directory("a"), &status))
        #expect(status.st_atim.tv_sec == 1000)
        #expect(try file.status().modified == WallTime(nanoseconds: 2_000_000_000_000))
    }

    @Test("descriptors are closed with the last reference and not inherited")
    func descriptors() throws {
        try write("a")
        let path = directory("a")
        func open() throws -> [Int32] {
            try #require(try access.list("/proc/self/fd")).compactMap { Int32($0.name) }.filter { descriptor in
                (try? access.canonicalPath("/proc/self/fd/\(descriptor)")) == path
            }
        }
        var file = try access.open(path)
        let descriptor = try #require(try open().first)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(file != nil)
        file = nil
        #expect(try open().isEmpty)
        #expect(throws: FileAccessError.self) { try access.open("\(directory.path)/a/../\(directory.path)\0") }
        _ = try access.status(path)
        _ = try? access.open(directory.path)
        #expect(try open().isEmpty)
    }

    @Test("a call that a signal interrupts is made again, any other failure is not")
    func interrupted() throws {
        var calls = 0
        let result = try SystemCalls.check { () -> Int in
            calls += 1
            errno = EINTR
            return calls < 4 ? -1 : 42
        }
        #expect(result == 42)
        #expect(calls == 4)
        #expect(throws: Errno(EIO)) {
            try SystemCalls.check { () -> Int in
                calls += 1
                errno = EIO
                return -1
            }
        }
        #expect(calls == 5)
    }

    @Test(
        "the errors of errno say what to do",
        arguments: [
            (EMFILE, "too_many_open_files", Healing.byOperator, "LimitNOFILE"),
            (ENFILE, "too_many_open_files", .byOperator, "fs.file-max"),
            (ENOSPC, "no_space", .byItself, "Free space"), (EROFS, "read_only_file_system", .byOperator, "writable"),
            (EIO, "io_error", .byOperator, "dmesg"), (ESTALE, "stale_handle", .byItself, "opened again"),
        ])
    func advice(number: Int32, code: String, healing: Healing, hint: String) {
        let error = FileAccessError.system(.open, "/var/log/app.log", Errno(number))
        #expect(error.code == code)
        #expect(error.healing == healing)
        #expect(error.errorNumber == number)
        #expect(error.message.hasPrefix("Cannot open /var/log/app.log: "))
        #expect(error.hint?.contains(hint) == true)
    }

    @Test("a boot identifier is the kernel's")
    func bootIdentifier() {
        #expect(access.bootIdentifier().utf8.count == 36)
    }

    @Test("the clocks run, and the monotonic one never back")
    func clocks() {
        let time = LinuxTime()
        let first = time.monotonicNow()
        #expect(time.wallNow() > WallTime(seconds: 1_700_000_000))
        #expect(time.monotonicNow() >= first)
    }
}

/// Gives up root's rights until `becomeRoot()`, of the whole process.
private func becomeNobody() throws {
    try check("setegid", setegid(65534))
    try check("seteuid", seteuid(65534))
}

private func becomeRoot() throws {
    try check("seteuid", seteuid(0))
    try check("setegid", setegid(0))
}

extension AppendableFile {
    /// Appends text as UTF-8.
    func append(_ text: String) throws(FileAccessError) {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { (buffer) throws(FileAccessError) in
            try append(UnsafeRawBufferPointer(buffer))
        }
    }
}

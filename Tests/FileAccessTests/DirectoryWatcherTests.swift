import FileAccess
import Glibc
import TestSupport
import Testing

@Suite("Watching directories", .timeLimit(.minutes(10)))
struct DirectoryWatcherTests {
    private let directory: TemporaryDirectory
    private let watcher: DirectoryWatcher

    init() throws {
        directory = try TemporaryDirectory()
        watcher = try DirectoryWatcher()
    }

    private func touch(_ name: String, _ text: String = "x") throws {
        try FileWriter().append(to: directory(name)).append(text)
    }

    @Test("names that come and go are told, writes are not")
    func structure() throws {
        let watch = try #require(try watcher.watch(directory: directory.path))
        try touch("a")
        try touch("a", "more")
        try check("rename", rename(directory("a"), directory("b")))
        try check("unlink", unlink(directory("b")))
        try check("mkdir", mkdir(directory("sub"), 0o755))
        #expect(
            try watcher.events() == [
                .appeared(watch, name: "a"), .vanished(watch, name: "a"), .appeared(watch, name: "b"),
                .vanished(watch, name: "b"), .appeared(watch, name: "sub"),
            ])
        #expect(try watcher.events().isEmpty)
    }

    @Test("events wake a poll set")
    func polling() throws {
        let set = try PollSet()
        try set.add(watcher.descriptor, token: 3)
        _ = try watcher.watch(directory: directory.path)
        #expect(try set.wait(atMost: .zero).ready.isEmpty)
        try touch("a")
        #expect(try set.wait(atMost: nil).ready.map(\.token) == [3])
    }

    @Test("a directory that is removed or moved away is gone, and no events come of it any more")
    func gone() throws {
        try check("mkdir", mkdir(directory("one"), 0o755))
        try check("mkdir", mkdir(directory("two"), 0o755))
        let one = try #require(try watcher.watch(directory: directory("one")))
        let two = try #require(try watcher.watch(directory: directory("two")))
        try check("rmdir", rmdir(directory("one")))
        try check("rename", rename(directory("two"), directory("three")))
        #expect(try watcher.events() == [.gone(one), .gone(two)])
        try touch("three/file")
        #expect(try watcher.events().isEmpty)
    }

    @Test("what is not a directory cannot be watched as one")
    func missing() throws {
        try touch("file")
        #expect(try watcher.watch(directory: directory("none")) == nil)
        #expect(try watcher.watch(directory: directory("file")) == nil)
    }

    @Test("a file's next change is told once, whatever its name is by then")
    func oneChange() throws {
        try touch("a")
        let file = try #require(try LinuxFileAccess().open(directory("a")))
        let watch = try #require(try watcher.watchOnce(contentOf: file))
        try check("rename", rename(directory("a"), directory("b")))
        #expect(try watcher.events().isEmpty)
        try touch("b", "1")
        try touch("b", "2")
        #expect(try watcher.events() == [.modified(watch)])
        let again = try #require(try watcher.watchOnce(contentOf: file))
        try check("truncate", truncate(directory("b"), 0))
        #expect(try watcher.events() == [.modified(again)])
    }

    @Test("a file of a simulated disk cannot be watched")
    func simulated() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        let file = try #require(try disk.open("/a"))
        #expect(try watcher.watchOnce(contentOf: file) == nil)
    }

    @Test("a watch that has ended tells nothing, not even what was under way")
    func ended() throws {
        let watch = try #require(try watcher.watch(directory: directory.path))
        try touch("a")
        watcher.end(watch)
        try touch("b")
        #expect(try watcher.events().isEmpty)
        watcher.end(watch)
    }

    @Test("a directory that was asked for twice is watched until both have ended")
    func twice() throws {
        try check("symlink", symlink(directory.path, directory("self")))
        let first = try #require(try watcher.watch(directory: directory.path))
        let second = try #require(try watcher.watch(directory: directory("self")))
        #expect(first == second)
        watcher.end(first)
        try touch("a")
        #expect(try watcher.events() == [.appeared(second, name: "a")])
        watcher.end(second)
        try touch("b")
        #expect(try watcher.events().isEmpty)
    }

    @Test("more events than the kernel keeps are an overflow")
    func overflow() throws {
        _ = try watcher.watch(directory: directory.path)
        let limit = try #require(Int(try text("/proc/sys/fs/inotify/max_queued_events")))
        // Equal events in a row are merged, so two names take turns.
        try touch("a")
        for turn in 0...limit / 2 {
            let (from, to) = turn % 2 == 0 ? ("a", "b") : ("b", "a")
            try check("rename", rename(directory(from), directory(to)))
        }
        #expect(try watcher.events().last == .overflow)
    }

    @Test("when there are no watches left, the error says which limit to raise")
    func limit() {
        let error = FileAccessError.system(.watch, "/var/log", Errno(ENOSPC))
        #expect(error.code == "watch_limit_reached")
        #expect(error.hint?.contains("fs.inotify.max_user_watches") == true)
    }

    private func text(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        fgets(&line, 64, file)
        return String(decoding: line.prefix { $0 > 32 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

import FileAccess
import Glibc
import LogModel
import TestSupport
import Testing

@Suite("Finding files")
struct FileExpansionTests {
    private func disk(_ files: String...) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        for file in files {
            let parts = file.split(separator: "/").dropLast().joined(separator: "/")
            try disk.makeDirectory("/" + parts)
            try disk.append(file, "x")
        }
        return disk
    }

    private func listed(_ disk: SimulatedDisk, _ pattern: String, finds files: [String]) throws -> [String] {
        var paths: [String] = []
        disk.hook = { operation throws(FileAccessError) in if operation.label == "list" { paths.append(operation.path) }
        }
        defer { disk.hook = nil }
        #expect(try FilePattern(pattern).expand(using: disk).files == files)
        return paths.sorted()
    }

    @Test("files are found, directories and hidden ones left out")
    func plain() throws {
        let disk = try disk("/v/a.log", "/v/b.log", "/v/.c.log", "/v/d.log/e", "/v/sub/f.log")
        let found = try FilePattern("/v/*.log").expand(using: disk)
        #expect(found.files == ["/v/a.log", "/v/b.log"])
        #expect(found.directories == ["/v"])
        #expect(found.irregular.isEmpty)
        #expect(found.errors.isEmpty)
    }

    @Test("only directories that can hold a match are listed")
    func onlyWhatCanMatch() throws {
        let disk = try disk("/v/a/log/x.log", "/v/b/other/x.log", "/v/b2/log/deep/x.log", "/w/a/log/x.log")
        let lists = try listed(disk, "/v/*/log/*.log", finds: ["/v/a/log/x.log"])
        #expect(lists == ["/v", "/v/a/log", "/v/b2/log"])
        let outright = try listed(disk, "/v/{a,b2}/log/x.log", finds: ["/v/a/log/x.log"])
        #expect(outright.isEmpty)
    }

    @Test("any number of directories")
    func anyDirectories() throws {
        let disk = try disk("/v/x.log", "/v/a/x.log", "/v/a/b/c/x.log", "/v/.h/x.log", "/v/a/y.txt")
        let found = try FilePattern("/v/**/*.log").expand(using: disk)
        #expect(found.files == ["/v/a/b/c/x.log", "/v/a/x.log", "/v/x.log"])
        #expect(found.directories == ["/v", "/v/a", "/v/a/b", "/v/a/b/c"])
    }

    @Test("where a file can come into being is told, also when it is not there yet")
    func whereToLook() throws {
        let disk = try disk("/v/a/x.log", "/v/b/y")
        #expect(try FilePattern("/v/none/deep/*.log").expand(using: disk).directories == ["/v"])
        #expect(try FilePattern("/v/a/none.log").expand(using: disk).directories == ["/v/a"])
        #expect(try FilePattern("/v/a/x.log").expand(using: disk).directories == ["/v/a"])
        #expect(try FilePattern("/v/*/log/x").expand(using: disk).directories == ["/v", "/v/a", "/v/b"])
    }

    @Test("linked files and directories are found, each directory once and by its own path")
    func links() throws {
        let disk = try disk("/v/releases/v1/app.log", "/v/releases/v2/app.log", "/elsewhere/far.log")
        try disk.symlink("releases/v2", at: "/v/current")
        try disk.symlink("/elsewhere/far.log", at: "/v/far.log")
        try disk.symlink("/elsewhere", at: "/v/other")
        #expect(
            try FilePattern("/v/**/*.log").expand(using: disk).files == [
                "/v/far.log", "/v/other/far.log", "/v/releases/v1/app.log", "/v/releases/v2/app.log",
            ])
        let current = try FilePattern("/v/current/*.log").expand(using: disk)
        #expect(current.files == ["/v/current/app.log"])
        // The link itself may come to lead elsewhere.
        #expect(current.directories == ["/v", "/v/current"])
    }

    @Test("links that lead upwards or to each other end", .timeLimit(.minutes(10)))
    func loops() throws {
        let disk = try disk("/v/a/x.log")
        try disk.symlink("..", at: "/v/a/up")
        try disk.symlink("/v", at: "/v/self")
        try disk.symlink("/v/q", at: "/v/p")
        try disk.symlink("/v/p", at: "/v/q")
        let found = try FilePattern("/v/**/*.log").expand(using: disk)
        #expect(found.files == ["/v/a/x.log"])
        #expect(found.errors.map(\.code) == ["symbolic_link_loop", "symbolic_link_loop"])
        #expect(try FilePattern("/v/self/self/a/*.log").expand(using: disk).files == ["/v/self/self/a/x.log"])
    }

    @Test("what is no regular file is told apart")
    func irregular() throws {
        let disk = try disk("/v/a.log", "/v/dir/x")
        try disk.makeSpecial("/v/pipe.log")
        let found = try FilePattern("/v/*").expand(using: disk)
        #expect(found.files == ["/v/a.log"])
        #expect(found.irregular == ["/v/pipe.log"])
        #expect(try FilePattern("/v/{dir,a.log}").expand(using: disk).irregular == ["/v/dir"])
    }

    @Test("what may not be looked into is told, and the rest is found")
    func unreadable() throws {
        let disk = try disk("/v/a/x.log", "/v/b/x.log", "/v/c/x.log")
        try disk.setReadable("/v/b", false)
        let found = try FilePattern("/v/*/*.log").expand(using: disk)
        #expect(found.files == ["/v/a/x.log", "/v/c/x.log"])
        #expect(found.errors.map(\.code) == ["permission_denied"])
    }

    @Test("what vanishes between two looks is left out", arguments: ["/v/a", "/v/a/x.log", "/v/l"])
    func vanishing(victim: String) throws {
        let disk = try disk("/v/a/x.log", "/v/b/x.log", "/target/x.log")
        try disk.symlink("/target", at: "/v/l")
        disk.hook = { operation throws(FileAccessError) in
            if operation.label != "status", operation.path == "/v/a" || operation.path == "/v/l" {
                try? disk.unlink(victim)
            }
        }
        let found = try FilePattern("/v/*/*.log").expand(using: disk)
        #expect(found.errors.isEmpty)
        #expect(found.files.contains("/v/b/x.log"))
        #expect(!found.files.contains { $0.hasPrefix(victim) })
    }

    @Test("it does not go on below the greatest depth, and says so")
    func depth() throws {
        let disk = try disk("/v/1/2/x.log", "/v/1/2/3/x.log")
        let found = try FilePattern("/v/**/*.log").expand(using: disk, maximumDepth: 3)
        #expect(found.files == ["/v/1/2/x.log"])
        #expect(found.errors.map(\.code) == ["too_deep"])
    }

    @Test(
        "what is found matches, and what matches is found, for random trees and patterns",
        arguments: 0..<40 as Range<UInt64>)
    func agreesWithMatching(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let names = ["a", "b", "ab", ".a", "ba", "b.a"]
        let disk = SimulatedDisk()
        var all: Set<String> = []
        for _ in 0..<60 {
            let depth = Int.random(in: 0...3, using: &random)
            let directory = (0..<depth).map { _ in "/" + (names.randomElement(using: &random) ?? "") }.joined()
            let path = directory + "/" + (names.randomElement(using: &random) ?? "")
            guard (try? disk.makeDirectory(directory)) != nil, disk.peek(directory)?.kind == .directory,
                (try? disk.append(path, "x")) != nil
            else { continue }
            all.insert(path)
        }
        let parts = ["a", "*", "?", "**", "{a,.a}", "*a", "[!a]*", "b*", "{a/b,**/ab}", ".*"]
        for _ in 0..<30 {
            let count = Int.random(in: 1...4, using: &random)
            let text = (0..<count).map { _ in "/" + (parts.randomElement(using: &random) ?? "") }.joined()
            let pattern = try FilePattern(text)
            let found = pattern.expand(using: disk)
            #expect(found.files == all.filter { pattern.matches($0) }.sorted(), "\(text)")
            #expect(Set(found.files).count == found.files.count)
        }
    }
}

/// The same trees and patterns through bash, whose `globstar` is what people know.
@Suite("Finding files as bash does")
struct FileExpansionAgainstBashTests {
    static let patterns = [
        "*.log", "*", "a?c*", "[a-c]*", "[!a]*", "{a,b}*.log", "sub/*", "*/*.log", "**/*.log", "**/x.log", "sub/**/y*",
        "**/deep/**/x.log", ".*", "**/.h*", "{sub,other}/{x,y}.log", "\\*star", "[]x]*", "**", "*/**/x.log", "s*/**",
        "**/{x,y}.log", "a\\ b.log", "[[]*", "*[0-9]", "**/*e*/*",
    ]

    @Test("bash finds the same files", arguments: patterns)
    func bash(pattern: String) throws {
        let directory = try TemporaryDirectory()
        let writer = FileWriter()
        for path in ["sub/deep/er", "sub/.hid/deep", "other/deep", "s2/e/e"] {
            try writer.makeDirectories(directory(path))
        }
        for path in [
            "abc.log", "a.log", "b.log", "c", "aXc1", "x9", "]x", "[y", "*star", "a b.log", ".hidden", ".h",
            "sub/x.log",
            "sub/y.log", "sub/.h2", "sub/deep/x.log", "sub/deep/er/x.log", "sub/deep/er/y2", "sub/.hid/x.log",
            "sub/.hid/deep/x.log", "other/x.log", "other/deep/z", "s2/e/e/x.log",
        ] { _ = try writer.append(to: directory(path)) }
        let found = try FilePattern("\(directory.path)/\(pattern)").expand(using: LinuxFileAccess())
        #expect(found.errors.isEmpty)
        #expect(found.files == (try filesOfBash("\(directory.path)/\(pattern)")).sorted())
    }

    /// What bash expands the pattern to, without what is no file.
    private func filesOfBash(_ pattern: String) throws -> Set<String> {
        let word = pattern.replacing("'", with: "'\\''")
        let script =
            "LC_ALL=C.UTF-8 exec bash -O globstar -O nullglob -c 'for f in \(word); do [ -f \"$f\" ] && printf \"%s\\n\" \"$f\"; done; true'"
        let pipe = try #require(popen(script, "r"))
        defer { pclose(pipe) }
        var text: [UInt8] = []
        while case let byte = fgetc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
        return Set(text.split(separator: 10).map { String(decoding: $0, as: UTF8.self) })
    }
}

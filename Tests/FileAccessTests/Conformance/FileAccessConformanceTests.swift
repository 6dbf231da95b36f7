import FileAccess
import LogModel
import Testing

/// What every `FileAccess` promises: the real and the simulated disk give the same answers.
@Suite("FileAccess conformance")
struct FileAccessConformanceTests {
    @Test("a listing has every name once with its kind and inode", arguments: DiskKind.allCases)
    func listing(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("app.log"), "x")
        try disk.append(disk(".hidden"), "x")
        try disk.makeDirectory(disk("old"))
        try disk.symlink("app.log", at: disk("current"))
        let entries = try #require(try disk.access.list(disk.root)).sorted { $0.name < $1.name }
        #expect(entries.map(\.name) == [".hidden", "app.log", "current", "old"])
        #expect(entries.map(\.kind) == [.regular, .regular, .symbolicLink, .directory])
        let status = try #require(try disk.access.status(disk("app.log")))
        #expect(entries[1].inode == status.identity.inode)
    }

    @Test("what is not there is nil, not an error", arguments: DiskKind.allCases)
    func missing(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("file"), "x")
        for path in [disk("none"), disk("none/deeper"), disk("file/deeper")] {
            #expect(try disk.access.list(path) == nil)
            #expect(try disk.access.status(path) == nil)
            #expect(try disk.access.open(path) == nil)
            #expect(try disk.access.canonicalPath(path) == nil)
        }
        #expect(try disk.access.list(disk("file")) == nil)
    }

    @Test("the status tells kind, size and links", arguments: DiskKind.allCases)
    func status(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "hello")
        try disk.link(disk("a"), to: disk("b"))
        let status = try #require(try disk.access.status(disk("a")))
        #expect(status.kind == .regular)
        #expect(status.size == 5)
        #expect(status.linkCount == 2)
        #expect(try disk.access.status(disk("b"))?.identity == status.identity)
        #expect(try disk.access.status(disk.root)?.kind == .directory)
    }

    @Test("the status of a path and of the open file name the same file", arguments: DiskKind.allCases)
    func sameIdentity(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "hello")
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try file.status() == (try disk.access.status(disk("a"))))
    }

    @Test("reading gives what is there, also what came after the opening", arguments: DiskKind.allCases)
    func reading(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "first line\n")
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try disk.contents(file) == "first line\n")
        try disk.append(disk("a"), "second\n")
        #expect(try disk.contents(file) == "first line\nsecond\n")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try file.read(into: buffer, at: 6) == 12)
        #expect(try file.read(into: buffer, at: 18) == 0)
        #expect(try file.read(into: buffer, at: .max) == 0)
        #expect(try file.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0), at: 0) == 0)
    }

    @Test("an open file follows its inode through a rename", arguments: DiskKind.allCases)
    func renamedWhileOpen(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("app.log"), "one\n")
        let file = try #require(try disk.access.open(disk("app.log")))
        try disk.rename(disk("app.log"), to: disk("app.log.1"))
        try disk.append(disk("app.log"), "other\n")
        try disk.append(disk("app.log.1"), "two\n")
        #expect(try disk.contents(file) == "one\ntwo\n")
        #expect(try disk.access.status(disk("app.log.1"))?.identity == (try file.status().identity))
        #expect(try disk.access.status(disk("app.log"))?.identity != (try file.status().identity))
    }

    @Test("a rename over a file leaves that file to who has it open", arguments: DiskKind.allCases)
    func renamedOver(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "a")
        try disk.append(disk("b"), "b")
        let file = try #require(try disk.access.open(disk("b")))
        try disk.rename(disk("a"), to: disk("b"))
        #expect(try disk.contents(file) == "b")
        #expect(try file.status().linkCount == 0)
        #expect(try disk.contents(try #require(try disk.access.open(disk("b")))) == "a")
    }

    @Test("a removed file lives on while it is open", arguments: DiskKind.allCases)
    func unlinkedWhileOpen(kind: DiskKind) throws {
        let disk = try kind.make()
        let writer = try disk.openWriter(disk("a"), appends: true)
        defer { writer.close() }
        try writer.write(Array("one\n".utf8))
        let file = try #require(try disk.access.open(disk("a")))
        try disk.unlink(disk("a"))
        try writer.write(Array("two\n".utf8))
        #expect(try disk.contents(file) == "one\ntwo\n")
        #expect(try file.status().linkCount == 0)
        #expect(try disk.access.status(disk("a")) == nil)
    }

    @Test("a new file under an old name is another file", arguments: DiskKind.allCases)
    func recreated(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "one")
        let before = try #require(try disk.access.status(disk("a")))
        try disk.unlink(disk("a"))
        try disk.append(disk("a"), "two")
        let after = try #require(try disk.access.status(disk("a")))
        // The number may come back; the generation does not, where there is one.
        if before.identity.generation != 0 { #expect(after.identity != before.identity) }
    }

    @Test("a file that is open keeps its inode number from being used again", arguments: DiskKind.allCases)
    func numbersOfOpenFiles(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "one")
        let file = try #require(try disk.access.open(disk("a")))
        try disk.unlink(disk("a"))
        for name in ["b", "c", "d"] {
            try disk.append(disk(name), "x")
            #expect(try disk.access.status(disk(name))?.identity.inode != (try file.status().identity.inode))
        }
    }

    @Test("a truncated file is shorter for who has it open", arguments: DiskKind.allCases)
    func truncated(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "hello world")
        let file = try #require(try disk.access.open(disk("a")))
        try disk.truncate(disk("a"), to: 5)
        #expect(try file.status().size == 5)
        #expect(try disk.contents(file) == "hello")
        try disk.append(disk("a"), "!")
        #expect(try disk.contents(file) == "hello!")
    }

    @Test("a writer without O_APPEND leaves a hole after a truncation", arguments: DiskKind.allCases)
    func writerBehindTheEnd(kind: DiskKind) throws {
        let disk = try kind.make()
        let writer = try disk.openWriter(disk("a"), appends: false)
        defer { writer.close() }
        try writer.write([UInt8](repeating: 97, count: 12_288))
        try disk.truncate(disk("a"), to: 0)
        try writer.write(Array("late\n".utf8))
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try file.status().size == 12_293)
        #expect(try file.nextData(from: 0) == 12_288)
        #expect(try file.nextData(from: 12_290) == 12_290)
        #expect(try file.status().allocated < 12_288)
    }

    @Test("an appending writer starts anew after a truncation", arguments: DiskKind.allCases)
    func appenderAfterTruncation(kind: DiskKind) throws {
        let disk = try kind.make()
        let writer = try disk.openWriter(disk("a"), appends: true)
        defer { writer.close() }
        try writer.write(Array("before\n".utf8))
        try disk.truncate(disk("a"), to: 0)
        try writer.write(Array("after\n".utf8))
        #expect(try disk.contents(try #require(try disk.access.open(disk("a")))) == "after\n")
    }

    @Test("data behind a punched hole is found", arguments: DiskKind.allCases)
    func punchedHole(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), [UInt8](repeating: 97, count: 12_300))
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try file.nextData(from: 0) == 0)
        try disk.punchHole(disk("a"), 0..<8192)
        #expect(try file.nextData(from: 0) == 8192)
        #expect(try file.nextData(from: 100) == 8192)
        #expect(try file.nextData(from: 9000) == 9000)
        #expect(try file.nextData(from: 12_300) == nil)
        #expect(try file.nextData(from: 1 << 40) == nil)
        #expect(try file.status().size == 12_300)
    }

    @Test("part of a block becomes zeroes, not a hole", arguments: DiskKind.allCases)
    func punchedPart(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), [UInt8](repeating: 97, count: 8192))
        try disk.punchHole(disk("a"), 10..<20)
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try file.nextData(from: 0) == 0)
        let text = try disk.contents(file, pieceSize: 4096)
        #expect(
            text.utf8.prefix(22).elementsEqual(
                [UInt8](repeating: 97, count: 10) + [UInt8](repeating: 0, count: 10) + [97, 97]))
    }

    @Test("a file made longer has only a hole there", arguments: DiskKind.allCases)
    func grown(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "x")
        try disk.truncate(disk("a"), to: 20_000)
        let file = try #require(try disk.access.open(disk("a")))
        #expect(try file.status().size == 20_000)
        #expect(try file.nextData(from: 0) == 0)
        #expect(try file.nextData(from: 4096) == nil)
    }

    @Test(
        "symbolic links are followed, relative and absolute ones, in the middle and at the end",
        arguments: DiskKind.allCases)
    func symbolicLinks(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.makeDirectory(disk("releases"))
        try disk.makeDirectory(disk("releases/v2"))
        try disk.append(disk("releases/v2/app.log"), "hi")
        try disk.symlink("releases/v2", at: disk("current"))
        try disk.symlink("../../current/app.log", at: disk("releases/v2/self"))
        try disk.symlink(disk("current/app.log"), at: disk("absolute"))
        let real = disk("releases/v2/app.log")
        for path in [disk("current/app.log"), disk("absolute"), disk("current/self"), disk("current/../v2/./app.log")] {
            #expect(try disk.access.canonicalPath(path) == real)
            #expect(try disk.access.status(path) == (try disk.access.status(real)))
            #expect(try disk.contents(try #require(try disk.access.open(path))) == "hi")
        }
        #expect(try disk.access.list(disk("current"))?.count == 2)
    }

    @Test("a symbolic link that leads nowhere is nil", arguments: DiskKind.allCases)
    func danglingLink(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.symlink("none", at: disk("link"))
        #expect(try disk.access.status(disk("link")) == nil)
        #expect(try disk.access.open(disk("link")) == nil)
        #expect(try disk.access.canonicalPath(disk("link")) == nil)
    }

    @Test("a loop of symbolic links is an error", arguments: DiskKind.allCases)
    func linkLoop(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.symlink("b", at: disk("a"))
        try disk.symlink("a", at: disk("b"))
        for call in [
            { _ = try disk.access.status(disk("a")) }, { _ = try disk.access.open(disk("a")) },
            { _ = try disk.access.canonicalPath(disk("a")) },
        ] as [() throws -> Void] {
            let error = #expect(throws: FileAccessError.self) { try call() }
            #expect(error?.code == "symbolic_link_loop")
            #expect(error?.healing == .byOperator)
        }
    }

    @Test("a directory is not opened", arguments: DiskKind.allCases)
    func directoryIsNotAFile(kind: DiskKind) throws {
        let disk = try kind.make()
        let error = #expect(throws: FileAccessError.self) { try disk.access.open(disk.root) }
        #expect(error?.code == "not_a_regular_file")
    }

    @Test("writers are seen as long as they have the file open, whatever its name", arguments: DiskKind.allCases)
    func writers(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "x")
        let file = try #require(try disk.access.open(disk("a")))
        let reader = try #require(try disk.access.open(disk("a")))
        #expect(file.writers() == .absent)
        let first = try disk.openWriter(disk("a"), appends: true)
        let second = try disk.openWriter(disk("a"), appends: false)
        #expect(file.writers() == .present)
        try disk.rename(disk("a"), to: disk("b"))
        first.close()
        #expect(file.writers() == .present)
        second.close()
        #expect(file.writers() == .absent)
        #expect(reader.writers() == .absent)
    }

    @Test("asking for writers leaves no lease that would hold one up", arguments: DiskKind.allCases)
    func writersLeaveNoLease(kind: DiskKind) throws {
        let disk = try kind.make()
        try disk.append(disk("a"), "x")
        let file = try #require(try disk.access.open(disk("a")))
        #expect(file.writers() == .absent)
        let writer = try disk.openWriter(disk("a"), appends: true)
        try writer.write(Array("y".utf8))
        writer.close()
        #expect(try disk.contents(file) == "xy")
    }

    @Test("the boot identifier stays while the machine runs", arguments: DiskKind.allCases)
    func bootIdentifier(kind: DiskKind) throws {
        let disk = try kind.make()
        #expect(!disk.access.bootIdentifier().isEmpty)
        #expect(disk.access.bootIdentifier() == disk.access.bootIdentifier())
    }

    @Test("names of any characters come back as they went", arguments: DiskKind.allCases)
    func oddNames(kind: DiskKind) throws {
        let disk = try kind.make()
        let names = ["a b", "ünï.log", "日本", "new\nline", "back\\slash", "\u{10FFFF}x"]
        for name in names { try disk.append(disk(name), name) }
        let listed = try #require(try disk.access.list(disk.root)).map(\.name)
        #expect(listed.count == names.count)
        for name in listed {
            let file = try #require(try disk.access.open(disk(name)))
            #expect(try !disk.contents(file, pieceSize: 64).isEmpty)
        }
    }
}

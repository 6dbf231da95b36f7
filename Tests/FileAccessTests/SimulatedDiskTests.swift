import FileAccess
import Glibc
import LogModel
import TestSupport
import Testing

@Suite("The simulated disk")
struct SimulatedDiskTests {
    private func text(_ disk: SimulatedDisk, _ path: String) -> String? {
        disk.contents(path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func read(_ file: any ReadableFile) throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        return String(decoding: buffer[..<(try file.read(into: buffer, at: 0))], as: UTF8.self)
    }

    // MARK: Inodes

    @Test("an inode number comes back at once, with another generation")
    func lowestFree() throws {
        let disk = SimulatedDisk(inodeNumbers: .lowestFree)
        try disk.append("/a", "x")
        let old = try #require(disk.peek("/a"))
        try disk.unlink("/a")
        try disk.append("/b", "x")
        let new = try #require(disk.peek("/b"))
        #expect(new.identity.inode == old.identity.inode)
        #expect(new.identity.generation != old.identity.generation)
    }

    @Test("without generations a reused number looks like the old file")
    func noGenerations() throws {
        let disk = SimulatedDisk(keepsGenerations: false)
        try disk.append("/a", "x")
        let old = try #require(disk.peek("/a"))
        try disk.unlink("/a")
        try disk.append("/b", "x")
        #expect(disk.peek("/b")?.identity == old.identity)
    }

    @Test("or a number never comes back")
    func alwaysNew() throws {
        let disk = SimulatedDisk(inodeNumbers: .alwaysNew)
        var seen: Set<UInt64> = []
        for _ in 0..<10 {
            try disk.append("/a", "x")
            #expect(seen.insert(try #require(disk.peek("/a")).identity.inode).inserted)
            try disk.unlink("/a")
        }
    }

    @Test("a number is not free while a name, a reader or a writer has the file")
    func keptNumbers() throws {
        let disk = SimulatedDisk()
        func newNumber() throws -> UInt64 {
            try disk.create("/probe")
            defer { try? disk.unlink("/probe") }
            return try #require(disk.peek("/probe")).identity.inode
        }
        try disk.append("/a", "x")
        let number = try #require(disk.peek("/a")).identity.inode
        try disk.link("/a", to: "/b")
        try disk.unlink("/a")
        #expect(try newNumber() != number)
        var file = try disk.open("/b")
        let writer = try disk.openForAppend("/b")
        try disk.unlink("/b")
        #expect(try newNumber() != number)
        file = nil
        #expect(file == nil)
        #expect(try newNumber() != number)
        writer.close()
        #expect(try newNumber() == number)
    }

    @Test("the kernel closes what a killed agent had open")
    func handlesOfTheDead() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        let number = try #require(disk.peek("/a")).identity.inode
        let file = try #require(try disk.open("/a"))
        try disk.unlink("/a")
        disk.crashAgent()
        try disk.append("/b", "x")
        #expect(disk.peek("/b")?.identity.inode == number)
        disk.restartAgent()
        #expect(throws: FileAccessError.self) { try file.status() }
    }

    // MARK: Time

    @Test("files change at the time of the clock that was handed in")
    func time() throws {
        let clock = ManualTime()
        let disk = SimulatedDisk(clock: clock)
        try disk.append("/a", "x")
        let first = try #require(disk.peek("/a")).modified
        clock.advance(by: .seconds(5))
        #expect(disk.peek("/a")?.modified == first)
        try disk.append("/a", "y")
        #expect(disk.peek("/a")?.modified == clock.wallNow())
        clock.jumpWall(by: .seconds(-3600))
        try disk.truncate("/a")
        #expect(try #require(disk.peek("/a")).modified < first)
    }

    // MARK: What others do

    @Test("a collapse removes whole blocks from the head, and appending goes on")
    func collapse() throws {
        let disk = SimulatedDisk(blockSize: 4)
        let writer = try disk.openForAppend("/a")
        try writer.write("0123456789")
        try disk.collapse("/a", bytes: 8)
        try writer.write("ab")
        #expect(text(disk, "/a") == "89ab")
        #expect(throws: FileAccessError.self) { try disk.collapse("/a", bytes: 3) }
        #expect(throws: FileAccessError.self) { try disk.collapse("/a", bytes: 4) }
    }

    @Test("small blocks make small holes")
    func holes() throws {
        let disk = SimulatedDisk(blockSize: 4)
        try disk.append("/a", "0123456789")
        try disk.punchHole("/a", 2..<9)
        #expect(disk.contents("/a") == Array("01".utf8) + [UInt8](repeating: 0, count: 7) + Array("9".utf8))
        let file = try #require(try disk.open("/a"))
        #expect(try file.nextData(from: 4) == 8)
        #expect(try file.status().allocated == 8)
        try disk.punchHole("/a", 4..<10)
        #expect(try file.nextData(from: 4) == nil)
    }

    @Test("a copy is another file with the same bytes; gzip replaces one")
    func copyAndGzip() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "text")
        try disk.copy("/a", to: "/b")
        #expect(text(disk, "/b") == "text")
        #expect(disk.peek("/a")?.identity != disk.peek("/b")?.identity)
        try disk.gzip("/a") { $0.reversed() }
        #expect(disk.names(in: "/") == ["a.gz", "b"])
        #expect(text(disk, "/a.gz") == "txet")
    }

    @Test("an unreadable file is seen but not opened; one whose writers are hidden says unknown")
    func rights() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        let file = try #require(try disk.open("/a"))
        try disk.setReadable("/a", false)
        #expect(throws: FileAccessError.self) { try disk.open("/a") }
        #expect(try disk.status("/a")?.size == 1)
        try disk.hideWriters(of: "/a")
        #expect(file.writers() == .unknown)
    }

    @Test("a writer without O_APPEND keeps its offset when others cut the file")
    func offsets() throws {
        let disk = SimulatedDisk(blockSize: 4)
        let writer = try disk.openForWriting("/a")
        try writer.write("01234567")
        try disk.truncate("/a")
        try writer.write("89")
        #expect(disk.contents("/a") == [UInt8](repeating: 0, count: 8) + Array("89".utf8))
        let again = try disk.openForWriting("/a", truncating: true)
        try again.write("x")
        #expect(text(disk, "/a") == "x")
        again.close()
        #expect(throws: FileAccessError.self) { try again.write("y") }
    }

    // MARK: Power

    @Test("a power cut takes a part of what was not synced and nothing else", arguments: 0..<50 as Range<UInt64>)
    func powerCut(seed: UInt64) throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "durable|")
        try disk.synchronize("/a")
        try disk.append("/a", "perhaps")
        try disk.append("/b", "perhaps")
        try disk.rename("/b", to: "/c")
        disk.powerCut(seed: seed)
        let a = try #require(text(disk, "/a"))
        #expect("durable|perhaps".hasPrefix(a) && a.hasPrefix("durable|"))
        #expect("perhaps".hasPrefix(try #require(text(disk, "/c"))))
        #expect(disk.names(in: "/") == ["a", "c"])
        // What survived is on the disk now.
        disk.powerCut(seed: seed &+ 1)
        #expect(text(disk, "/a") == a)
    }

    @Test("power cuts differ by seed and are the same for the same one")
    func powerCutSeeds() throws {
        func survivors(_ seed: UInt64) throws -> [Int] {
            let disk = SimulatedDisk()
            for name in ["/a", "/b", "/c"] { try disk.append(name, String(repeating: "x", count: 100)) }
            disk.powerCut(seed: seed)
            return ["/a", "/b", "/c"].map { disk.contents($0)?.count ?? -1 }
        }
        #expect(try survivors(1) == (try survivors(1)))
        #expect(try Set((0..<20 as Range<UInt64>).map { try survivors($0) }).count > 15)
    }

    @Test("a truncation is durable, and what was durable before it does not come back")
    func truncationIsDurable() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "0123456789")
        try disk.synchronize("/a")
        try disk.truncate("/a", to: 4)
        try disk.append("/a", "x")
        disk.powerCut(seed: 4)
        #expect(try #require(text(disk, "/a")).hasPrefix("0123"))
    }

    @Test("after a power cut all handles are dead, the device and the boot are new, and files without a name are gone")
    func afterPowerCut() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        let file = try #require(try disk.open("/a"))
        let writer = try disk.openForAppend("/a")
        try disk.append("/named", "x")
        let ofNamed = try disk.openForAppend("/named")
        let (device, boot) = (try file.status().identity.device, disk.bootIdentifier())
        try disk.unlink("/a")
        disk.powerCut(seed: 1)
        #expect(throws: FileAccessError.self) { try file.status() }
        #expect(throws: FileAccessError.self) { try writer.write("y") }
        writer.close()
        ofNamed.close()
        let living = try disk.openForAppend("/named")
        #expect(try disk.open("/named")?.writers() == .present)
        living.close()
        #expect(disk.bootIdentifier() != boot)
        try disk.append("/b", "x")
        #expect(disk.peek("/b")?.identity.device != device)
        #expect(try disk.open("/b")?.writers() == .absent)
    }

    // MARK: The hook

    @Test("the agent can be killed before each of its operations, and does nothing until it is started again")
    func crashes() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        func agent() throws {
            _ = try disk.list("/")
            let file = try #require(try disk.open("/a"))
            #expect(try read(file) == "x")
            _ = file.writers()
            _ = try file.nextData(from: 0)
            _ = try file.status()
            _ = try disk.canonicalPath("/a")
            _ = try disk.status("/a")
        }
        try agent()
        let count = disk.operationCount
        #expect(count == 8)
        var labels: [String] = []
        for victim in 1...count {
            var seen = 0
            disk.hook = { operation throws(FileAccessError) in
                seen += 1
                if seen == victim {
                    labels.append(operation.label)
                    throw SimulatedCrash.error
                }
            }
            let error = #expect(throws: FileAccessError.self) { try agent() }
            #expect(error.map(SimulatedCrash.isCrash) == true)
            #expect(disk.hasAgentCrashed)
            disk.hook = nil
            #expect(throws: FileAccessError.self) { try disk.list("/") }
            // The service does not notice.
            try disk.append("/b", "y")
            disk.restartAgent()
            try agent()
        }
        #expect(labels == ["list", "open", "read", "writers", "seek_data", "fstat", "resolve", "status"])
    }

    @Test("a fault is not a crash")
    func faults() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        let file = try #require(try disk.open("/a"))
        disk.hook = { operation throws(FileAccessError) in
            if operation.label == "read" { throw .system(.read, operation.path, Errno(EIO)) }
        }
        let error = #expect(throws: FileAccessError.self) { try read(file) }
        #expect(error?.code == "io_error")
        disk.hook = nil
        #expect(try read(file) == "x")
    }

    @Test("a file can vanish between being listed and being opened")
    func vanishes() throws {
        let disk = SimulatedDisk()
        try disk.append("/a", "x")
        disk.hook = { operation throws(FileAccessError) in if operation.label == "open" { try? disk.unlink("/a") } }
        #expect(try disk.list("/")?.count == 1)
        #expect(try disk.open("/a") == nil)
    }

    @Test("the agent's own appending has a crash point on both sides of each write and sync")
    func appending() throws {
        let disk = SimulatedDisk()
        for (victim, survivor) in [
            ("before append.write", ""), ("after append.write", "one\n"), ("before append.sync", "one\n"),
            ("after append.sync", "one\n"),
        ] {
            try disk.create("/record")
            disk.hook = { operation throws(FileAccessError) in
                if operation.label == victim { throw SimulatedCrash.error }
            }
            #expect(throws: FileAccessError.self) {
                let file = try disk.openForAppending("/record")
                try file.append("one\n")
                try file.synchronize()
            }
            #expect(text(disk, "/record") == survivor)
            disk.hook = nil
            disk.restartAgent()
        }
    }
}

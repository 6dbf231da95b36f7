import Configuration
import FileAccess
import LogModel
import Testing

/// A disk with one file, which gives a few bytes with each read.
private final class SlowDisk: FileAccess {
    final class File: ReadableFile {
        let content: [UInt8]
        init(_ content: [UInt8]) { self.content = content }
        func status() throws(FileAccessError) -> FileStatus {
            throw FileAccessError(code: "unused", message: "not asked for", hint: nil, healing: .never)
        }
        func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileAccessError) -> Int {
            let part = content.dropFirst(Int(offset)).prefix(min(7, buffer.count))
            buffer.copyBytes(from: part)
            return part.count
        }
        func nextData(from offset: UInt64) throws(FileAccessError) -> UInt64? { offset }
        func writers() -> WriterPresence { .unknown }
    }

    let content: [UInt8]
    init(_ content: [UInt8]) { self.content = content }
    func list(_ directory: String) throws(FileAccessError) -> [DirectoryEntry]? {
        directory == "/c" ? [DirectoryEntry(name: "a.yml", inode: 1, kind: .regular)] : nil
    }
    func status(_ path: String) throws(FileAccessError) -> FileStatus? { nil }
    func open(_ path: String) throws(FileAccessError) -> (any ReadableFile)? {
        path == "/c/a.yml" ? File(content) : nil
    }
    func canonicalPath(_ path: String) throws(FileAccessError) -> String? { path == "." ? "/w" : path }
    func bootIdentifier() -> String { "" }
}

@Suite struct DiskConfigurationFilesTests {
    @Test func filesAreReadWholeThroughShortReads() throws {
        let content = (0..<100).map { UInt8($0) }
        let files = DiskConfigurationFiles(SlowDisk(content))
        #expect(try files.read("/c/a.yml") == content)
        #expect(try files.read("/c/b.yml") == nil)
        #expect(try files.names(in: "/c") == ["a.yml"])
        #expect(try files.names(in: "/d") == nil)
        #expect(try files.workingDirectory() == "/w")
    }
}

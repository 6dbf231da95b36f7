import Compression
import FileAccess
import JSONText
import LogModel
import TestSupport
import Testing

@testable import Agent

/// Files that no stream follows any more are known by their content.
@Suite
struct StreamReportTests {
    private static let content = Array("one\ntwo\nthree\n".utf8)

    private static func stream(_ path: String, known: [UInt8], length: UInt64) -> StreamRecord {
        StreamRecord(
            id: StreamID(7), source: SourceName("app"), path: path, segments: [],
            known: [
                KnownFile(
                    head: HeadFingerprint(length: UInt32(known.count), hash: ContentHash(known)), length: length,
                    identity: FileIdentity(device: 1, inode: 1))
            ])
    }

    private static func report(_ path: String, _ streams: [StreamRecord]) -> JSONValue {
        StreamReport(
            streams: streams, cursors: [], losses: [], path: path,
            head: { FileHead(of: path, using: LinuxFileAccess()) }, from: .ledger
        ).json
    }

    @Test(arguments: [("app.log.1", false), ("app.log-20260101.gz", true), ("other-name", false)])
    func aFinishedFileIsFoundByItsContent(name: String, isCompressed: Bool) throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(
            directory(name), with: isCompressed ? try GzipWriter.gzip(Self.content) : Self.content)
        let known = Self.stream(directory("app.log"), known: Self.content, length: 9000)
        let elsewhere = Self.stream("/elsewhere/app.log", known: Self.content, length: 1)
        let other = Self.stream(directory("web.log"), known: Array("one\nTWO\n".utf8), length: 2)
        let longer = Self.stream(directory("long.log"), known: Self.content + [0x0A], length: 3)
        let report = Self.report(directory(name), [elsewhere, other, longer, known])
        #expect(report["streams"]?.array?.count == 1)
        #expect(report["streams"]?.array?.first?["path"] == .string(directory("app.log")))
        #expect(report["streams"]?.array?.first?["finished"]?["bytes"] == 9000)
        #expect(report["relatives"] == [])
    }

    @Test
    func aFileOfUnknownContentIsOnlyNamedLikeARotation() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("app.log.1"), with: Array("else\n".utf8))
        let streams = ["app.log", "app", "ap", "app.log.1.d/x"].map {
            Self.stream(directory($0), known: Self.content, length: 9)
        }
        let report = Self.report(directory("app.log.1"), streams)
        #expect(report["streams"] == [])
        #expect(report["relatives"] == [.string(directory("app.log")), .string(directory("app"))])
    }

    @Test
    func whatCannotBeReadHasNoHead() throws {
        let directory = try TemporaryDirectory()
        try FileWriter().replace(directory("empty"), with: [])
        try FileWriter().replace(directory("no.gz"), with: Self.content)
        for name in ["none", "empty", "no.gz", ""] {
            #expect(FileHead(of: directory(name), using: LinuxFileAccess()) == nil, "\(name)")
        }
    }
}

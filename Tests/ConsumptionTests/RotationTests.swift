import FileTail
import Foundation
import LogModel
import Testing

@testable import Consumption

/// A real directory under real renames, copies, truncations and compressions: every line once, whatever happens.
@Suite struct RotationTests {
    /// As Kubernetes lays its logs out: what the globs match are links.
    @Test(arguments: [
        "mv data/app.log data/app.log.1", "mv data/app.log data/app.log.20251121 && gzip data/app.log.20251121",
    ])
    func aFileBehindALinkIsReadOnThoughItWasRotatedWhileNobodyLooked(rotation: String) throws {
        let f = try TailFixture(["logs/app.log"])
        try f.run("mkdir logs data; printf 'one\\ntwo\\n' > data/app.log; ln -s ../data/app.log logs/app.log")
        f.read()
        try f.run("printf 'three\\n' >> data/app.log; \(rotation); printf 'four\\n' > data/app.log")
        try f.restart()
        f.read()
        #expect(f.lines == ["one", "two", "three", "four"])
        #expect(f.losses.isEmpty)
        #expect(f.account().openEndedLosses == 0)
    }

    @Test func rotatedFilesBehindALinkThatWereThereBeforeAreNotAskedFor() throws {
        let f = try TailFixture(["logs/app.log"])
        try f.run(
            "mkdir logs data; echo old > data/app.log.1; printf 'one\\n' > data/app.log; ln -s ../data/app.log logs/app.log"
        )
        f.read()
        try f.restart()
        f.read()
        #expect(f.lines == ["one"])
    }

    @Test func growingFileIsReadLineByLine() throws {
        let f = try TailFixture()
        f.append("one\ntw")
        f.read()
        #expect(f.lines == ["one"])
        f.append("o\r\nthree\n")
        f.read()
        #expect(f.lines == ["one", "two", "three"])
    }

    @Test func renameChainWhileRunning() throws {
        let f = try TailFixture()
        for generation in 0..<5 {
            f.append("a\(generation)\n")
            f.read()
            f.append("b\(generation)\n")
            if generation > 0 { try f.rename("app.log.1", "app.log.2") }
            try f.rename("app.log", "app.log.1")
            if generation.isMultiple(of: 2) { f.read() }
        }
        f.append("last\n")
        f.read()
        #expect(f.lines == (0..<5).flatMap { ["a\($0)", "b\($0)"] } + ["last"])
        #expect(f.account().lost.isEmpty)
    }

    @Test func severalRotationsWhileDown() throws {
        let f = try TailFixture()
        f.append("1\n2\n")
        f.read()
        f.append("3\n")
        try f.rename("app.log", "app.log.1")
        f.append("4\n5\n")
        try f.rename("app.log.1", "app.log.2")
        try f.rename("app.log", "app.log.1")
        f.append("6\n")
        try f.rename("app.log.2", "app.log.3")
        try f.rename("app.log.1", "app.log.2")
        try f.rename("app.log", "app.log.1")
        f.append("7\n")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5", "6", "7"])
        #expect(f.account().openEndedLosses == 0)
    }

    @Test func severalRotationsWhileDownAndCompressed() throws {
        let f = try TailFixture()
        f.append("1\n2\n")
        f.read()
        f.append("3\n")
        try f.rename("app.log", "app.log.2")
        f.append("4\n5\n", to: "app.log.1")
        f.append("6\n")
        try f.run("gzip app.log.2 app.log.1")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5", "6"])
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5", "6"])
    }

    /// Nothing tells the compressed file from another, and all that there is is read.
    @Test func aFileThatWasEmptyWhenItWasLastSeenMayBeTheCompressedOne() throws {
        let f = try TailFixture()
        f.append("")
        f.read()
        f.append("1\n")
        try f.rename("app.log", "app.log.2")
        f.append("2\n", to: "app.log.1")
        f.append("3\n")
        try f.run("gzip app.log.2")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3"])
        #expect(f.account().openEndedLosses == 0)
        #expect(f.losses.isEmpty)
    }

    @Test func aFileThatWasEmptyWhenItWasLastSeenAndIsGoneMayHaveHeldMore() throws {
        let f = try TailFixture()
        f.append("")
        f.read()
        f.append("1\n")
        try f.remove("app.log")
        f.append("2\n")
        try f.restart()
        f.read()
        #expect(f.lines == ["2"])
        #expect(f.account().openEndedLosses == 1)
    }

    @Test func compressionOfReadGenerationsIsNotNews() throws {
        let f = try TailFixture(["app.log*"])
        f.append("1\n2\n")
        f.read()
        try f.rename("app.log", "app.log.1")
        f.append("3\n")
        f.read()
        try f.run("gzip app.log.1")
        f.read()
        try f.rename("app.log", "app.log.1")
        try f.run("mv app.log.1.gz app.log.2.gz; gzip -k app.log.1")
        f.append("4\n")
        f.read()
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3", "4"])
    }

    @Test func truncationRestartsAtZero() throws {
        let f = try TailFixture()
        f.append("1\n2\n3\n")
        f.read()
        f.truncate()
        f.append("4\n")
        f.read()
        #expect(f.lines == ["1", "2", "3", "4"])
        #expect(f.account().openEndedLosses == 1)
    }

    @Test func truncationIsNoticedWhenRegrownPastTheCursor() throws {
        let f = try TailFixture()
        f.append("1\n2\n3\n")
        f.read()
        f.truncate()
        f.append("aaaa\nbbbb\ncccc\n")
        f.read()
        #expect(f.lines == ["1", "2", "3", "aaaa", "bbbb", "cccc"])
    }

    @Test func regrownTruncationWhileDownWithIdenticalFirstLines() throws {
        let f = try TailFixture()
        let header = String(repeating: "header line\n", count: 200)
        f.append(header + "1\n")
        f.read()
        f.truncate()
        f.append(header + "different and longer\n")
        try f.restart()
        f.read()
        #expect(f.lines.count == 402)
        #expect(f.lines.last == "different and longer")
    }

    @Test(arguments: [false, true])
    func copytruncateLosesNothingWhenTheCopyIsThere(down: Bool) throws {
        let f = try TailFixture(["app.log*"])
        f.append("1\n2\n")
        f.read()
        f.append("3\n")
        try f.copy("app.log", "app.log.1")
        f.truncate()
        f.append("4\n")
        if down { try f.restart() }
        f.read()
        #expect(f.lines == ["1", "2", "3", "4"])
        #expect(f.account().openEndedLosses == 0)
        try f.rename("app.log.1", "app.log.2")
        try f.copy("app.log", "app.log.1")
        f.read()
        #expect(f.lines == ["1", "2", "3", "4"])
    }

    @Test func copytruncateTwiceWhileDownAndCompressed() throws {
        let f = try TailFixture()
        f.append("1\n2\n")
        f.read()
        f.append("3\n")
        try f.copy("app.log", "app.log.2")
        f.truncate()
        f.append("4\n5\n")
        try f.copy("app.log", "app.log.1")
        f.truncate()
        f.append("6\n")
        try f.run("gzip app.log.2")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5", "6"])
    }

    @Test func copyThatMatchesTheGlobIsNeverCounted() throws {
        let f = try TailFixture(["*.log*"])
        f.append("1\n2\n")
        f.read()
        try f.copy("app.log", "app.log.bak")
        f.read()
        f.append("3\n")
        f.read()
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "3"])
    }

    @Test func deletedAndRecreated() throws {
        let f = try TailFixture()
        f.append("1\n")
        f.read()
        f.append("2\n")
        try f.remove("app.log")
        f.read()
        #expect(f.lines == ["1", "2"])
        f.append("3\n")
        f.read()
        #expect(f.lines == ["1", "2", "3"])
    }

    @Test func deletionWhileDownIsAccounted() throws {
        let f = try TailFixture()
        f.append("1\n2\n")
        f.advance()
        f.append("3\n")
        f.tail.observe()
        f.commit()
        try f.remove("app.log")
        f.append("longer first line\n")
        try f.restart()
        f.read()
        #expect(f.lines == ["1", "2", "longer first line"])
        #expect(f.account().lost == [.deleted: 2])
        #expect(f.account().openEndedLosses == 1)
        #expect(f.losses.contains { $0.reason == .deleted && $0.lowerOffset == 4 && $0.upperOffset == 6 })
    }

    @Test func inodeReuseIsNoticedByContent() throws {
        let f = try TailFixture()
        f.append("first file\n")
        f.read()
        try f.remove("app.log")
        f.append("second file, same inode perhaps\n")
        try f.restart()
        f.read()
        #expect(f.lines == ["first file", "second file, same inode perhaps"])
    }

    @Test func identicalGenerationsAreCountedEach() throws {
        let f = try TailFixture()
        for _ in 0..<4 {
            f.append("same\nsame\n")
            f.read()
            try f.rename("app.log", "app.log.1")
            f.read()
        }
        #expect(f.lines.count == 8)
    }

    @Test func lateBytesInARenamedFileAreRead() throws {
        let f = try TailFixture()
        f.append("1\n")
        f.read()
        let late = try #require(FileHandle(forWritingAtPath: f.path("app.log")))
        late.seekToEndOfFile()
        try f.rename("app.log", "app.log.1")
        f.append("new 1\nnew 2\n")
        f.read()
        late.write(Data("late\n".utf8))
        f.append("new 3\n")
        f.read()
        f.append("new 4\n")
        f.read()
        late.closeFile()
        f.read()
        #expect(f.lines.sorted() == ["1", "late", "new 1", "new 2", "new 3", "new 4"])
        try f.restart()
        f.append("new 5\n")
        f.read()
        #expect(f.lines.count == 7)
    }

    @Test func lateBytesWhileDownAreRead() throws {
        let f = try TailFixture()
        f.append("1\n")
        f.read()
        let late = try #require(FileHandle(forWritingAtPath: f.path("app.log")))
        late.seekToEndOfFile()
        try f.rename("app.log", "app.log.1")
        f.append("new 1\n")
        f.read()
        late.write(Data("late\n".utf8))
        late.closeFile()
        f.append("new 2\n")
        try f.restart()
        f.read()
        #expect(f.lines.sorted() == ["1", "late", "new 1", "new 2"])
    }

    @Test func shortenedAfterAPowerCutIsNotReadAgain() throws {
        let f = try TailFixture()
        f.append("1\n2\n3\n")
        f.read()
        f.truncate(to: 4)
        try f.restart(bootChanged: true)
        f.read()
        #expect(f.lines == ["1", "2", "3"])
        #expect(f.losses.contains { $0.reason == .regressed && $0.lowerOffset == 4 && $0.upperOffset == 6 })
        f.append("4\n")
        f.read()
        try f.restart()
        f.append("5\n")
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5"])
    }

    @Test func datedNamesFormOneStreamWithTheLiveFile() throws {
        let f = try TailFixture(["app*.log*"])
        f.append("1\n", to: "app-20251121.log")
        f.append("2\n", to: "app-20251122.log")
        f.append("3\n")
        f.read()
        #expect(f.lines == ["1", "2", "3"])
        f.append("4\n")
        try f.rename("app.log", "app-20251123.log")
        f.append("5\n")
        f.read()
        #expect(f.lines == ["1", "2", "3", "4", "5"])
    }

    @Test func unfinishedLastLineOfAClosedFileIsDelivered() throws {
        let f = try TailFixture()
        f.append("1\nunfinished")
        f.read()
        try f.rename("app.log", "app.log.1")
        f.append("2\n")
        f.read()
        #expect(f.lines == ["1", "unfinished", "2"])
    }

    @Test func holesAreSkippedAndAccounted() throws {
        let f = try TailFixture()
        f.append("1\n")
        f.read()
        let writer = try #require(FileHandle(forWritingAtPath: f.path("app.log")))
        writer.seekToEndOfFile()
        f.truncate()
        writer.seek(toFileOffset: 1 << 16)
        writer.write(Data("2\n".utf8))
        writer.closeFile()
        f.read()
        #expect(f.lines == ["1", "2"])
        #expect(f.account().skipped[.hole] == 1 << 16)
    }
}
